"""The plan workbook: what a person fills in, the targets and figures, the sheets that are written."""
