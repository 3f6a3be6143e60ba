"""What every screen stands in: the desk it asks at, the rooms at the left, the line of keys, tabs."""
