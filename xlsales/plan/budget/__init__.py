"""Budgets as people fill them in, and what was spent of them."""
