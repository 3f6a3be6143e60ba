"""What the parser builds: one frozen node per syntactic form, each with the span it was written at.

Nodes say what is written, not what it means: nothing is looked up and nothing is typed here. So a
word that could be several things stays what it looks like, and the checker decides by its place:

* `Path` is any dotted word: a property (`company.industry`), a bare boolean property (`closed`), an
  event without filter (`purchased` in `when:`, `stop_on:`, `rep_led when`), an option (`high`), a
  user, or a setting's word (`manually`, `always`, `contact`).
* `Event` is a word that can only be an event because it carries a filter `purchased(amount > 3 JPY)`,
  a count, `including machines` or `since enrollment`. A bare word with `within D` stays a `DateTest`
  with a `Path` on the left, as `created_at within 3 days` looks the same as `purchased within 3 days`.
* A setting's value is read as the most general thing: a condition. So `when: purchased or replied` is
  `Or(Path, Path)`, `when: in segment x` is `Member`, `goal: has purchased` is `Has`, `again: never` is
  `Path`, `threading: true` is `Boolean`. Values joined by commas (`stop_on: replied, bounced`) are a
  `Listing` of such values; one value alone is never wrapped.
* `Unsupported` stands for one whole declaration, statement or condition of the language's later
  half; `Bad` for a part that was reported as a syntax problem and left out. Neither is to be reported again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..source import Span
from .text import value_offsets

# --- names and literals -----------------------------------------------------------------------


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


Literal = Text | Number | Percent | Money | Date | DateTime | Time | TimeRange | Duration | Boolean | ListOf


# --- what stands for something not read -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A form of the language that this version only recognises. `what` in the reader's words: "`score`",
    "`match`", "an aggregate". `name` and `kind` where it declares a name, so that references to it are no mistake."""

    what: str
    span: Span
    kind: str = ""
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A part already reported by the parser. Where it was a declaration, what kind and name it would have had,
    as far as they could be read, so that references to it are no second mistake."""

    span: Span
    kind: str = ""
    name: Name | None = None


# --- conditions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """`count(deal (won))`, always one side of a `Compare`."""

    path: Path
    condition: Condition | None
    span: Span


Operand = Path | Literal | Count | Unsupported | Bad


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
    quantifier_span: Span
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
    | Not
    | And
    | Or
    | Mixed
    | Path
    | Literal
    | Count
    | Unsupported
    | Bad
)


# --- settings ---------------------------------------------------------------------------------


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


# --- statements -------------------------------------------------------------------------------


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
    """`wait until WHAT up to D else { }`. `what` is a condition or an event, as in a setting; `otherwise` None: no `else`.

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


# --- declarations -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Automated:
    keyword: Span
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class RepLed:
    """`engaged` is a `Path`, an `Event` or an `Or` of them."""

    keyword: Span
    engaged: Condition
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`condition` None: a static segment."""

    name: Name
    label: Text | None
    of: Name
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the braces of a sequence, workflow or template, each kind in the order written."""

    settings: tuple[Setting, ...]
    statements: tuple[Statement, ...]
    automated: tuple[Automated, ...]
    rep_led: tuple[RepLed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    name: Name
    label: Text | None
    of: Name | None
    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Workflow:
    """`of` None was not written (the checker decides what that means)."""

    name: Name
    label: Text | None
    of: Name | None
    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A body of settings alone; anything else in it was reported."""

    name: Name
    label: Text | None
    settings: tuple[Setting, ...]
    span: Span


Declaration = Segment | Sequence | Workflow | Template | Unsupported | Bad


@dataclass(frozen=True, slots=True)
class File:
    declarations: tuple[Declaration, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """`text` with its `#`. `own_line`: nothing stands before it on its line."""

    text: str
    own_line: bool
    span: Span
