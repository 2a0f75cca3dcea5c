"""What a person types on the command line: how it is read, and what the help pages say."""
