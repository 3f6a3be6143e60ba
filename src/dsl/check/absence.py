"""X8: `has not E within D` takes in people who never did E.

Where that decides who is mailed, the age of the record must be bounded beside it, or E asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..diagnostics.diagnostic import Fix, FixKind, Label
from ..program.conditions import (
    Aggregate,
    Ago,
    All,
    AnyOf,
    Between,
    Compare,
    Const,
    DateTest,
    Duration,
    Field,
    Happened,
    InSegment,
    Not,
)
from ..schema.model import Schema
from ..source import Span
from ..values import dataclass
from ..values import replace as replaced
from .ages import FAMILIES, shown
from .findings import Findings, insert_after, replace
from .placed import Placed

# What keeps newcomers out of a group: an age (None: older than a fixed day), or events that were done.
Bound = Duration | str | None
# A part, whether it must hold, and what bounds it from around.
State = tuple[Span, bool, frozenset[Bound]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a group and whether it must hold or must not; `via` is where a segment brought it in.

    `whole`: the outermost `not` around it, or the `not in segment` that looks inside; `either`: that, or the part
    itself, stands between `or`."""

    placed: Placed
    positive: bool
    via: Span | None
    whole: Span | None = None
    either: bool = False

    def inside(self) -> Iterator[Part]:
        """The parts joined in it."""
        either = self.either if self.whole else isinstance(self.placed.condition, AnyOf)
        return (replaced(self, placed=placed, either=either) for placed in self.placed.parts)

    def under(self, placed: Placed, *, turned: bool) -> Part:
        """What a `not` turns, or what a segment brings in."""
        via = self.via or (self.placed.span if isinstance(self.placed.condition, InSegment) else None)
        whole = self.whole or (self.placed.span if turned else None)
        return Part(placed, self.positive != turned, via, whole, self.either and whole is not None)


