"""Workflows: their runs, and the ways that were taken through them."""
