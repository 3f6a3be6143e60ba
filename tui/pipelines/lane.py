"""One stage of a board: how many, their sum, and its cards, a page at a time."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from runtime.pipelines.cards import Column as Stage

from ..tables.cells import Cell, Column, TableRow, fitted
from ..tables.paged_table import Load, PagedTable
from .card import worth

_COLUMNS = ("Name", "Worth", "Contact", "Owner", "In the stage for", "Asked to go to")


class Lane(PagedTable):
    """Its rows have a cell for each of `_COLUMNS`; a card is three lines of them and an empty one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lane--card"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "beside(-1)", "Stage before", show=False, tooltip="the stage before"),
        Binding("right", "beside(1)", "Next stage", show=False, tooltip="the next stage"),
    ]
    head: ClassVar[int] = 3
    tall: ClassVar[int] = 4
    page: ClassVar[int] = 20
    mark: ClassVar[int] = 0

    class Beside(Message):
        """To the lane at the left (-1) or right (1)."""

        def __init__(self, lane: Lane, by: int) -> None:
            super().__init__()
            self.lane, self.by = lane, by

    def __init__(self, stage: Stage, currency: str | None, load: Load) -> None:
        super().__init__(*(Column(name, share=1) for name in _COLUMNS), empty="", selectable=True)
        self.stage, self.currency = stage, currency
        self._first = load

    def on_mount(self) -> None:
        self.show(self.stage.count, self._first)

    def again(self, stage: Stage, load: Load) -> None:
        """The same stage, read again."""
        self.stage = stage
        self.show(stage.count, load, keep=True)

    def action_beside(self, by: int) -> None:
        self.post_message(self.Beside(self, by))

    def on_focus(self) -> None:
        self.refresh()

    # --- drawing ------------------------------------------------------------------------------------

    def _head_strip(self, line: int, width: int) -> Strip:
        base = self.rich_style
        if line == 2:
            rule = "━" if self.has_focus else "─"
            return Strip([Segment(rule * width, base + self._tone("bar" if self.has_focus else "dim"))])
        count = f"{self.stage.count:,}"
        if line == 1:
            text = worth(self.stage.amount, self.currency, width - 1) if self.currency else ""
            return Strip([Segment(fitted(f" {text}", width), base + self._tone("dim"))])
        title = fitted(f" {self.stage.label}", width - cell_len(count) - 1)
        tone = self._tone("dim") if self.stage.closed else Style.null()
        return Strip([Segment(title, base + tone + Style(bold=True)), Segment(f" {count}", base + self._tone("dim"))])

    def _row_strip(self, index: int, line: int, width: int) -> Strip:
        base = self.rich_style
        if line == self.tall - 1:
            return Strip.blank(width, base)
        row = self.row_at(index)
        here = index == self.cursor and self.has_focus
        base += self.get_component_rich_style("lane--card", partial=True)
        base += self._tone("cursor") if here else Style.null()
        bar = Segment("▌" if here else " ", base + self._tone("bar"))
        if row is None:
            return Strip([bar, Segment(fitted("·", width - 1), base + self._tone("dim"))])
        chosen = row.key in self.chosen
        base += self._tone("chosen") if chosen else Style.null()
        left, right = _lines(row, chosen, width - 1)[line]
        return Strip([bar, *self._sides(left, right, base, width - 1)])

    def _sides(self, left: Cell, right: Cell, base: Style, width: int) -> list[Segment]:
        """What is at the right stays whole; what is at the left takes the rest."""
        room = width - cell_len(right.text) - (1 if right.text else 0)
        tones = [self._tone(cell.tone) if cell.tone else Style.null() for cell in (left, right)]
        parts = [Segment(fitted(left.text, room), base + tones[0])]
        return [*parts, Segment(f" {right.text}", base + tones[1])] if right.text else parts


def _lines(row: TableRow, chosen: bool, width: int) -> tuple[tuple[Cell, Cell], ...]:
    """(left, right) of each line of a card; the contact beside what it is worth, where there is room for both."""
    name, amount, contact, owner, age, asked = (cell.text if isinstance(cell, Cell) else cell for cell in row.cells)
    both = " · ".join(filter(None, (amount, contact)))
    second = Cell(f"→ {asked}", "good") if asked else Cell(both if cell_len(both) <= width else amount or contact)
    nothing = Cell("")
    return (
        (Cell(f"● {name}" if chosen else name), nothing),
        (second, nothing),
        (Cell(owner or "nobody", "dim"), Cell(age, "dim")),
    )
