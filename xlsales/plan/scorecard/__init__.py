"""What a person fills in about scorecards and pay, as the scorecard of each member of a period."""
