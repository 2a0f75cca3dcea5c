"""Worksheet functions: blocks of cells in, blocks of cells out; the same ones in every spreadsheet program."""
