"""What people write down by hand: notes, and the snippets they are written with (P6, P7)."""
