"""Rows of tables of the plan that the files of their members carry, and what comes back of them into the tables."""
