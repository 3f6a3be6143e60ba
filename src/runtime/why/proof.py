"""One condition about one record, part by part: true or false, and the values and events behind it."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.english.phrases import phrase
from dsl.program.conditions import All, AnyOf, Condition, InSegment, Not

from ..query.scope import Scope
from .evidence import Evidence


@dataclass(frozen=True, slots=True)
class Part:
    """`because`: the value, the count or the instant that decides; `parts`: what it is made of, `joined` by and, or or
    not; a segment's parts are joined by `is`, for it is what its condition says."""

    words: str
    holds: bool
    because: str = ""
    parts: tuple[Part, ...] = ()
    joined: str = ""

    @property
    def decisive(self) -> Part:
        """The smallest part that makes the whole what it is: of an `and` that does not hold the smallest part that
        does not, of an `or` that holds the smallest that does; where all parts are needed, the whole itself."""
        deciding = "or" if self.holds else "and"
        match self.joined:
            case "is" if self.parts and self.parts[0].holds == self.holds:
                return self.parts[0].decisive
            case "not" if self.parts:
                return self.parts[0].decisive
            case joined if joined == deciding:
                found = [part.decisive for part in self.parts if part.holds == self.holds]
                return min(found, key=lambda part: part.size, default=self)
        return self

    @property
    def size(self) -> int:
        """How many single tests it is made of."""
        return sum(part.size for part in self.parts) or 1


class Proof(Evidence):
    """One condition about one record, and each part of it."""

    __slots__ = ()

    def __call__(self, c: Condition) -> Part:
        joined, parts = _parts(c, self.scope)
        return Part(phrase(c), self.holds(c), self.because(c), tuple(self(part) for part in parts), joined)


def _parts(c: Condition, scope: Scope) -> tuple[str, tuple[Condition, ...]]:
    """What a condition is made of and how that is joined; of a segment its own condition."""
    match c:
        case All(parts):
            return "and", parts
        case AnyOf(parts):
            return "or", parts
        case Not(part):
            return "not", (part,)
        case InSegment(name, negated) if name in scope.program.segments:
            condition = scope.program.segments[name].condition
            if condition is not None:
                return "not" if negated else "is", (condition,)
    return "", ()
