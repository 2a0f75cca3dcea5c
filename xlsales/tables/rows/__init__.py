"""The rows of a table: read as meant, accepted or set aside with a reason, each once."""
