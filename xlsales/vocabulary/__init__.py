"""The words that more than one room uses."""
