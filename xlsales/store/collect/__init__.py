"""The stores' workbooks collected: read with distrust, each finding with its place."""
