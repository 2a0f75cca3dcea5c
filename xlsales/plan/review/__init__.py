"""Reviews: table 复盘, the figures of a period by driver and member, what is typed into its page."""
