"""A screen in tabs: only what is in sight is read, the rest when its tab is opened."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TabbedContent, TabPane

from .desk_screen import DeskScreen
from .tab_body import TabBody


class TabbedScreen(DeskScreen):
    """`body` yields a `TabbedContent` whose panes hold a `Tab` each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "tab(-1)", "Tabs", key_display="[ ]", tooltip="the tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, tooltip="the next tab"),
    ]

    def arrive(self) -> None:
        self.in_sight.arrive()

    def load(self) -> None:
        self.in_sight.load()

    def redraw(self) -> None:
        for tab in self.query(TabBody):
            tab.redraw()

    @property
    def in_sight(self) -> TabBody:
        return self.query_one(f"#{self.query_one(TabbedContent).active}", TabPane).query_one(TabBody)

    def on_tabbed_content_tab_activated(self) -> None:
        if not self.in_sight.arrived:
            self.in_sight.arrive()
            self.in_sight.load()

    def action_tab(self, by: int) -> None:
        tabs = self.query_one(TabbedContent)
        names = [pane.id or "" for pane in tabs.query(TabPane)]
        tabs.active = names[(names.index(tabs.active) + by) % len(names)]
        self.in_sight.arrive()
