"""Sheet 看板."""
