"""Tables of any length, and what goes out of them into files."""
