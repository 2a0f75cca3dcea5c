"""The Excel add-in: VBA and ribbon as text, the build of `xlsales.xlam` and of the plan workbook with buttons, and the
installation for a user on Windows."""
