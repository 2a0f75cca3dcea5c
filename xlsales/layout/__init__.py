"""How any sheet of ours is made, before there is a file: columns and rows by key, look, charts, paper."""
