"""Any workbook or text file in, its cells out, each with its true place."""
