"""Table 行动: what is done about a gap, by whom, by when, what it is to bring; and what is typed of it afterwards."""
