"""Sheet 日报: what is on it, and what is read of it."""
