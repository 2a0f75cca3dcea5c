"""One host, one module: the places from which a person starts a command."""
