"""A workbook that a person owns, changed: what changes as values, carried out, undone."""
