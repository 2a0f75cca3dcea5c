"""What the sheets mean and how a file is read and changed without harming it."""
