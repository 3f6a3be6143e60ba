"""Segments: who is in them, who came and went, and why somebody is in or is not."""
