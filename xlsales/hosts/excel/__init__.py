"""Excel on Windows through xlwings: worksheet functions, and macros on the open workbook."""
