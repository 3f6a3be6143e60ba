"""Scores, snippets, broadcasts, hygiene, reports and dashboards in compiled form."""

from __future__ import annotations

from ..source import NOWHERE, Span
from ..values import dataclass
from .blocks import Graph, Text
from .conditions import Condition, Const, Duration, EventMatch, Value


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """`points` are signed. Event rules (`match`) give points per occurrence, at most `cap` in each calendar `per`
    (day, week, month, year); condition rules (`condition`) while it holds (X35)."""

    points: int | float
    match: EventMatch | None = None
    condition: Condition | None = None
    cap: int | float | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """`half_every` and `expires_after` are exclusive; `cap` bounds the sum last (G18-G20, X35)."""

    name: str
    label: str
    object: str
    rules: tuple[ScoreRule, ...]
    half_every: Duration | None = None
    expires_after: Duration | None = None
    cap: int | float | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Snippet:
    """`shortcut` with its `#`; unique without regard to case (P6)."""

    shortcut: str
    label: str
    use_in: tuple[str, ...]  # of note, email, chat
    text: Text
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One send per person and name, for ever. `at` is local in the account's zone, None: when told to."""

    name: str
    label: str
    to: Condition
    template: str
    suppress: Condition | None = None
    at: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class HygieneRule:
    """`kind` is fix (with the `graph` of what it writes) or review (with the `text` for the queue) (P15)."""

    kind: str
    condition: Condition
    graph: Graph | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Hygiene:
    name: str
    label: str
    object: str
    rules: tuple[HygieneRule, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Measure:
    """`function` is count, sum, avg, min, max (of `value`) or the name of a metric such as reply_rate."""

    function: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`object` is an object, `enrollment`, `survey_answer` or an event, whose fields are `EventValue`s then, and
    `happened_at` its instant.
    `show` is table, bars, line or number. `target` is (value, per); `sort` is (what a measure or group is written
    as, descending): measures come from the greatest down, groups from the first up."""

    name: str
    label: str
    object: str
    measures: tuple[Measure, ...]
    by: tuple[Value, ...] = ()
    where: Condition | None = None
    show: str = "table"
    target: tuple[Const, str] | None = None
    sort: tuple[str, bool] | None = None
    top: int | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Dashboard:
    name: str
    label: str
    reports: tuple[str, ...]
    span: Span = NOWHERE
