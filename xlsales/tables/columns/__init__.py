"""Which column of a table holds what: found by header and content, asked about where in doubt."""
