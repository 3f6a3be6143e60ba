"""All companies; found by the beginning of their name or domain."""

from __future__ import annotations

from .room import RecordsScreen


class CompaniesScreen(RecordsScreen):
    heading = "Companies"
    object = "company"
