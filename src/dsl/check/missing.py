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
    opening, closing = ("", "") if alone else ("(", ")")
    start = Span(part.span.file, part.span.start, part.span.start)
    end = Span(part.span.file, part.span.end, part.span.end)
    edits = (Edit(start, opening), Edit(end, f" and {name} is known{closing}")) if opening else (Edit(end, f" and {name} is known"),)
    findings.error(
        "not-over-missing",
        part.span,
        f"`not` over `{name}`, which may be missing",
        f"are those without `{name}` meant?",
        help=f"write `{known}`, or `{absent}`",
        note="a comparison with a missing value is false, so `not` would take in everyone without one",
        fix=Fix(FixKind.UNSAFE, edits),
    )


def _negative(part: Placed, findings: Findings) -> None:
    name = findings.raw(part.left) if part.left else "the value"
    findings.warning(
        "negative-on-missing",
        part.span,
        f"this leaves out everyone whose `{name}` is missing",
        f"false where `{name}` is missing",
        help=f"add `and {name} is known` if that is meant, else write `({findings.raw(part.span)} or {name} is missing)`",
    )
