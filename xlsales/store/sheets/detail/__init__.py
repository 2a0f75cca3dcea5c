"""Sheet 明细: what is on it, and what is read of it."""