class Absences:
    """Looks through segments; `segments` maps their names to their conditions, none of them in a circle."""

    def __init__(self, schema: Schema, segments: Mapping[str, Placed], findings: Findings) -> None:
        self.schema = schema
        self.segments = segments
        self.findings = findings
        self.reported: set[Span] = set()
        self.with_absence = _segments_with_absence(segments)
        self.clean: set[State] = set()  # groups in which nothing was found, whoever asked

    def check(self, whole: Placed) -> None:
        """Reports each absence in `whole` that decides, unbounded, who is mailed.

        Works through groups: the parts that hold together, with the bounds of the groups around them. A group met
        again with the same bounds says nothing new, so cost does not grow with the ways that lead to a segment.
        """
        if not self._holds_absence(whole):
            return
        waiting: list[tuple[Part, frozenset[Bound]]] = [(Part(whole, True, None), frozenset())]
        seen: set[State] = set()
        mark = self.findings.mark()
        while waiting:
            part, around = waiting.pop()
            state = (part.placed.span, part.positive, around)
            if state in seen or state in self.clean or not self._holds_absence(part.placed):
                continue
            seen.add(state)
            group = list(self._group(part))
            bounds = around | {bound for one in group for bound in self._bounds(one)}
            for one in group:
                if isinstance(one.placed.condition, All | AnyOf):
                    waiting += [(inner, bounds) for inner in one.inside()]
                elif _is_absence(one) and not any(self._keeps_out(bound, one) for bound in bounds):
                    self._report(one)
        if not self.findings.errors_since(mark):
            self.clean |= seen

    def _group(self, whole: Part) -> Iterator[Part]:
        """The parts that hold together: `and` and segments opened, `not` carried inwards."""
        waiting, opened = [whole], set[tuple[str, bool]]()
        while waiting:
            part = waiting.pop()
            match part.placed.condition:
                case All() | AnyOf() as joined if isinstance(joined, All) == part.positive:
                    waiting += reversed(list(part.inside()))
                case Not():
                    waiting.append(part.under(part.placed.parts[0], turned=True))
                case InSegment(name, negated) if name in self.segments:
                    sign = part.positive != negated
                    if (name, sign) not in opened:
                        opened.add((name, sign))
                        waiting.append(part.under(self.segments[name], turned=negated))
                case _:
                    yield part

    def _holds_absence(self, part: Placed) -> bool:
        return any(_is_windowed(p) or _segment_of(p) in self.with_absence for p in part.leaves())

    def _bounds(self, part: Part) -> Iterator[Bound]:
        """What this part alone keeps out."""
        match part.placed.condition:
            case DateTest(Field((), _, "created_at"), "older_than", length) if part.positive:
                yield length
            case DateTest(Field((), _, "created_at"), "within", length) if not part.positive:
                yield length
            case Compare(Field((), _, "created_at"), "<" | "<=", Ago(length)) if part.positive:
                yield length
            case Between(Field((), _, "created_at"), _, Ago(length)) if part.positive:
                yield length
            case Compare(Field((), _, "created_at"), ">" | ">=", Ago(length)) if not part.positive:
                yield length
            case Compare(Field((), _, "created_at"), "<" | "<=" | "=", Const()) if part.positive:
                yield None
            case Between(Field((), _, "created_at"), _, Const()) if part.positive:
                yield None
            case Happened() as held if held.negated != part.positive:
                yield held.match.event
            case Compare(Aggregate() as value) | DateTest(Aggregate() as value) | Between(Aggregate() as value):
                # Without an event there is no value, so the test is false.
                if part.positive and value.function not in ("count", "sum"):
                    yield value.match.event

    def _keeps_out(self, bound: Bound, absence: Part) -> bool:
        asked = absence.placed.condition
        assert isinstance(asked, Happened) and asked.within is not None
        if isinstance(bound, str):
            kind = self.schema.events.get(bound)
            return bound == asked.match.event or (asked.match.event == "acted" and kind is not None and kind.act)
        return bound is None or _at_least(bound, asked.within)

    def _report(self, part: Part) -> None:
        span = part.via or part.placed.span
        if span in self.reported:
            return
        self.reported.add(span)
        condition = part.placed.condition
        assert isinstance(condition, Happened) and condition.within is not None
        written = self.findings.raw(part.placed.span)
        bound = f"created_at older than {shown(condition.within)}"
        self.findings.error(
            "absence-counts-newcomers",
            span,
            f"`{written}` also takes in people who never did, even those who came today",
            "decides who is mailed",
            others=[Label(part.placed.span, "here")] if part.via else [],
            help=f"add `and {bound}`, or `and has {condition.match.event}` if only those who did it before are meant",
            fix=self._bounded(part, bound),
        )

    def _bounded(self, part: Part, bound: str) -> Fix:
        """Beside the absence itself; where a `not` turns it, beside that."""
        place = part.whole or part.placed.span
        if part.either:
            return replace(place, f"({self.findings.raw(place)} and {bound})", FixKind.UNSAFE)
        return insert_after(place, f" and {bound}", FixKind.UNSAFE)


def _segments_with_absence(segments: Mapping[str, Placed]) -> frozenset[str]:
    """The segments that hold an absence, themselves or through other segments."""
    found = {name for name, placed in segments.items() if any(_is_windowed(p) for p in placed.leaves())}
    users: dict[str, list[str]] = {}
    for name, placed in segments.items():
        for leaf in placed.leaves():
            users.setdefault(_segment_of(leaf), []).append(name)
    waiting = list(found)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return frozenset(found)


def _segment_of(part: Placed) -> str:
    return part.condition.segment if isinstance(part.condition, InSegment) else ""


def _is_windowed(part: Placed) -> bool:
    return isinstance(part.condition, Happened) and part.condition.within is not None


def _is_absence(part: Part) -> bool:
    """`has not E within D`; `count(E within D) = 0` and `< 3` have the same form."""
    condition = part.placed.condition
    return isinstance(condition, Happened) and condition.within is not None and condition.negated == part.positive


def _at_least(length: Duration, asked: Duration) -> bool:
    """Whether one span is at least as long as another; units that do not compare are taken to be."""
    a, b = FAMILIES.get(length.unit), FAMILIES.get(asked.unit)
    if a is None or b is None or a[0] != b[0]:
        return True
    return length.n * a[1] >= asked.n * b[1]
