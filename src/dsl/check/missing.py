"""X29: `not` and negative comparisons over values that may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.diagnostic import Edit, Fix, FixKind
from ..program.conditions import All, AnyOf, Compare, Missing, Not, OneOf, Value
from ..source import Span
from .findings import Findings
from .placed import Placed

Guards = frozenset[Value]


def check_missing(whole: Placed, findings: Findings) -> None:
    """Reports every `not` (error) and every `!=`, `not in` (warning) whose value may be missing while the same
    group says neither `is known` nor `is missing`."""
    _walk(whole, frozenset(), findings, alone=True)


def _walk(part: Placed, guarded: Guards, findings: Findings, *, alone: bool) -> None:
    match part.condition:
        case All() | AnyOf():
            inside = guarded | _guards(part)
            for operand in part.parts:
                _walk(operand, inside, findings, alone=isinstance(part.condition, All))
        case Not():
            _check_not(part, guarded, findings, alone=alone)
        case Compare(left, "!=") | OneOf(left, negated=True):
            if part.missing and left not in guarded:
                _negative(part, findings)
        case _:
            for inner in part.parts:
                _walk(inner, frozenset(), findings, alone=True)


def _guards(group: Placed) -> Guards:
    return frozenset(p.condition.left for p in group.parts if isinstance(p.condition, Missing))


def _check_not(part: Placed, guarded: Guards, findings: Findings, *, alone: bool) -> None:
    inside = guarded | frozenset(leaf.condition.left for leaf in part.leaves() if isinstance(leaf.condition, Missing))
    for leaf in _comparisons(part):
        left = getattr(leaf.condition, "left", None)
        if leaf.missing and left not in inside and leaf.left is not None:
            _not_over_missing(part, leaf.left, findings, alone=alone)
            return


def _comparisons(part: Placed) -> Iterator[Placed]:
    return part.leaves()


def _not_over_missing(part: Placed, left: Span, findings: Findings, *, alone: bool) -> None:
    name, written = findings.raw(left), findings.raw(part.span)
    known = f"{written} and {name} is known"
    absent = f"({written} or {name} is missing)"
    findings.error(
        "not-over-missing",
        part.span,
        f"`not` over `{name}`, which may be missing",
        f"are those without `{name}` meant?",
        help=f"write `{known}`, or `{absent}`",
        note="a comparison with a missing value is false, so `not` would take in everyone without one",
        fix=_known_too(part.span, name, alone=alone),
    )


def _known_too(span: Span, name: str, *, alone: bool) -> Fix:
    """Adds `and NAME is known`; beside an `or` in parentheses of its own."""
    start, end = Span(span.file, span.start, span.start), Span(span.file, span.end, span.end)
    if alone:
        return Fix(FixKind.UNSAFE, (Edit(end, f" and {name} is known"),))
    return Fix(FixKind.UNSAFE, (Edit(start, "("), Edit(end, f" and {name} is known)")))


def _negative(part: Placed, findings: Findings) -> None:
    name, written = findings.raw(part.left) if part.left else "the value", findings.raw(part.span)
    findings.warning(
        "negative-on-missing",
        part.span,
        f"this leaves out everyone whose `{name}` is missing",
        f"false where `{name}` is missing",
        help=f"add `and {name} is known` if that is meant, else write `({written} or {name} is missing)`",
    )
