"""The playbooks of the project."""

from __future__ import annotations

from .written_down import WrittenDownScreen


class PlaybooksScreen(WrittenDownScreen):
    heading = "Playbooks"
    kinds = ("playbook",)
