"""Transfers and reliefs: their tables, what their rows mean, and what was written of them."""
