"""What a person fills in about weeks, as the weeks of each month, planned and done."""
