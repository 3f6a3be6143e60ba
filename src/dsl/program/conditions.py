"""Conditions and values of the compiled form: names resolved, types checked, no spans, no syntax.

Every class here is frozen, holds only tuples and plain values, and can go through `codec`.
The subject of a condition is one record of one object; inside `Quantified.condition` the subject is
the linked record, inside an `EventMatch.filter` values are fields of the event.
"""

from __future__ import annotations

from enum import StrEnum

from ..schema.model import Type
from ..values import dataclass


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    BUSINESS_DAYS = "business_days"  # never inside a condition (X14)


@dataclass(frozen=True, slots=True)
class Duration:
    n: int
    unit: Unit


# --- values -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    """A literal. `value` by kind: TEXT, CHOICE, USER str as written; NUMBER, PERCENT int or float;
    MONEY int minor units; BOOL bool; DATE 'YYYY-MM-DD'; DATETIME 'YYYY-MM-DDTHH:MM' local in the account's zone;
    DURATION int µs."""

    value: str | int | float | bool
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the subject (`path` empty) or of the record at the end of to-one associations."""

    path: tuple[str, ...]
    object: str  # the object that has the property
    property: str
    type: Type


@dataclass(frozen=True, slots=True)
class EventValue:
    """A field of the event an `EventMatch.filter` looks at."""

    field: str  # name in EventKind.fields, `link_url` for link.url
    type: Type


@dataclass(frozen=True, slots=True)
class TriggerValue:
    """`trigger.total`: a field of the event that made this enrollment (X4)."""

    events: tuple[str, ...]
    field: str
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`last(purchased).at`, `sum(purchased.amount within 1 year)`: one value out of the subject's events.

    `function` is last, first, count, sum, min, max or avg; `field` is as in `EventKind.fields`, `at` for the instant,
    empty for count. Without a matching event count and sum are 0 and the others are missing."""

    function: str
    match: EventMatch
    field: str
    type: Type
    within: Duration | None = None
    since_enrollment: bool = False


@dataclass(frozen=True, slots=True)
class CountOf:
    """`count(deal (won))` as a value: how many linked records satisfy `condition`. `path` as in `Quantified`."""

    path: tuple[str, ...]
    object: str
    type: Type
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """`score(engagement)`; missing while no event rule ever fired (X35)."""

    score: str
    type: Type


@dataclass(frozen=True, slots=True)
class Ago:
    """`6 months ago`: of days and longer the whole day from which they lead, counted forward, to today; of hours and
    minutes the instant that long before now (X14). `type` is DATETIME."""

    length: Duration
    type: Type


@dataclass(frozen=True, slots=True)
class Ahead:
    """`14 days from now`, as a step writes it and no condition asks: where a `wait` of that length would end, on the
    account's clock. `today` is no days ahead, `now` no minutes. `type` is that of the property."""

    length: Duration
    type: Type


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """`answers.budget` in the actions of a playbook or form."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class CreatedValue:
    """`followup.subject`: a property of the record that `create .. as followup` made in this enrollment."""

    name: str
    object: str
    property: str
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values: month, week, quarter, year, day (reports), replace, without_suffix, without_prefix, trim,
    lower, upper (hygiene)."""

    function: str
    arguments: tuple[Value, ...]
    type: Type


Value = (
    Const
    | Field
    | EventValue
    | TriggerValue
    | Aggregate
    | CountOf
    | ScoreValue
    | Ago
    | Ahead
    | AnswerValue
    | CreatedValue
    | Call
)


# --- conditions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    left: Value
    op: str  # = != < <= > >=
    right: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    left: Value
    options: tuple[Const, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends included (X14)."""

    left: Value
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class TextTest:
    left: Value
    op: str  # contains | starts_with | ends_with
    right: Value


@dataclass(frozen=True, slots=True)
class Missing:
    left: Value
    negated: bool = False  # True: `is known`


@dataclass(frozen=True, slots=True)
class DateTest:
    """`within D`, `older_than D`, `within_next D` of a date or instant against now (X14)."""

    left: Value
    op: str  # within | older_than | within_next
    length: Duration


@dataclass(frozen=True, slots=True)
class EventMatch:
    """One kind of event with an optional filter. Opens and clicks are human unless `machines` (X30)."""

    event: str
    filter: Condition | None = None
    at_least: int = 1
    machines: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """`has / has not E at least N times within D | since enrollment` (G3, X8)."""

    match: EventMatch
    within: Duration | None = None
    since_enrollment: bool = False
    negated: bool = False
    since: Aggregate | None = None  # `since last(clicked_email)`: strictly after that instant


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any | no | every | count` over records linked to the subject (G11, X29).

    `path` names the associations from the subject, the last one to-many, those before it to-one.
    For `count` the number of linked records that satisfy `condition` is compared: `count op number`."""

    quantifier: str  # any | no | every | count
    path: tuple[str, ...]
    object: str  # the linked object
    condition: Condition | None = None
    op: str = ">="
    number: int = 1


@dataclass(frozen=True, slots=True)
class InSegment:
    segment: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """`subscribed to T` (opted in) or `opted out of T`."""

    topic: str
    opted_in: bool


@dataclass(frozen=True, slots=True)
class InDefinition:
    """`in sequence X`, `in workflow X`: has an enrollment there that has not ended."""

    kind: str  # sequence | workflow
    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """`score(engagement) fell by 10 within 60 days` (G18, X35); `direction` is fell or rose."""

    left: Value
    direction: str
    by: Const
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class WasEver:
    """The present value, or one that was replaced since, is one of `options` (G5, X34)."""

    left: Field
    options: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class WasMember:
    """`was ever in segment|sequence|workflow X`"""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`amount changed within 7 days` (G6, X34); without a window: ever."""

    left: Field
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """`pattern` is of the subset that both stores share, and is looked for in the text as written (X31)."""

    left: Value
    pattern: str


@dataclass(frozen=True, slots=True)
class InPeriod:
    """`created_at in last quarter`: `which` is this, last or next; `unit` week, month, quarter or year."""

    left: Value
    which: str
    unit: str


@dataclass(frozen=True, slots=True)
class ContainsList:
    """A multi-choice holds any, or all, of `options`."""

    left: Value
    quantifier: str
    options: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class TaskDone:
    """`ring.done`: the named task of this enrollment was done (X22)."""

    task: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`if sent`, `if refused`: what became of the send just before (X24)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = (
    Compare
    | OneOf
    | Between
    | TextTest
    | Missing
    | DateTest
    | Happened
    | Quantified
    | InSegment
    | Consent
    | InDefinition
    | Moved
    | WasEver
    | WasMember
    | Changed
    | Matches
    | InPeriod
    | ContainsList
    | TaskDone
    | Outcome
    | All
    | AnyOf
    | Not
)
