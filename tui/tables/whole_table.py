"""A table as tall as all its rows, on a page that scrolls."""

from __future__ import annotations

from typing import cast

from textual.containers import VerticalScroll
from textual.geometry import Region, Size

from .paged_table import PagedTable

_SAID = 2  # lines below the head in which it says that there is nothing


class WholeTable(PagedTable):
    """An arrow moves the cursor while its row is in sight and there is a next one, else the page."""

    @property
    def _on(self) -> VerticalScroll:
        return cast(VerticalScroll, self.parent)

    def _measure(self) -> None:
        self.virtual_size = Size(0, self.head + max(self.total * self.tall, _SAID))

    def watch_cursor(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        page, row = self._on, self.virtual_region.y + self.head + self.cursor
        in_sight = page.scroll_y <= row < page.scroll_y + page.scrollable_content_region.height
        if in_sight and 0 <= self.cursor + by < self.total:
            self.cursor += by
            page.scroll_to_region(Region(0, row + by, 1, 1), animate=False, force=True)
        else:
            page.scroll_relative(y=by, animate=False)

    def action_leap(self, by: int) -> None:
        scroll = self._on.scroll_page_down if by > 0 else self._on.scroll_page_up
        scroll(animate=False)

    def action_go(self, to: int) -> None:
        super().action_go(to)
        scroll = self._on.scroll_end if to < 0 else self._on.scroll_home
        scroll(animate=False)
