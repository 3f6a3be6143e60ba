"""One sequence in three tabs: its figures, the people in it, and its steps as they are written (001.3-21)."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TabbedContent, TabPane

from .desk import Desk
from .desk_screen import DeskScreen
from .enrollments import Enrollments
from .performance import Performance
from .steps import Steps
from .tab_body import TabBody


class SequenceScreen(DeskScreen):
    """Opened at `tab`; the enrollments at `status`, "" for all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "tab(-1)", "Tabs", key_display="[ ]", tooltip="the tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, tooltip="the next tab"),
    ]

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

    def arrive(self) -> None:
        self._in_sight.arrive()

    def load(self) -> None:
        """Only what is in sight; the rest when its tab is opened."""
        self._in_sight.load()

    def redraw(self) -> None:
        for tab in self.query(TabBody):
            tab.redraw()

    @property
    def _in_sight(self) -> TabBody:
        return self.query_one(f"#{self.query_one(TabbedContent).active}", TabPane).query_one(TabBody)

    def on_tabbed_content_tab_activated(self) -> None:
        if self._in_sight.arrived:
            return
        self._in_sight.arrive()
        self._in_sight.load()

    def action_tab(self, by: int) -> None:
        tabs = self.query_one(TabbedContent)
        names = [pane.id or "" for pane in tabs.query(TabPane)]
        tabs.active = names[(names.index(tabs.active) + by) % len(names)]
        self._in_sight.arrive()
