"""Nodes of what a test expects beyond mails, tasks and memberships: calls, notes, new records, reports, hygiene."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Condition
from .node_values import Assigned, Name, Path, Text


@dataclass(frozen=True, slots=True)
class Said:
    """`"text"`: exactly so; `contains "text"`: `part`."""

    text: Text
    part: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectCall:
    """`expect [no] slack "#leads" ["text"] [from DEFINITION]`; `kind` is slack or webhook."""

    kind: str
    channel: Text
    negated: bool
    said: Said | None
    source: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectNote:
    """`expect [no] note on d [contains "text"]`"""

    who: Name
    negated: bool
    said: Said | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectCreated:
    """`expect ticket created [as t] [{ owner = mia }] [from DEFINITION]`, `expect ticket not created`. `name` is how
    the rest of the test calls it."""

    object: Name
    negated: bool
    name: Name | None
    fields: tuple[Assigned, ...]
    source: Name | None
    span: Span
    missing: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectLink:
    """`expect t [not] linked to acme [as client]`; `way` is the association of the first that leads to the other."""

    who: Name
    other: Name
    way: Name | None
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectConsent:
    """`expect ann [not] subscribed to news`, `expect ann opted out of news`"""

    who: Name
    topic: Name
    opted_in: bool
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectRow:
    """`expect report r [on dashboard d] shows (owner = mia, count = 3)`: a row with these values in these columns.
    `cells` are comparisons with `=`."""

    report: Name
    cells: tuple[Condition, ...]
    negated: bool
    span: Span
    dashboard: Name | None = None


@dataclass(frozen=True, slots=True)
class ExpectFinding:
    """`expect hygiene names finds ann`, `expect hygiene names does not find ann`"""

    hygiene: Name
    who: Name
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectSnippet:
    """`expect snippet "#suc" for ann contains "text"`"""

    shortcut: Text
    who: Name
    said: Said
    span: Span


Effect = (
    ExpectCall | ExpectNote | ExpectCreated | ExpectLink | ExpectConsent | ExpectRow | ExpectFinding | ExpectSnippet
)
