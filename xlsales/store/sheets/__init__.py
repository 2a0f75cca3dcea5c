"""The sheets of a store's workbook."""
