"""The extension for LibreOffice Calc: functions and menu that call the installed package."""
