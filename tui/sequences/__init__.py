"""Sequences: their figures, the people in them, their steps, and all of them side by side (001.2-21)."""
