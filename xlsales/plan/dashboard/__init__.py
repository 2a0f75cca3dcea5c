"""The page on which a director picks a member."""
