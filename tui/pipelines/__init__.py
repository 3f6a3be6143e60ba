"""Deals and tickets as boards and lists, and what is done with their cards (P8, P9)."""
