"""What a director reads on Monday: at most seven sentences, and the figure behind each number in them."""
