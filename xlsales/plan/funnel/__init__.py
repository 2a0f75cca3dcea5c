"""The funnel of leads to deliveries."""
