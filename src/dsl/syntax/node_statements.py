"""Nodes of statements. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Condition, Operand
from .node_values import Assigned, Bad, Duration, Name, Number, Path, Percent, Text, Time


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


@dataclass(frozen=True, slots=True)
class SendTo:
    """`send T to contact` (`every` None) or `send T to every contact (CONDITION)` (X20)."""

    template: Name
    every: Span | None
    to: Path
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class MovedBy:
    """`- 1 day`, `+ 2 weeks` behind the date of a `wait until`; `sign` is + or -."""

    sign: str
    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class WaitUntilDate:
    """`wait until contact.renewal_date - 1 day at 09:00 else { }`, `wait until 2026-05-01 09:00`. A bare path without
    `at` is a `WaitUntil` without `up_to`: the checker decides whether it is a date."""

    date: Operand
    at: Time | None
    otherwise: Block | None
    span: Span
    moved: MovedBy | None = None


@dataclass(frozen=True, slots=True)
class WaitUntilTime:
    """`wait until 09:00`, `wait until monday 09:00`: the next such moment."""

    weekday: Name | None
    at: Time
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """`jp, kr { }` inside `match`."""

    options: tuple[Operand, ...]
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Match:
    """Not `whole`: a case was reported and left out."""

    value: Operand
    cases: tuple[Case, ...]
    otherwise: Block | None
    span: Span
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Arm:
    """`50% short { }` inside `split`."""

    share: Percent
    name: Name
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Split:
    """Not `whole`: an arm was reported and left out, so that the shares say nothing."""

    arms: tuple[Arm, ...]
    span: Span
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Repeat:
    """`repeat up to 3 times every 7 days until CONDITION { }` (X18)."""

    times: Number
    every: Duration
    until: Condition | None
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Clear:
    path: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Add:
    """`add 1 to discounts_sent`"""

    amount: Operand
    path: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Segmented:
    """`add to segment X`, `remove from segment X` (`joins` False)."""

    joins: bool
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Create:
    """`create ticket { subject = ".." } as followup`. Not `whole`: a field was reported and left out."""

    object: Name
    fields: tuple[Assigned, ...]
    name: Name | None
    span: Span
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """`link A to B [as champion]`; `unlink A from B` where `linked` is False. `way` is the association of A that leads
    to B."""

    linked: bool
    left: Path
    right: Path
    way: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`assign followup.owner round_robin team success replace`; `method` is the word before `team`."""

    path: Path
    method: Name
    team: Name
    replace: Span | None
    span: Span


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe to T because ".."`"""

    topic: Name
    because: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`unsubscribe from T`, `unsubscribe from all` (`topic` None)."""

    topic: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class LogNote:
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Slack:
    channel: Text
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Webhook:
    """`webhook "orders" { total = trigger.total }`: a channel of segue.yaml, and what it is told."""

    channel: Text
    fields: tuple[Assigned, ...]
    span: Span


Statement = (
    Send
    | SendTo
    | Wait
    | WaitUntil
    | WaitUntilDate
    | WaitUntilTime
    | If
    | Match
    | Split
    | Repeat
    | Set
    | Clear
    | Add
    | Segmented
    | Create
    | Link
    | Assign
    | Subscribe
    | Unsubscribe
    | LogNote
    | Slack
    | Webhook
    | Task
    | Notify
    | Enroll
    | Unenroll
    | Exit
    | Bad
)


@dataclass(frozen=True, slots=True)
class Block:
    """`{ statements }`; the span includes the braces."""

    statements: tuple[Statement, ...]
    span: Span
