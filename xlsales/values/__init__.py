"""One cell as a person means it."""
