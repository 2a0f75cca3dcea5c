"""What the cells of a column mean: amounts, dates, currencies, members."""
