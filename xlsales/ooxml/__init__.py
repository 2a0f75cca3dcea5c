"""A workbook file as parts: opened with distrust, read by name, changed part by part, saved in one step."""
