"""The rules: splitting, time, weights, plans, progress. Values in, values out; no clock, no file."""
