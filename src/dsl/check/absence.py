"""X8: `has not E within D` takes in people who never did E.

Where that decides who is mailed, the age of the record must be bounded beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..diagnostics.diagnostic import FixKind, Label
from ..program.conditions import All, AnyOf, Compare, Condition, DateTest, Duration, Field, Happened, InSegment, Not
from ..schema.model import Schema
from ..source import Span
from .allowed import FAMILIES
from .findings import Findings, insert_after
from .placed import Placed


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a group and whether it must hold or must not; `via` is where a segment brought it in."""

    placed: Placed
    positive: bool
    via: Span | None


class Absences:
    """Looks through segments; `segments` maps their names to their conditions."""

    def __init__(self, schema: Schema, segments: Mapping[str, Placed], findings: Findings) -> None:
        self.schema = schema
        self.segments = segments
        self.findings = findings
        self.reported: set[Span] = set()

    def check(self, whole: Placed) -> None:
        """Reports each absence in `whole` that decides, unbounded, who is mailed."""
        self._group(whole, True, None, ())

    def _group(self, part: Placed, positive: bool, via: Span | None, around: tuple[Part, ...]) -> None:
        """`around` are the parts that hold together with this one."""
        operands = list(self._flat(part, positive, via, ()))
        leaves = tuple(operand for operand in operands if not self._branches(operand))
        together = around + leaves
        for leaf in leaves:
            if self._is_absence(leaf) and not any(self._bounds(other, leaf) for other in together):
                self._report(leaf)
        for operand in operands:
            if self._branches(operand):
                for branch, sign in self._alternatives(operand):
                    self._group(branch, sign, operand.via, together)

    def _flat(self, part: Placed, positive: bool, via: Span | None, inside: tuple[str, ...]) -> Iterator[Part]:
        """The parts of an `and`, segments opened, `not` carried inwards."""
        match part.condition:
            case All() if positive:
                for operand in part.parts:
                    yield from self._flat(operand, positive, via, inside)
            case AnyOf() if not positive:
                for operand in part.parts:
                    yield from self._flat(operand, positive, via, inside)
            case Not():
                yield from self._flat(part.parts[0], not positive, via, inside)
            case InSegment(name, negated) if name in self.segments and name not in inside:
                sign = positive != negated
                yield from self._flat(self.segments[name], sign, via or part.span, (*inside, name))
            case _:
                yield Part(part, positive, via)

    def _branches(self, part: Part) -> bool:
        return isinstance(part.placed.condition, All | AnyOf)

    def _alternatives(self, part: Part) -> Iterator[tuple[Placed, bool]]:
        for branch in part.placed.parts:
            yield branch, part.positive

    def _is_absence(self, part: Part) -> bool:
        condition = part.placed.condition
        return isinstance(condition, Happened) and condition.within is not None and condition.negated == part.positive

    def _bounds(self, other: Part, absence: Part) -> bool:
        """Whether `other` keeps newcomers out: an age, or the event itself."""
        asked = absence.placed.condition
        assert isinstance(asked, Happened) and asked.within is not None
        match other.placed.condition:
            case DateTest(Field((), _, "created_at"), "older_than", length):
                return other.positive and _at_least(length, asked.within)
            case DateTest(Field((), _, "created_at"), "within", length):
                return not other.positive and _at_least(length, asked.within)
            case Compare(Field((), _, "created_at"), op):
                return other.positive and op in ("<", "<=", "=")
            case Happened() as held:
                return held.negated != other.positive and self._same_event(held.match.event, asked.match.event)
        return False

    def _same_event(self, held: str, asked: str) -> bool:
        return held == asked or (asked == "acted" and held in self.schema.events and self.schema.events[held].act)

    def _report(self, part: Part) -> None:
        span = part.via or part.placed.span
        if span in self.reported:
            return
        self.reported.add(span)
        condition: Condition = part.placed.condition
        assert isinstance(condition, Happened) and condition.within is not None
        written, length = (
            self.findings.text(part.placed.span),
            self.findings.raw(part.placed.span).rsplit("within ", 1)[-1],
        )
        bound = f"created_at older than {length}"
        self.findings.error(
            "absence-counts-newcomers",
            span,
            f"{written} also takes in people who never did, even those who came today",
            "decides who is mailed",
            others=[Label(part.placed.span, "here")] if part.via else [],
            help=f"add `and {bound}`, or `and has {condition.match.event}` if only those who did it before are meant",
            fix=insert_after(part.placed.span, f" and {bound}", FixKind.UNSAFE),
        )


def _at_least(length: Duration, asked: Duration) -> bool:
    """Whether one span is at least as long as another; units that do not compare are taken to be."""
    a, b = FAMILIES.get(length.unit), FAMILIES.get(asked.unit)
    if a is None or b is None or a[0] != b[0]:
        return True
    return length.n * a[1] >= asked.n * b[1]
