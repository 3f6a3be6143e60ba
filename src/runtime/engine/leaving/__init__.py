"""Who leaves, and who is handed over to the rep: each ends once (S44, X6, X11)."""
