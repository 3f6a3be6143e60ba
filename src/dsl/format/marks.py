"""What the layout needs to know of a tree, as places in the text: the words are printed from the tokens.

Every kind of node is named here or in its neighbours `marks_conditions.py`, `marks_statements.py`, `marks_tests.py`,
so that mypy finds the one that was forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Protocol

from ..source import Span
from ..values import dataclass


class Spanned(Protocol):
    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class Chain:
    """Tests joined by `and` or `or`. `start` and `end` are those of the tests, without parentheses around all of
    them; `operators` where the words stand."""

    start: int
    end: int
    operators: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """An `if` with the ends of its blocks that an `else` follows."""

    start: int
    end: int
    before_else: tuple[int, ...]


@dataclass(slots=True)
class Marks:
    """Places in the text: offsets of where words begin, if nothing else is said."""

    items: set[int] = field(default_factory=set)  # begin a line of their own in braces that are broken
    close: set[int] = field(default_factory=set)  # ends of words whose `(` follows without a space: `purchased(..)`
    as_written: set[int] = field(default_factory=set)  # ends of words where that is the author's choice
    narrow: set[int] = field(default_factory=set)  # items that one space sets off from the one before, not two
    chains: list[Chain] = field(default_factory=list)
    branches: list[Branches] = field(default_factory=list)
    before_items: set[int] = field(default_factory=set)  # ends of blocks that the `else` of a `match` follows

    def begin(self, items: Iterable[Spanned], narrow: bool = False) -> None:
        places = [item.span.start for item in items]
        self.items.update(places)
        if narrow:
            self.narrow.update(places)

    def chain(self, parts: Sequence[Spanned], operators: Iterable[Span]) -> None:
        self.chains.append(Chain(parts[0].span.start, parts[-1].span.end, tuple(o.start for o in operators)))
