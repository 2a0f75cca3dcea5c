"""Sheets 公平性: table, sentences, sheet."""
