"""A table of any length: it draws the rows in sight and fetches their pages, in threads; nothing else is read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from runtime.errors import SegueError

from .cells import Cell, Column, TableRow, fitted
from .widths import GAP, Widths

PAGE = 100
MOST_CHOSEN = 10_000  # rows that one act is for


Load = Callable[[int, int], Sequence[TableRow]]


class PagedTable(ScrollView, can_focus=True):
    """`show` gives it a length and a blocking `load(offset, limit)`, which runs in a thread."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{part}" for part in ("header", "cursor", "chosen", "good", "warn", "bad", "dim", "bar")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, tooltip="one row up"),
        Binding("down,j", "move(1)", "Down", show=False, tooltip="one row down"),
        Binding("pageup", "leap(-1)", "Page up", show=False, tooltip="one page up"),
        Binding("pagedown", "leap(1)", "Page down", show=False, tooltip="one page down"),
        Binding("home", "go(0)", "First row", show=False),
        Binding("end,G", "go(-1)", "Last row", show=False),
        Binding("enter", "open", "Open", tooltip="open the row"),
        Binding("space", "choose", "Select", tooltip="select the row or let it go"),
        Binding("V", "choose_to", "Up to here", show=False, tooltip="select from the row selected last up to this one"),
        Binding("A", "choose_all", "All", show=False, tooltip="select all rows, or let all go"),
    ]
    head: ClassVar[int] = 1  # lines above the rows
    tall: ClassVar[int] = 1  # lines of a row
    page: ClassVar[int] = PAGE  # rows that are read at once
    mark: ClassVar[int] = 3  # cells at the left of a row, where a click selects it
    cursor: reactive[int] = reactive(0)
    total: reactive[int] = reactive(0)

    class Opened(Message):
        """Enter on a row."""

        def __init__(self, table: PagedTable, row: TableRow) -> None:
            super().__init__()
            self.table, self.row = table, row

        @property
        def control(self) -> PagedTable:
            return self.table

    class Chosen(Message):
        """Rows were selected or let go; `left_out`: there are more than one act is for."""

        def __init__(self, count: int, left_out: bool = False) -> None:
            super().__init__()
            self.count, self.left_out = count, left_out

    class Failed(Message):
        """A page could not be read."""

        def __init__(self, error: SegueError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, *columns: Column, empty: str, selectable: bool = False, opens: bool = True, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.columns = columns
        self.empty = empty
        self.selectable, self.opens = selectable, opens
        self.chosen: dict[Hashable, None] = {}
        self._pages: dict[int, Sequence[TableRow]] = {}
        self._asked: set[int] = set()
        self._old: set[int] = set()  # pages that are shown until they have been read again
        self._load: Load | None = None
        self._turn = 0  # which contents these are; 0: none yet, and nobody knows whether there are any
        self._expected = False
        self._contents = 0  # how often they became others, not the same read again
        self._last_chosen = 0

    @property
    def columns(self) -> Sequence[Column]:
        return self._widths.columns

    @columns.setter
    def columns(self, columns: Sequence[Column]) -> None:
        self._widths = Widths(columns)

    def expect(self) -> None:
        """Other contents are on their way: what is drawn until then is nothing that a key is about."""
        self._expected = True
        self._contents += 1
        self.chosen.clear()

    def show(self, total: int, load: Load, keep: bool = False) -> None:
        """New contents. With `keep` they are the same read again: the cursor stays on its row, what is selected stays,
        and what is in sight is drawn until the new rows are here."""
        keep = keep and not self._expected
        self._expected = False
        self._turn += 1
        self._load, self._asked = load, set()
        self._old = set(self._pages) if keep else set()
        if not keep:
            self._contents += 1
            self._last_chosen = 0
            self._pages = {}
            self._widths.forget()
            self.chosen.clear()
            self._scroll(0)
        self.total = total
        self.cursor = min(self.cursor, max(total - 1, 0)) if keep else 0
        self._measure()
        self._want()

    def show_rows(self, rows: Sequence[TableRow], keep: bool = False) -> None:
        """Contents that are all here already."""
        self._expected = False
        self._turn += 1
        here = self.row_at(self.cursor)
        self._load, self._asked, self._old = None, set(), set()
        self._pages = {i // self.page: rows[i : i + self.page] for i in range(0, len(rows), self.page)}
        self._widths.forget()
        self._widths.fit(rows)
        self.total = len(rows)
        self.cursor = min(self.cursor, max(len(rows) - 1, 0)) if keep else 0
        self._measure()
        if keep and here:
            self._follow(here.key, 0, rows)
        self.refresh()

    def every_row(self) -> Iterator[TableRow]:
        """All rows, read a page at a time: what an export writes. Blocks."""
        yield from self._rows(0, self.total)

    def _rows(self, first: int, end: int) -> Iterator[TableRow]:
        """Those from `first` up to `end`, which is left out. Blocks."""
        size = self.page
        for page in range(first // size, (end + size - 1) // size):
            rows = self._load(page * size, size) if self._load else self._pages.get(page, ())
            yield from rows[max(first - page * size, 0) : end - page * size]

    @property
    def known(self) -> bool:
        """Whether it was said what is in it."""
        return self._turn > 0

    @property
    def reading(self) -> bool:
        """Whether the row under the cursor is still to come."""
        if not self.known or self._expected:
            return True
        return self.cursor // self.page in self._asked and self.total > 0 and self.row_at(self.cursor) is None

    def row_at(self, index: int) -> TableRow | None:
        """The row if its page is here."""
        page = self._pages.get(index // self.page, ())
        return page[index % self.page] if 0 <= index % self.page < len(page) else None

    # --- pages ------------------------------------------------------------------------------------

    def _measure(self) -> None:
        self.virtual_size = Size(0, self.total * self.tall + self.head)

    def _want(self) -> None:
        """Ask for the pages in sight that are not here."""
        for page in self._in_sight if self.total else ():
            if self._load and page not in self._asked and (page in self._old or page not in self._pages):
                self._asked.add(page)
                self._fetch(self._load, page, self._turn)

    @property
    def _in_sight(self) -> range:
        """The pages of which rows are in sight."""
        first = int(self.scroll_y) // self.tall
        last = min(first + max(self.size.height // self.tall, 1), self.total - 1)
        return range(first // self.page, last // self.page + 1)

    @work(thread=True, exit_on_error=False)
    def _fetch(self, load: Load, page: int, turn: int) -> None:
        """A scroll bar asks for more pages than anybody looks at: those that are gone by again are not read."""
        if page not in self._in_sight:
            self._asked.discard(page)
            self.app.call_from_thread(self._want)  # it may be back just now
            return
        try:
            rows = load(page * self.page, self.page)
        except SegueError as error:
            if turn == self._turn:
                self._asked.discard(page)
            self.post_message(self.Failed(error))
            return
        self.app.call_from_thread(self._arrived, page, turn, rows)

    def _arrived(self, page: int, turn: int, rows: Sequence[TableRow]) -> None:
        if turn != self._turn:
            return
        here = self.row_at(self.cursor) if page in self._old else None
        self._old.discard(page)
        self._pages[page] = rows
        self._widths.fit(rows)
        if here:
            self._follow(here.key, page * self.page, rows)
        self.refresh()

    def _follow(self, key: Hashable, first: int, rows: Sequence[TableRow]) -> None:
        """The cursor goes with its row, and so does what is in sight."""
        now = self.row_at(self.cursor)
        index = next((i for i, row in enumerate(rows, first) if row.key == key), None)
        if index is not None and not (now and now.key == key):
            moved, self.cursor = index - self.cursor, index
            self._scroll(max(self.scroll_y + moved * self.tall, 0))

    def _scroll(self, y: float) -> None:
        """By force: rows that have just come have no scroll bar yet, and what has none would not scroll."""
        self.scroll_to(y=y, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self) -> None:
        self._want()
        self.refresh()

    # --- the cursor and what is selected ----------------------------------------------------------

    def watch_cursor(self) -> None:
        sight = max(self.size.height - self.head, 1)
        top = self.cursor * self.tall
        if top < self.scroll_y:
            self._scroll(top)
        elif top + self.tall > self.scroll_y + sight:
            self._scroll(top + self.tall - sight)
        self.refresh()

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, self.total - 1))

    def action_leap(self, by: int) -> None:
        self.action_move(by * max((self.size.height - self.head) // self.tall - 1, 1))

    def action_go(self, to: int) -> None:
        self.cursor = max(0, self.total - 1) if to < 0 else 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are offered where they do something."""
        return {
            "choose": self.selectable,
            "choose_to": self.selectable,
            "choose_all": self.selectable,
            "open": self.opens,
        }.get(action, True)

    @property
    def here(self) -> TableRow | None:
        """The row that a key is about."""
        return None if self._expected else self.row_at(self.cursor)

    def action_open(self) -> None:
        row = self.here
        if row:
            self.post_message(self.Opened(self, row))

    def action_choose(self) -> None:
        self._choose_here()
        self.action_move(1)

    def _choose_here(self) -> None:
        row = self.here
        if not (row and self.selectable):
            return
        if row.key in self.chosen:
            del self.chosen[row.key]
        else:
            self.chosen[row.key] = None
        self._last_chosen = self.cursor
        self.post_message(self.Chosen(len(self.chosen)))
        self.refresh()

    def action_choose_to(self) -> None:
        first, last = sorted((self._last_chosen, self.cursor))
        if not self._expected:
            self._choose_rows(first, last + 1, self._contents)

    def action_choose_all(self) -> None:
        if self.chosen:
            self.clear_chosen()
            self.post_message(self.Chosen(0))
        elif self.total and not self._expected:
            self._choose_rows(0, self.total, self._contents)

    @work(thread=True, exit_on_error=False, exclusive=True, group="choosing")
    def _choose_rows(self, first: int, end: int, contents: int) -> None:
        """Rows out of sight are read for it, no more than one act is for."""
        try:
            keys = [row.key for row in self._rows(first, min(end, first + MOST_CHOSEN))]
        except SegueError as error:
            self.post_message(self.Failed(error))
            return
        self.app.call_from_thread(self._choose_keys, keys, contents, end - first > MOST_CHOSEN)

    def _choose_keys(self, keys: Sequence[Hashable], contents: int, left_out: bool) -> None:
        if contents == self._contents:
            self.chosen.update(dict.fromkeys(keys))
            self._last_chosen = self.cursor
            self.post_message(self.Chosen(len(self.chosen), left_out))
            self.refresh()

    @property
    def meant(self) -> list[Hashable]:
        """Keys of the rows an act is for: the selected, else the one under the cursor."""
        row = self.here
        return list(self.chosen) or ([row.key] if row else [])

    def clear_chosen(self) -> None:
        self.chosen.clear()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        index = (int(self.scroll_y) + event.y - self.head) // self.tall
        if event.y >= self.head and index < self.total:
            self.cursor = index
            if self.selectable and (event.ctrl or event.x < self.mark):
                self._choose_here()
            elif event.chain == 2:
                self.action_open()

    # --- drawing ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self.head:
            return self._head_strip(y, width)
        index, line = divmod(int(self.scroll_y) + y - self.head, self.tall)
        if not self.total and y == self.head + 1:
            return self._whole(self.empty if self._turn else "…", width)
        if index >= self.total:
            return Strip.blank(width, self.rich_style)
        return self._row_strip(index, line, width)

    def _head_strip(self, line: int, width: int) -> Strip:
        return self._strip([column.title for column in self.columns], self._tone("header"), width)

    def _row_strip(self, index: int, line: int, width: int) -> Strip:
        """The row under the cursor has a bar in front too: some terminals have no colour that tells it apart."""
        row = self.row_at(index)
        style = Style.null()
        if row and row.key in self.chosen:
            style += self._tone("chosen")
        here = index == self.cursor and self.has_focus
        if here:
            style += self._tone("cursor")
        if row is None:
            return self._strip([Cell("·", "dim")], style, width, here=here)
        return self._strip(row.cells, style, width, row.key, here)

    def _strip(
        self, cells: Sequence[Cell | str], style: Style, width: int, key: Hashable = None, here: bool = False
    ) -> Strip:
        base = self.rich_style + style
        segments = [Segment("▌" if here else " ", base + self._tone("bar"))]
        if self.selectable:
            segments.append(Segment("● " if key is not None and key in self.chosen else "  ", base))
        widths = self._widths.of(width - 1 - (2 if self.selectable else 0), width)
        for of_column, column, given in zip(widths, self.columns, cells, strict=False):
            cell = given if isinstance(given, Cell) else Cell(given)
            tone = self._tone(cell.tone) if cell.tone else Style.null()
            if of_column:
                segments += [Segment(fitted(cell.text, of_column, column.right), base + tone), Segment(GAP, base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _whole(self, text: str, width: int) -> Strip:
        style = self.rich_style + self._tone("dim")
        return Strip([Segment(f" {text}", style)]).adjust_cell_length(width, style)

    def _tone(self, name: str) -> Style:
        return self.get_component_rich_style(f"table--{name}", partial=True)
