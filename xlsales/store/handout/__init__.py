"""The stores' workbooks handed out: one template, filled for one store after the other."""
