"""One sequence in three tabs: its figures, the people in it, and its steps as they are written (001.3-21)."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import TabbedContent, TabPane

from ..frame.desk import Desk
from ..frame.tabbed_screen import TabbedScreen
from .at_step import StepOpened
from .enrollments import Enrollments
from .performance import Performance
from .steps import Steps


class SequenceScreen(TabbedScreen):
    """Opened at `tab`; the enrollments at `status`, "" for all."""

    has_rates = True

    def __init__(self, desk: Desk, name: str, label: str, tab: str = "performance", status: str = "") -> None:
        super().__init__(desk)
        self.name_, self.heading = name, label
        self._tab, self._status = tab, status

    def body(self) -> ComposeResult:
        with TabbedContent(initial=self._tab):
            with TabPane("Performance", id="performance"):
                yield Performance(self.desk, self.name_)
            with TabPane("Enrollments", id="enrollments"):
                yield Enrollments(self.desk, self.name_, self._status)
            with TabPane("Steps", id="steps"):
                yield Steps(self.desk, self.name_)

    def on_step_opened(self, message: StepOpened) -> None:
        self.query_one(TabbedContent).active = "enrollments"
        people = self.query_one(Enrollments)
        people.arrive()
        people.show_step(message)
