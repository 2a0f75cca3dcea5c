"""重排: what was missed, the three ways to place it, and the decisions that were taken."""
