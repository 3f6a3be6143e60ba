"""Rule tests in compiled form: names resolved, values typed, rows unrolled."""

from __future__ import annotations

from ..source import NOWHERE, Span
from ..values import dataclass
from .conditions import Ago, Ahead, Const, Duration
from .tests_by_hand import (
    AnswersSurvey,
    ByHand,
    Effect,
    ExpectCall,
    ExpectConsent,
    ExpectCreated,
    ExpectFinding,
    ExpectLink,
    ExpectNote,
    ExpectRow,
    ExpectSnippet,
    Fixes,
    Moves,
    Person,
    Said,
    Saves,
    SendsBroadcast,
    Submits,
)

__all__ = [
    "Advance", "AnswersSurvey", "ByHand", "Effect", "Enrolls", "Event", "ExpectCall", "ExpectConsent", "ExpectCreated",
    "ExpectEnded", "ExpectFields", "ExpectFinding", "ExpectLink", "ExpectMail", "ExpectMember", "ExpectNote",
    "ExpectNothing", "ExpectNotice", "ExpectRow", "ExpectSnippet", "ExpectTask", "Expectation", "Fixes", "Given",
    "GivenConsent", "GivenLink", "GivenMember", "GivenRecord", "Item", "Moves", "Person", "Said", "Saves",
    "SendsBroadcast", "Sets", "Submits", "TaskClosed", "Test",
]  # fmt: skip

Given = Const | Ago | Ahead  # the latter two count from the clock of the test


@dataclass(frozen=True, slots=True)
class GivenRecord:
    who: Person
    fields: tuple[tuple[str, Given], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What happens at the current moment; `given`: what had happened, `ago` before the clock (None: at it). Fields as
    in `EventKind.fields`."""

    who: Person
    event: str
    fields: tuple[tuple[str, Const], ...]
    ago: Duration | None = None
    given: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class GivenLink:
    left: Person
    right: Person
    association: str


@dataclass(frozen=True, slots=True)
class GivenMember:
    who: Person
    segment: str


@dataclass(frozen=True, slots=True)
class GivenConsent:
    who: Person
    topic: str
    opted_in: bool


@dataclass(frozen=True, slots=True)
class Enrolls:
    who: Person
    kind: str
    definition: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Advance:
    length: Duration
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """`task` is a kind or the name of a task; `outcome` is done or skipped."""

    task: str
    who: Person
    outcome: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Sets:
    who: Person
    property: str
    value: Const
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectMail:
    """`at` is local in the test's zone, `YYYY-MM-DDTHH:MM`; `source` is (kind, name); `said` of subject and text."""

    who: Person
    template: str
    negated: bool = False
    at: str | None = None
    source: tuple[str, str] | None = None
    span: Span = NOWHERE
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class ExpectTask:
    """`due` and `reminded` are local in the test's zone, `YYYY-MM-DD` (any time of that day) or `YYYY-MM-DDTHH:MM`."""

    kind: str
    who: Person
    negated: bool = False
    assigned: str | None = None
    source: tuple[str, str] | None = None
    span: Span = NOWHERE
    due: str | None = None
    priority: str | None = None
    said: Said | None = None
    reminded: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectNotice:
    user: str
    negated: bool = False
    said: Said | None = None
    source: tuple[str, str] | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectFields:
    """A value None: is missing. `scores`: (name of a score, its value)."""

    who: Person
    fields: tuple[tuple[str, Const | None], ...]
    source: tuple[str, str] | None = None
    span: Span = NOWHERE
    scores: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectMember:
    who: Person
    kind: str
    name: str
    negated: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectEnded:
    """`status` is finished, unenrolled, errored or refused."""

    who: Person
    status: str
    kind: str
    definition: str
    reason: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectNothing:
    span: Span = NOWHERE


Expectation = (
    ExpectMail | ExpectTask | ExpectNotice | ExpectFields | ExpectMember | ExpectEnded | Effect | ExpectNothing
)
Act = Event | Enrolls | Advance | TaskClosed | Sets | ByHand
Item = GivenRecord | GivenLink | GivenMember | GivenConsent | Act | Expectation


@dataclass(frozen=True, slots=True)
class Test:
    """One `test`, or one row of one (`row` says which). `clock` is local in `zone`; `of` are the (kind, name) of the
    definitions that are live, `beside` those of segments, scores, hygiene and reports that it is of too."""

    title: str
    of: tuple[tuple[str, str], ...]
    clock: str
    zone: str
    items: tuple[Item, ...]
    row: str = ""
    span: Span = NOWHERE
    beside: tuple[tuple[str, str], ...] = ()
