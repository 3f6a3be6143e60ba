"""What a report found: columns, rows, and how far it is to the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from dsl.schema.model import Type

Key = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is what the rule calls it: `month(created_at)`, `sum(amount)`. `period`: day, week, month, quarter or year
    where it is grouped by one. `of`: what a figure counts, and a share is a share of (M19). `names`: what keys are
    called for people, where they are called otherwise: stages, records."""

    name: str
    label: str
    type: Type
    period: str | None = None
    of: str = ""
    names: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure. Money is in minor units, a length of time in µs, a date in days since 1970, a share in hundredths (20.0
    is 20 %) with how many of how many it is. None: there was nothing to make it of."""

    value: int | float | None
    count: int | None = None
    base: int | None = None

    @property
    def exact(self) -> Fraction | int | float | None:
        """What it is compared by: two shares are the same where the fractions are."""
        if self.count is None or not self.base:
            return self.value
        return Fraction(100 * self.count, self.base)


@dataclass(frozen=True, slots=True)
class Row:
    """One group: a key for each `Result.groups`, a cell for each measure. A period is its first day, as ISO text; a
    missing value is None; everything else is as the store has it."""

    keys: tuple[Key, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far all groups together are to the target of a period; without `period` of all that the report looks at."""

    period: str | None
    cell: Cell
    target: int | float

    @property
    def share(self) -> float | None:
        """1.0 is all of it. None where there is no figure, or a target of nought."""
        if self.cell.value is None or not self.target:
            return None
        return self.cell.value / self.target


@dataclass(frozen=True, slots=True)
class Result:
    """A report as of an instant (µs). `per` is the period of the target."""

    name: str
    label: str
    of: str
    show: str
    as_of: int
    zone: str
    groups: tuple[Column, ...]
    measures: tuple[Column, ...]
    rows: tuple[Row, ...]
    per: str | None = None
    progress: tuple[Progress, ...] = ()
