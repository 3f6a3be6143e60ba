"""All deals; found by the beginning of their name."""

from __future__ import annotations

from .records import RecordsScreen


class DealsScreen(RecordsScreen):
    heading = "Deals"
    object = "deal"
