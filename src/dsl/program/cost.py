"""What it costs to ask a condition of every record: the tables it joins and how it reads each of them.

An estimate from the form alone, without a store: it knows which questions an index answers and which read a whole
history. `cheap` reads the record itself, `moderate` looks up a few rows of each record, `expensive` reads all of them,
or looks up rows behind rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import IntEnum, StrEnum

from ..values import dataclass
from .conditions import (
    Aggregate,
    Changed,
    Condition,
    Consent,
    CountOf,
    Duration,
    Field,
    Happened,
    InDefinition,
    InSegment,
    Matches,
    Moved,
    Quantified,
    ScoreValue,
    TextTest,
    WasEver,
    WasMember,
)


class Weight(IntEnum):
    CHEAP = 0
    MODERATE = 1
    EXPENSIVE = 2

    def __str__(self) -> str:
        return self.name.lower()


class Reading(StrEnum):
    """How a table is read."""

    PROPERTY = "property"
    TEXT = "text of every record"  # no index helps to look inside a text
    TO_ONE = "linked record"
    LINKED = "linked records"
    WINDOW = "events in a window"
    ONE_EVENT = "one event"  # the first or last, or whether there is one: an end of the index
    EVENTS = "all events"
    HISTORY = "property history"
    MEMBERSHIP = "kept membership"
    ENROLLMENT = "enrollments"
    CONSENT = "consent"
    SCORE = "score"
    SCORE_COURSE = "course of a score"


_WEIGHTS = {
    Reading.PROPERTY: Weight.CHEAP,
    Reading.TO_ONE: Weight.CHEAP,
    Reading.MEMBERSHIP: Weight.CHEAP,
    Reading.ENROLLMENT: Weight.CHEAP,
    Reading.CONSENT: Weight.CHEAP,
    Reading.TEXT: Weight.MODERATE,
    Reading.LINKED: Weight.MODERATE,
    Reading.WINDOW: Weight.MODERATE,
    Reading.ONE_EVENT: Weight.MODERATE,
    Reading.HISTORY: Weight.MODERATE,
    Reading.SCORE: Weight.MODERATE,
    Reading.EVENTS: Weight.EXPENSIVE,
    Reading.SCORE_COURSE: Weight.EXPENSIVE,
}


@dataclass(frozen=True, slots=True)
class Read:
    """One way a condition reads a table. `what` is the name an author gave: a property, an event, an object;
    `behind`: for each of how many linked records this is done again."""

    reading: Reading
    what: str
    table: str
    behind: int = 0

    @property
    def weight(self) -> Weight:
        own = _WEIGHTS[self.reading]
        return Weight.EXPENSIVE if self.behind and own is not Weight.CHEAP else own

    @property
    def is_own(self) -> bool:
        """Whether it reads the record that is asked about, so that no table is joined."""
        return self.reading in (Reading.PROPERTY, Reading.TEXT) and not self.behind

    @property
    def words(self) -> str:
        """`all events purchased`, `property plan`; of linked records it says so."""
        return f"{self.reading} {self.what}" + (" of each linked record" if self.behind else "")


@dataclass(frozen=True, slots=True)
class Cost:
    """`tables` are those joined to the object's own, by the names of objects and events; `reads` in the order met."""

    reads: tuple[Read, ...]
    tables: tuple[str, ...]

    @property
    def weight(self) -> Weight:
        return max((read.weight for read in self.reads), default=Weight.CHEAP)

    @property
    def words(self) -> str:
        """`expensive: all events purchased; joins purchased and deal`."""
        dear = [read.words for read in self.reads if read.weight is self.weight]
        *first, last = self.tables or ("",)
        joins = f"; joins {', '.join(first)}{' and ' if first else ''}{last}" if last else ""
        return f"{self.weight}: {', '.join(dear) or 'nothing to read'}{joins}"


def cost_of(condition: Condition, object: str) -> Cost:
    """The cost of asking `condition` of every record of `object`."""
    reads = tuple(dict.fromkeys(_reads(condition, object)))
    return Cost(reads, tuple(dict.fromkeys(read.table for read in reads if not read.is_own)))


def _reads(part: object, subject: str) -> Iterator[Read]:
    match part:
        case Field(path, owner, name):
            yield Read(Reading.TO_ONE if path else Reading.PROPERTY, name, owner)
            return
        case TextTest(Field((), owner, name)) | Matches(Field((), owner, name)):
            yield Read(Reading.TEXT, name, owner)
        case Happened(match, within, since_enrollment, _, since):
            bounded = within is not None or since_enrollment or since is not None
            counted = match.at_least > 1 and not bounded
            how = Reading.WINDOW if bounded else Reading.EVENTS if counted or match.filter else Reading.ONE_EVENT
            yield Read(how, match.event, match.event)
            yield from _reads(since, subject)
            return
        case Aggregate(function, match, _, _, within, since_enrollment):
            yield Read(_aggregate(function, within, since_enrollment, match.filter), match.event, match.event)
            return
        case Quantified(path=path, object=linked) | CountOf(path=path, object=linked):
            yield from (Read(Reading.TO_ONE, name, name) for name in path[:-1])
            yield Read(Reading.LINKED, path[-1], linked)
            yield from (replace(read, behind=read.behind + 1) for read in _reads(part.condition, linked))
            return
        case WasEver(Field(_, owner, name)) | Changed(Field(_, owner, name)):
            yield Read(Reading.HISTORY, name, "property history")
            return
        case Moved(ScoreValue(score)):
            yield Read(Reading.SCORE_COURSE, score, f"score {score}")
            return
        case ScoreValue(score):
            yield Read(Reading.SCORE, score, f"score {score}")
        case InSegment(name) | WasMember("segment", name):
            yield Read(Reading.MEMBERSHIP, name, f"segment {name}")
        case InDefinition(kind, name) | WasMember(kind, name):
            yield Read(Reading.ENROLLMENT, name, f"{kind} {name}")
        case Consent(topic):
            yield Read(Reading.CONSENT, topic, "consent")
    yield from _inside(part, subject)


def _inside(part: object, subject: str) -> Iterator[Read]:
    """What the parts of a condition read."""
    if isinstance(part, tuple):
        for item in part:
            yield from _reads(item, subject)
    elif is_dataclass(part) and not isinstance(part, type | Duration):
        for field in fields(part):
            inner = getattr(part, field.name)
            if isinstance(inner, tuple) or is_dataclass(inner):
                yield from _reads(inner, subject)


def _aggregate(function: str, within: Duration | None, since_enrollment: bool, filter: Condition | None) -> Reading:
    if within is not None or since_enrollment:
        return Reading.WINDOW
    return Reading.ONE_EVENT if function in ("last", "first") and filter is None else Reading.EVENTS
