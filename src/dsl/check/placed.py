"""A compiled condition together with where its author wrote it: what the whole-condition checks read."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.conditions import All, AnyOf, Condition, Not
from ..source import Span
from ..values import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """`parts` are the operands of an `and`, `or` or `not`, and the condition inside a quantifier or an event
    filter. `missing`: a comparison whose value may be missing (X29); `left` is where that value is written."""

    condition: Condition
    span: Span
    parts: tuple[Placed, ...] = ()
    missing: bool = False
    left: Span | None = None

    def leaves(self) -> Iterator[Placed]:
        """All parts that are no `and`, `or` or `not`, in the order written."""
        if isinstance(self.condition, All | AnyOf | Not):
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self


def both(parts: list[Placed], span: Span) -> Placed:
    """All of `parts`; one part alone stands for itself."""
    if len(parts) == 1:
        return parts[0]
    return Placed(All(tuple(p.condition for p in parts)), span, tuple(parts))


def either(parts: list[Placed], span: Span) -> Placed:
    """Any of `parts`; one part alone stands for itself."""
    if len(parts) == 1:
        return parts[0]
    return Placed(AnyOf(tuple(p.condition for p in parts)), span, tuple(parts))


def negated(part: Placed, span: Span) -> Placed:
    """The opposite of `part`."""
    return Placed(Not(part.condition), span, (part,))
