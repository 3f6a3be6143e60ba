"""Pages cut by key: the page after a row is found by that row, not by counting all rows before it.

A screen asks for rows by their place. The place is looked up from the nearest row that is known: the first one, the
last one, or one of a page read before. Scrolling and jumping to either end skip nothing; a jump into the middle skips
from there on, at most half of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

R = TypeVar("R")
Key = tuple[object, ...]


# `fetch(after, back, skip, limit)`: `limit` rows beyond the row of that key (None: from where the list begins), `skip`
# left out; with `back` from the end, backwards.
Fetch = Callable[[Key | None, bool, int, int], Sequence[R]]


@dataclass
class Pages(Generic[R]):
    """`total` rows as they were counted. `key` tells a row's place in the order; no two rows have the same."""

    total: int
    fetch: Fetch[R]
    key: Callable[[R], Key]
    known: dict[int, Key] = field(default_factory=dict)

    def __call__(self, offset: int, limit: int) -> list[R]:
        """The rows from `offset` on. Blocks; may be asked from several threads."""
        limit = min(limit, max(self.total - offset, 0))
        if limit <= 0:
            return []
        before, behind = self._before(offset), self._behind(offset + limit)
        if offset - before - 1 <= behind - offset - limit:
            found = list(self.fetch(self.known.get(before), False, offset - before - 1, limit))
        else:
            found = list(self.fetch(self.known.get(behind), True, behind - offset - limit, limit))[::-1]
        if found:
            self.known[offset] = self.key(found[0])
            self.known[offset + len(found) - 1] = self.key(found[-1])
        return found

    def _before(self, offset: int) -> int:
        """The nearest known row before it; -1 is before the first."""
        return max((i for i in list(self.known) if i < offset), default=-1)

    def _behind(self, end: int) -> int:
        """The nearest known row from there on; the total is behind the last."""
        return min((i for i in list(self.known) if i >= end), default=self.total)
