"""A pipeline as a board: a lane for each stage, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.containers import HorizontalScroll

from runtime.pipelines.cards import Board
from runtime.pipelines.cards import Column as Stage

from ..tables.paged_table import Load
from .card import Picked
from .lane import Lane

_LEAST, _MOST = 20, 46  # cells of a lane, one of them for its scrollbar


@dataclass(frozen=True, slots=True)
class Shown:
    """A board as it was read, and who reads the cards of one of its stages."""

    board: Board
    load: Callable[[Stage], Load]


class BoardView(HorizontalScroll, can_focus=False):
    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shape: tuple[str, ...] = ()
        self._at = 0  # the lane that has or had the focus

    @property
    def lanes(self) -> list[Lane]:
        return list(self.query(Lane))

    @property
    def lane(self) -> Lane | None:
        """The one that has or had the focus."""
        lanes = self.lanes
        return lanes[min(self._at, len(lanes) - 1)] if lanes else None

    def show(self, found: Shown) -> None:
        """Lanes that are there stay, with their cursors and what is selected in them."""
        board = found.board
        shape = (board.pipeline, *(stage.stage for stage in board.columns))
        if shape == self._shape:
            for lane, stage in zip(self.lanes, board.columns, strict=True):
                lane.again(stage, found.load(stage))
            return
        self._shape, self._at = shape, 0
        self.remove_children()
        self.mount(*(Lane(stage, board.currency, found.load(stage)) for stage in board.columns))
        self.call_after_refresh(self._began)

    def _began(self) -> None:
        self._share()
        self.arrive()

    def on_resize(self) -> None:
        self._share()

    def _share(self) -> None:
        """Side by side where each has its least width, else as many as have; the others are scrolled to."""
        lanes = self.lanes
        if lanes and self.size.width:
            in_sight = min(max(self.size.width // _LEAST, 1), len(lanes))
            for lane in lanes:
                lane.styles.width = min(self.size.width // in_sight, _MOST)

    def arrive(self) -> None:
        """The focus goes to the lane that had it, at first to the first one."""
        if self.display and self.lane and self.screen.is_current:
            self.lane.focus()

    @property
    def chosen(self) -> list[Picked]:
        """What is selected in all lanes, else the card under the cursor."""
        lanes = self.lanes
        some = [key for lane in lanes for key in lane.chosen if isinstance(key, Picked)]
        row = self.lane.row_at(self.lane.cursor) if self.lane else None
        return some or ([row.key] if row and isinstance(row.key, Picked) else [])

    def clear_chosen(self) -> None:
        for lane in self.lanes:
            lane.clear_chosen()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, Lane):
            self._at = self.lanes.index(event.widget)

    def on_lane_beside(self, message: Lane.Beside) -> None:
        """The cursor keeps its height on the screen."""
        lanes = self.lanes
        to = lanes.index(message.lane) + message.by
        if 0 <= to < len(lanes):
            height = message.lane.cursor - int(message.lane.scroll_y) // Lane.tall
            lanes[to].cursor = max(min(int(lanes[to].scroll_y) // Lane.tall + height, lanes[to].total - 1), 0)
            lanes[to].focus()
