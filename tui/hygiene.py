"""The hygiene of the project."""

from __future__ import annotations

from .written_down import WrittenDownScreen


class HygieneScreen(WrittenDownScreen):
    heading = "Hygiene"
    kinds = ("hygiene",)
