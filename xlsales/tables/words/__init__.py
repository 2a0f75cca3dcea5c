"""What people write beside the figures: headers, units, periods, totals, titles, what they told in Column mapping."""
