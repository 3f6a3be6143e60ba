"""How the machine stands, in three tabs: the worker with what waits and the outbox, whose enrollments are late or
stopped with an error, and the leases."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import TabbedContent, TabPane

from ..frame.tabbed_screen import TabbedScreen
from .behind import BehindTab
from .leases import Leases
from .machine import Machine


class OperationsScreen(TabbedScreen):
    heading = "Operations"

    def body(self) -> ComposeResult:
        with TabbedContent(initial="machine"):
            with TabPane("Machine", id="machine"):
                yield Machine(self.desk)
            with TabPane("Enrollments", id="behind"):
                yield BehindTab(self.desk)
            with TabPane("Leases", id="leases"):
                yield Leases(self.desk)
