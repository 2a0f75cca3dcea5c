"""Pasted sales as records: found by header, read as meant, accepted or set aside, nothing lost."""
