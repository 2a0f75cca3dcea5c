"""Sheets 考核: a sheet for each dimension and period, from the tables that a person fills in."""
