"""The tick: everything that is due, in order, in sets."""
