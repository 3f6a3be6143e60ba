"""All tickets in their pipelines, as a board or as a list."""

from __future__ import annotations

from .room import PipelineScreen


class TicketsScreen(PipelineScreen):
    heading = "Tickets"
    object = "ticket"
