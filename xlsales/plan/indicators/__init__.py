"""What a person fills in about indicators, as indicators with targets and actuals."""
