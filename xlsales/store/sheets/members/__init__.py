"""Sheet 分项: what is on it, and what is checked of it."""
