"""All deals in their pipelines, as a board or as a list."""

from __future__ import annotations

from .room import PipelineScreen


class DealsScreen(PipelineScreen):
    heading = "Deals"
    object = "deal"
