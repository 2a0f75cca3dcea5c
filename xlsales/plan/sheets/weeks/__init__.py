"""Sheets 周跟踪: a sheet for each month, from the table that a person fills in."""
