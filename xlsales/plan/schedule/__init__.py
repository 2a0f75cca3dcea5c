"""What people fill in about the schedule of a plan, and what it means."""
