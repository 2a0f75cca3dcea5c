"""What people write beside the figures: headers, units, periods, totals, titles, and their rules in Column mapping."""
