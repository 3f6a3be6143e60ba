"""The dashboards and reports of the project."""

from __future__ import annotations

from .written_down import WrittenDownScreen


class ReportsScreen(WrittenDownScreen):
    heading = "Reports"
    kinds = ("dashboard", "report")
