"""All tickets; found by the beginning of their name."""

from __future__ import annotations

from .records import RecordsScreen


class TicketsScreen(RecordsScreen):
    heading = "Tickets"
    object = "ticket"
