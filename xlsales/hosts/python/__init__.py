"""Python as a host: functions for people who write programs, on files, openpyxl's workbooks and pandas' frames."""
