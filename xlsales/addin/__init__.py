"""The Excel add-in: VBA and ribbon as text, how they become `xlsales.xlam` and the plan workbook with buttons, and
how the add-in is installed for a user on Windows."""
