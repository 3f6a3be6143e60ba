"""One segment in three tabs: its members, how many joined and left, and what its rule says."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import TabbedContent, TabPane

from runtime.reading import SegmentLine

from ..frame.desk import Desk
from ..frame.tabbed_screen import TabbedScreen
from .days import SegmentDays
from .members import Members
from .rule import SegmentRule


class SegmentScreen(TabbedScreen):
    def __init__(self, desk: Desk, line: SegmentLine) -> None:
        super().__init__(desk)
        self.line, self.heading = line, line.label or line.name

    def body(self) -> ComposeResult:
        with TabbedContent(initial="members"):
            with TabPane("Members", id="members"):
                yield Members(self.desk, self.line.name, self.line.object)
            with TabPane("Over time", id="days"):
                yield SegmentDays(self.desk, self.line.name)
            with TabPane("Rule", id="rule"):
                yield SegmentRule(self.desk, self.line.name)
