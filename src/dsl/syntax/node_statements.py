"""Nodes of settings and statements. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Span
from .node_conditions import Condition, Operand
from .node_values import Bad, Duration, Name, Path, Text, TimeRange, Unsupported


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


SettingValue = Condition | EveryDay | After | Listing


@dataclass(frozen=True, slots=True)
class Setting:
    """`name: value`. `name_span` is the name without the colon."""

    name: str
    name_span: Span
    value: SettingValue
    span: Span


# --- statements ---


@dataclass(frozen=True, slots=True)
class Send:
    template: Name
    as_task: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Wait:
    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """`wait until WHAT up to D else { }`. `what` is a condition or event, as in a setting. `otherwise` None: no else.

    `up_to` None was reported by the parser, unless `what` is a bare `Path`: that may be a date, so the checker
    decides, and says `wording.missing_up_to` of an event."""

    what: Condition
    up_to: Duration | None
    otherwise: Block | None
    span: Span


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` or `else if` with its block. `keyword` is the span of `if`."""

    keyword: Span
    condition: Condition
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """One or more branches, tried in order."""

    branches: tuple[Branch, ...]
    otherwise: Block | None
    span: Span


@dataclass(frozen=True, slots=True)
class Set:
    path: Path
    value: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """`task KIND "text" [to U] [due in D] [priority P] [without waiting] [as NAME]`."""

    kind: Name
    title: Text
    to: Path | None
    due_in: Duration | None
    priority: Name | None
    without_waiting: Span | None
    name: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Notify:
    to: Path
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Enroll:
    """`enroll in sequence X`; `kind` is sequence or workflow."""

    kind: str
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Unenroll:
    kind: str
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Exit:
    reason: Text
    span: Span


Statement = Send | Wait | WaitUntil | If | Set | Task | Notify | Enroll | Unenroll | Exit | Unsupported | Bad


@dataclass(frozen=True, slots=True)
class Block:
    """`{ statements }`; the span includes the braces."""

    statements: tuple[Statement, ...]
    span: Span
