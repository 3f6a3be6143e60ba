"""A goal or suppression that holds for everybody who could enter: then nobody ever would (X6)."""

from __future__ import annotations

from ..diagnostics.diagnostic import Label
from ..program.conditions import All, AnyOf, Compare
from ..program.definitions import OnChange
from .clashes import find_clash
from .findings import Findings
from .placed import Placed, negated
from .triggers import When

REFUSED = {"goal": "has reached the goal", "suppress": "is suppressed"}


def check_entry(findings: Findings, when: When | None, only: Placed | None, guard: str, placed: Placed) -> None:
    """Reports the part of a guard that follows from what everybody fulfils who enters."""
    entering = [*_entering(when), *(_together(only) if only is not None else ())]
    if not entering or find_clash(entering) is not None:
        return
    for way in placed.parts if isinstance(placed.condition, AnyOf) else (placed,):
        if all(_follows(part, entering) for part in _together(way)):
            findings.warning(
                "met-at-entry",
                way.span,
                f"everybody who could enter {REFUSED[guard]} already, so nobody ever enters",
                "holds for all of them",
                others=[Label(entering[0].span.to(entering[-1].span), "what they fulfil")]
                if len({p.span.file for p in entering}) == 1
                else [],
                help="name something that becomes true later, `since enrollment` perhaps",
                note="who meets a goal or is suppressed is refused at entry (X6)",
            )
            return


def _entering(when: When | None) -> tuple[Placed, ...]:
    """What is true of everybody at the moment `when:` starts them."""
    if when is None:
        return ()
    if isinstance(when.trigger, OnChange):
        return (Placed(Compare(when.trigger.field, "=", when.trigger.value), when.span),)
    return _together(when.placed) if when.placed is not None else ()


def _together(whole: Placed) -> tuple[Placed, ...]:
    """The parts joined by `and`."""
    if not isinstance(whole.condition, All):
        return (whole,)
    return tuple(inner for part in whole.parts for inner in _together(part))


def _follows(part: Placed, entering: list[Placed]) -> bool:
    if any(part.condition == one.condition for one in entering):
        return True
    return find_clash([*entering, negated(part, part.span)]) is not None
