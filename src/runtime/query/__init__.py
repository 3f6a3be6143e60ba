"""Conditions of the compiled form to SQL, to what they read, and to the instants at which time alone turns them."""
