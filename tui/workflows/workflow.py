"""One workflow in two tabs: the ways that were taken through it, and its runs."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import TabbedContent, TabPane

from ..frame.desk import Desk
from ..frame.tabbed_screen import TabbedScreen
from ..sequences.at_step import StepOpened
from ..sequences.enrollments import Enrollments
from .ways import Ways


class WorkflowScreen(TabbedScreen):
    """Opened at `tab`; the runs at `status`, "" for all."""

    def __init__(self, desk: Desk, name: str, label: str, tab: str = "ways", status: str = "") -> None:
        super().__init__(desk)
        self.name_, self.heading = name, label
        self._tab, self._status = tab, status

    def body(self) -> ComposeResult:
        with TabbedContent(initial=self._tab):
            with TabPane("Ways taken", id="ways"):
                yield Ways(self.desk, self.name_)
            with TabPane("Runs", id="runs"):
                yield Enrollments(self.desk, self.name_, self._status, kind="workflow")

    def on_step_opened(self, message: StepOpened) -> None:
        self.query_one(TabbedContent).active = "runs"
        people = self.query_one(Enrollments)
        people.arrive()
        people.show_step(message)
