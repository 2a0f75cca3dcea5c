"""Which column of a table holds what: by header and content. If it is in doubt, people are asked."""
