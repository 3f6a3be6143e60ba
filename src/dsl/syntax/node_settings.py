"""Nodes of settings and what stands behind their colon. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Condition, Operand
from .node_values import Duration, Name, Number, Path, Text, Time, TimeRange


@dataclass(frozen=True, slots=True)
class EveryDay:
    """`every day 08:00-20:00`; `day` is the word after `every` (the checker demands `day`)."""

    day: Path
    range: TimeRange
    span: Span


@dataclass(frozen=True, slots=True)
class After:
    """`after 7 days`"""

    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Listing:
    """Two or more values joined by commas, without brackets: `stop_on: replied, bounced(kind = hard)`."""

    items: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every monday 09:00`, `every 2 weeks`, `every month on 1 at 09:00`, `every year on contact.birthday at 09:00`,
    `every "0 9 1 * *"` (five cron fields)."""

    every: Path | Duration | Text
    on: Operand | None
    at: Time | None
    span: Span


@dataclass(frozen=True, slots=True)
class AtDate:
    """`at contact.renewal_date - 30 days`; `sign` is +, - or empty (then `length` is None)."""

    date: Operand
    sign: str
    length: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class HalfEvery:
    """`half every 30 days`"""

    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Scale:
    """`0..10 -> contact.nps`"""

    low: Number
    high: Number
    target: Path | None
    span: Span


@dataclass(frozen=True, slots=True)
class Per:
    """`120 per month`"""

    amount: Operand
    period: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Ordered:
    """`count descending`: what `sort:` takes."""

    by: Operand
    descending: bool
    span: Span


SettingValue = Ordered | Condition | EveryDay | After | Listing | Schedule | AtDate | HalfEvery | Scale | Per


@dataclass(frozen=True, slots=True)
class Setting:
    """`name: value`. `name_span` is the name without the colon."""

    name: str
    name_span: Span
    value: SettingValue
    span: Span
