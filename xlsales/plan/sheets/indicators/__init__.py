"""Sheets 指标: a sheet for each indicator, from the tables that a person fills in."""
