"""What comes in becomes facts: the rows of the inbox, in sets, at their instant (X2, X12)."""
