"""Nodes of conditions. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_values import Ago, Ahead, Bad, Duration, Function, ListOf, Literal, Name, Number, Path, ScoreOf, Text


@dataclass(frozen=True, slots=True)
class Count:
    """`count(deal (won))`, `count(purchased)`: records or events, as the checker finds out. Not narrowed further."""

    path: Path
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A value out of many events: `last(purchased(product = "lenses")).at`, `sum(purchased.amount within 1 year)`,
    `count(viewed_page within 14 days)`. `function` is last, first, count, sum, min, max or avg. The path of `event`
    is the event's name alone; `field` is what follows it, inside or behind the parentheses; () for `count`."""

    function: str
    event: Event
    field: tuple[Name, ...]
    span: Span


Operand = Path | Literal | Count | Aggregate | ScoreOf | Ago | Ahead | Function | Bad


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is one of = != < <= > >=."""

    left: Operand
    op: str
    op_span: Span
    right: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class OneOf:
    """`left in [..]`, `left not in [..]`. `op_span` covers `in` or `not in`."""

    left: Operand
    negated: bool
    op_span: Span
    options: ListOf
    span: Span


@dataclass(frozen=True, slots=True)
class TextTest:
    """`op` is contains, starts_with or ends_with."""

    left: Operand
    op: str
    op_span: Span
    right: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class Between:
    left: Operand
    op_span: Span
    low: Operand
    high: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class DateTest:
    """`op` is within, older_than or within_next."""

    left: Operand
    op: str
    op_span: Span
    length: Duration
    span: Span


@dataclass(frozen=True, slots=True)
class Missing:
    """`is missing`; `is known` when negated."""

    left: Operand
    negated: bool
    op_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Becomes:
    """`lifecycle_stage becomes customer`: only for `when:`."""

    left: Operand
    op_span: Span
    value: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event with what narrows it. `machines`, `at_least`, `within`, `since_enrollment` are None where not
    written; `machines` and `since_enrollment` are the spans of their words, `at_least` spans its whole phrase."""

    path: Path
    filter: Condition | None
    machines: Span | None
    at_least: Number | None
    within: Duration | None
    since_enrollment: Span | None
    span: Span
    since: Aggregate | None = None  # `since last(clicked_email)`


@dataclass(frozen=True, slots=True)
class Has:
    """`has E`, `has not E`, `has never E`: `negation` is '', 'not' or 'never'; `keyword` covers `has never`."""

    negation: str
    keyword: Span
    event: Event
    span: Span


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any|no|every deal (condition)`."""

    quantifier: str
    path: Path
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """`in segment X`, `in sequence X`, `in workflow X`: `kind` is segment, sequence or workflow."""

    kind: str
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Consent:
    """`subscribed to T` (opted_in), `opted out of T`."""

    topic: Name
    opted_in: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Moved:
    """`score(engagement) fell by 10 within 60 days`; `direction` is fell or rose."""

    left: Operand
    direction: str
    op_span: Span
    by: Operand
    within: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class WasEver:
    """`lifecycle_stage was ever customer`; `value` may be a `ListOf`."""

    left: Operand
    op_span: Span
    value: Operand
    span: Span


@dataclass(frozen=True, slots=True)
class WasMember:
    """`was ever in segment X`; `kind` as in `Member`."""

    kind: str
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Changed:
    """`amount changed within 7 days`; without a window: ever."""

    left: Operand
    op_span: Span
    within: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class Matches:
    """`last_name matches "^A8"`"""

    left: Operand
    op_span: Span
    pattern: Text
    span: Span


@dataclass(frozen=True, slots=True)
class InPeriod:
    """`created_at in last quarter`: `which` is this, last or next; `unit` the word behind it."""

    left: Operand
    which: str
    op_span: Span
    unit: Name
    span: Span


@dataclass(frozen=True, slots=True)
class ContainsList:
    """`tags contains any [a, b]`; `quantifier` is any or all."""

    left: Operand
    quantifier: str
    op_span: Span
    options: ListOf
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    keyword: Span
    part: Condition
    span: Span


@dataclass(frozen=True, slots=True)
class And:
    """Two or more parts; `operators` are the spans of the `and`s between them."""

    parts: tuple[Condition, ...]
    operators: tuple[Span, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]
    operators: tuple[Span, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mixed:
    """`and` and `or` without parentheses, already reported: parts are worth checking, their logic is not."""

    parts: tuple[Condition, ...]
    operators: tuple[Span, ...]
    span: Span


Condition = (
    Compare
    | OneOf
    | TextTest
    | Between
    | DateTest
    | Missing
    | Becomes
    | Has
    | Event
    | Quantified
    | Member
    | Consent
    | Moved
    | WasEver
    | WasMember
    | Changed
    | Matches
    | InPeriod
    | ContainsList
    | Not
    | And
    | Or
    | Mixed
    | Path
    | Literal
    | Count
    | Aggregate
    | ScoreOf
    | Ago
    | Ahead
    | Function
    | Bad
)
