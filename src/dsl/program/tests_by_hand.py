"""What people do by hand in a rule test, and what is expected beyond mails and tasks, in compiled form.

`refused` of what people do: it is to be refused, with these words in the refusal; "" with any. None: it is done."""

from __future__ import annotations

from ..source import NOWHERE, Span
from ..values import dataclass
from .conditions import Const

# As somebody would type it, or as JSON has it: it is read as a value of its question, or of its column, when it is due.
Answer = str | int | float | bool | tuple[str, ...]
Answered = tuple[tuple[str, Answer], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A record of the test by the name it has there."""

    name: str
    object: str


@dataclass(frozen=True, slots=True)
class Saves:
    """`person` is on the line (X20)."""

    user: str
    playbook: str
    answers: Answered
    record: Person
    person: Person | None = None
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Submits:
    """`unknown`: the test has given no such contact, so the form is to make one (X27)."""

    who: Person
    form: str
    answers: Answered
    unknown: bool = False
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class AnswersSurvey:
    who: Person
    survey: str
    answers: Answered
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    user: str
    who: Person
    stage: str
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class SendsBroadcast:
    user: str
    broadcast: str
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Fixes:
    user: str
    hygiene: str
    span: Span = NOWHERE
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Exactly these words, or (`part`) words that have these among them."""

    text: str
    part: bool = False

    def fits(self, words: str) -> bool:
        return self.text in words if self.part else self.text == words


@dataclass(frozen=True, slots=True)
class ExpectCall:
    """`kind` is slack or webhook; `said` is of the message, of a webhook of the JSON that it sends."""

    kind: str
    channel: str
    negated: bool = False
    said: Said | None = None
    source: tuple[str, str] | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectNote:
    who: Person
    negated: bool = False
    said: Said | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectCreated:
    """A record that the test has not given. `name`: what the rest of the test calls it. A value None: is missing."""

    object: str
    negated: bool = False
    name: Person | None = None
    fields: tuple[tuple[str, Const | None], ...] = ()
    source: tuple[str, str] | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectLink:
    """`association` leads from the left to the right."""

    left: Person
    right: Person
    association: str
    negated: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectConsent:
    who: Person
    topic: str
    opted_in: bool
    negated: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectRow:
    """A row of a report: (column as the report has it written, value or None for missing). `dashboard`: on which it
    stands."""

    report: str
    cells: tuple[tuple[str, Answer | None], ...]
    negated: bool = False
    span: Span = NOWHERE
    dashboard: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectFinding:
    hygiene: str
    who: Person
    negated: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectSnippet:
    """`shortcut` in small letters, as the program has it."""

    shortcut: str
    who: Person
    said: Said
    span: Span = NOWHERE


ByHand = Saves | Submits | AnswersSurvey | Moves | SendsBroadcast | Fixes
Effect = (
    ExpectCall | ExpectNote | ExpectCreated | ExpectLink | ExpectConsent | ExpectRow | ExpectFinding | ExpectSnippet
)
