"""The workbook that a store gets: its contract, its template, how it is filled, how it comes back."""
