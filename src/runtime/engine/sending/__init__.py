"""From a planned mail to its settled outcome: claims, limits, channels, crashes (architecture 4)."""
