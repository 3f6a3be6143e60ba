"""A dashboard: its reports side by side, as many as the terminal is wide for; each is asked for by itself."""

from __future__ import annotations

import io
from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, VerticalScroll
from textual.css.query import NoMatches

from dsl.program.definitions import Program
from runtime.reports import Result
from runtime.reports.wording import as_csv

from ..frame.delivering import deliver
from ..frame.desk import Desk
from ..words import plural, when
from .report import ReportScreen
from .report_desk import ReportDesk
from .report_tile import ReportTile

_TILE = 58  # cells that a tile has at least, where there is more than one beside it
_AT_ONCE = 2  # reports worked out side by side: a slow one does not keep back what is quick


class DashboardScreen(ReportDesk):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = self.heading = name
        self.as_table = False
        self.columns = 1
        self.round = 0  # which reading of the tiles this is: answers of an older one are let go

    def body(self) -> ComposeResult:
        yield self.filters()
        with VerticalScroll(id="dashboard", can_focus=False):
            yield Grid(id="tiles-grid")

    @property
    def tiles(self) -> list[ReportTile]:
        return list(self.query(ReportTile))

    def load(self) -> None:
        """The rules first: they may have another report by now. Then the tiles in their order, two at once."""
        self.tell_filters()
        self.ask(lambda _: self.desk.rulebook().loaded().program, self._rules)

    def _rules(self, program: Program) -> None:
        self.call_later(self._known, program)

    async def _known(self, program: Program) -> None:
        of = program.dashboards.get(self.name_)
        if of is None:
            self.say(f"The rules have no dashboard {self.name_} any more", "$warning")
            return
        self.heading = of.label or of.name
        if [tile.report for tile in self.tiles] != list(of.reports):
            known = program.reports
            tiles = [ReportTile(name, known[name].label or name if name in known else name) for name in of.reports]
            grid = self.query_one("#tiles-grid", Grid)
            await grid.remove_children()
            await grid.mount_all(tiles)
            self._lay_out()
            tiles[0].focus()
        self.head(self.heading, plural(len(of.reports), "report"))
        self.round += 1
        ahead = iter(self.tiles)
        for _ in range(_AT_ONCE):
            self._next(ahead, self.round)

    def _next(self, ahead: Iterator[ReportTile], turn: int) -> None:
        tile = next(ahead, None)
        if tile is not None:
            self.work_out(self.question(tile.report), lambda found: self._found(tile, found, ahead, turn))

    def _found(self, tile: ReportTile, found: Result | Exception, ahead: Iterator[ReportTile], turn: int) -> None:
        if turn != self.round:
            return
        tile.as_table, tile.counts = self.as_table, self.desk.counts
        tile.show(found)
        if isinstance(found, Result):
            self.head(self.heading, f"{plural(len(self.tiles), 'report')} · as of {when(found.as_of, self.desk.zone)}")
        self._next(ahead, turn)

    def redraw(self) -> None:
        self._lay_out()
        for tile in self.tiles:
            tile.as_table, tile.counts = self.as_table, self.desk.counts
            tile.draw()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        try:
            grid = self.query_one("#tiles-grid", Grid)
        except NoMatches:
            return
        self.columns = max(1, min(grid.size.width // _TILE, len(self.tiles) or 1))
        grid.styles.grid_size_columns = self.columns

    # --- keys --------------------------------------------------------------------------------------

    def action_step(self, across: int, down: int) -> None:
        """To the tile beside, by the keys of the tiles; at an edge it stays."""
        tiles = self.tiles
        here = next((i for i, tile in enumerate(tiles) if tile.has_focus), 0)
        there = here + across + down * self.columns
        if 0 <= there < len(tiles) and (not across or there // self.columns == here // self.columns):
            tiles[there].focus()

    def action_chart(self) -> None:
        self.as_table = not self.as_table
        self.redraw()

    def action_table(self) -> None:
        """The report under the cursor as CSV."""
        tile = next((tile for tile in self.tiles if tile.has_focus), None)
        if tile is None or not isinstance(tile.found, Result):
            self.say("There is no table here", "$muted")
            return
        deliver(self.app, io.StringIO(as_csv(tile.found)), tile.report, "csv")

    def on_report_tile_opened(self, message: ReportTile.Opened) -> None:
        self.app.push_screen(ReportScreen(self.desk, message.report, self.asked))
