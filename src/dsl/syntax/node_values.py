"""Nodes of names, literals, and of what was not read. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..source import Span
from ..values import dataclass
from .text import value_offsets

if TYPE_CHECKING:
    from .node_conditions import Operand


@dataclass(frozen=True, slots=True)
class Name:
    """One identifier, in NFC."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """One or more names joined by dots."""

    names: tuple[Name, ...]
    span: Span

    @property
    def text(self) -> str:
        return ".".join(name.text for name in self.names)


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `value` is what it says: escapes resolved, a block dedented, NFC; `raw` what is written, with quotes."""

    value: str
    raw: str
    span: Span

    @property
    def block(self) -> bool:
        return self.raw.startswith('"""')

    def place(self, start: int, end: int) -> Span:
        """Where characters `[start, end)` of `value` stand in the file: for problems inside merge fields."""
        offsets = value_offsets(self.raw)
        first = offsets[min(start, len(offsets) - 1)]
        last = offsets[min(max(end - 1, start), len(offsets) - 1)] + 1
        return Span(self.span.file, self.span.start + first, self.span.start + max(last, first + 1))


@dataclass(frozen=True, slots=True)
class Number:
    value: int | Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Percent:
    """`20%` has the value 20."""

    value: int | Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Money:
    amount: int | Decimal
    currency: str
    span: Span


@dataclass(frozen=True, slots=True)
class Date:
    """`value` is 'YYYY-MM-DD', a day that exists (else it was reported)."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class DateTime:
    """`value` is 'YYYY-MM-DDTHH:MM'."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Time:
    """`minute` of the day, 0..1439."""

    minute: int
    span: Span


@dataclass(frozen=True, slots=True)
class TimeRange:
    """`09:00-17:00`, in minutes of the day; `end` may be 1440 (24:00) and may be before `start` (over midnight)."""

    start: int
    end: int
    span: Span


@dataclass(frozen=True, slots=True)
class Duration:
    """`unit` is a value of `program.conditions.Unit`: minutes, hours, days, weeks, months, years, business_days."""

    n: int
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[lead, mql]`"""

    items: tuple[Operand, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Ago:
    """`6 months ago`"""

    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Ahead:
    """`14 days from now`"""

    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """`score(engagement)`"""

    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Function:
    """`month(created_at)`, `replace(last_name, "^A8", "")`: the checker says which functions there are and where."""

    name: Name
    arguments: tuple[Operand, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assigned:
    """`subject = "Cart"` inside the braces of `create`, `webhook`, `given` and `expect`."""

    path: Path
    value: Operand
    span: Span


Literal = Text | Number | Percent | Money | Date | DateTime | Time | TimeRange | Duration | Boolean | ListOf


@dataclass(frozen=True, slots=True)
class Bad:
    """A part already reported by the parser. Where it was a declaration, what kind and name it would have had,
    as far as they could be read, so that references to it are no second mistake."""

    span: Span
    kind: str = ""
    name: Name | None = None
