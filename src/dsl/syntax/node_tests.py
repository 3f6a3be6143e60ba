"""Nodes of `test` declarations. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Event, Operand
from .node_tests_by_hand import ByHand
from .node_tests_effects import Effect, Said
from .node_values import Assigned, Bad, Date, DateTime, Duration, Name, Path, ScoreOf, Text


@dataclass(frozen=True, slots=True)
class Clock:
    """`clock 2026-03-02 10:00 in Asia/Tokyo`; `zone` is the whole name, None for the account's."""

    at: DateTime
    zone: Name | None
    span: Span


# --- what there is ---


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """`given contact ann { email = "ann@example.com" }`"""

    object: Name
    name: Name
    fields: tuple[Assigned, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class GivenEvent:
    """`given ann purchased(amount = 100 JPY) 3 days ago`; `ago` None: at the clock. The filter of `event` is made of
    `field = value` joined by `and` or commas."""

    who: Name
    event: Event
    ago: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class GivenLink:
    """`given ann linked to acme [as employer]`; `way` is the association of the first that leads to the other."""

    who: Name
    other: Name
    way: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class GivenMember:
    """`given ann in segment advisory_board` (a static one)."""

    who: Name
    segment: Name
    span: Span


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """`given ann subscribed to newsletter`, `given ann opted out of newsletter`"""

    who: Name
    topic: Name
    opted_in: bool
    span: Span


# --- what happens ---


@dataclass(frozen=True, slots=True)
class Happens:
    """`ann clicked_email(template = t)`"""

    who: Name
    event: Event
    span: Span


@dataclass(frozen=True, slots=True)
class Enrolls:
    """`ann enrolls in x`"""

    who: Name
    definition: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Advance:
    """`after 1 day`"""

    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """`on task call of ann done`; `outcome` is done or skipped. `task` is the kind of the task or the name it has."""

    task: Name
    who: Name
    outcome: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sets:
    """`set ann.plan = paid`: somebody writes a property of a record."""

    who: Name
    path: Path
    value: Operand
    span: Span


# --- what is expected ---


@dataclass(frozen=True, slots=True)
class ExpectMail:
    """`expect ann receives t [at 2026-03-02 10:00] [contains "text"] [from DEFINITION]`, `expect ann does not receive
    t`"""

    who: Name
    negated: bool
    template: Name
    at: DateTime | None
    source: Name | None
    span: Span
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class ExpectTask:
    """`expect [no] task call for ann [assigned to rep_1] [due 2026-03-04 08:00] [reminded 2026-03-04 07:30]
    [priority high] ["text"] [from X]`"""

    negated: bool
    kind: Name
    who: Name
    assigned: Name | None
    source: Name | None
    span: Span
    due: Date | DateTime | None = None
    priority: Name | None = None
    said: Said | None = None
    reminded: Date | DateTime | None = None


@dataclass(frozen=True, slots=True)
class ExpectNotice:
    """`expect rep_1 notified [["contains"] "text"] [from DEFINITION]`, `expect rep_1 not notified`"""

    user: Name
    negated: bool
    said: Said | None
    source: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Scored:
    """`score(fit) = 20`, `score(fit) is missing` (`value` None)."""

    score: ScoreOf
    value: Operand | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectFields:
    """`expect ann { plan = paid  nps is missing  score(fit) = 20 } [from DEFINITION]`; `missing` are the properties
    without a value."""

    who: Name
    fields: tuple[Assigned, ...]
    source: Name | None
    span: Span
    missing: tuple[Path, ...] = ()
    scores: tuple[Scored, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectMember:
    """`expect ann [not] in segment s`; `kind` is segment, sequence or workflow."""

    who: Name
    negated: bool
    kind: str
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectEnded:
    """`expect ann finished x because no_reply`, `expect ann unenrolled from x because reply`,
    `expect ann refused x because no_address`; `status` is finished, unenrolled, errored or refused."""

    who: Name
    status: str
    definition: Name
    reason: Name | Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectNothing:
    """`expect nothing else`"""

    span: Span


Expectation = (
    ExpectMail | ExpectTask | ExpectNotice | ExpectFields | ExpectMember | ExpectEnded | Effect | ExpectNothing
)


@dataclass(frozen=True, slots=True)
class Rows:
    """`for each plan, mail in [(trial, a), (free, b)] { .. }`: the items once for each row; a name stands for the
    row's value wherever a value or a name is due."""

    names: tuple[Name, ...]
    rows: tuple[tuple[Operand, ...], ...]
    items: tuple[TestItem, ...]
    span: Span


TestItem = (
    Clock
    | GivenRecord
    | GivenEvent
    | GivenLink
    | GivenMember
    | GivenConsent
    | Happens
    | Enrolls
    | Advance
    | TaskClosed
    | Sets
    | ByHand
    | Expectation
    | Rows
    | Bad
)


@dataclass(frozen=True, slots=True)
class Test:
    """`test ".." of DEFINITION, .. { }`: the definitions named are the only ones live."""

    title: Text
    of: tuple[Name, ...]
    items: tuple[TestItem, ...]
    span: Span

    @property
    def name(self) -> Name:
        return Name(self.title.value, self.title.span)
