"""A long number nobody can read at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....check.findings import replace
from ....diagnostics.diagnostic import Severity
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_LONG = re.compile(r"[0-9]{6,}")
_ORDERED = frozenset(("<", "<=", ">", ">="))


def _check(view: View, node: nodes.Money | nodes.Compare | nodes.Between) -> Iterator[Found]:
    match node:
        case nodes.Money():
            yield from _long(view, node.span)
        case nodes.Compare(op=op, right=nodes.Number(span=span)) if op in _ORDERED:
            yield from _long(view, span)
        case nodes.Between(low=low, high=high):
            for end in (low, high):
                if isinstance(end, nodes.Number):
                    yield from _long(view, end.span)


def _long(view: View, span: Span) -> Iterator[Found]:
    written = _LONG.match(view.text(span))  # the digits before the point
    if written is not None:
        place = Span(span.file, span.start, span.start + written.end())
        grouped = f"{int(written[0]):_}"
        if len(grouped.replace("_", "")) == len(written[0]):
            under, help_ = f"{len(written[0])} digits", f"write `{grouped}`"
            yield Found(place, f"`{written[0]}` is hard to read", under, help_, fix=replace(place, grouped))


_PROGRAM = "segment big of contact { any deal (not closed and amount > AMOUNT EUR) }\n"

RULE = Rule(
    name="digits-without-separators",
    alias="SG678",
    category="style",
    severity=Severity.INFO,
    title="A long number without separators",
    why="One zero more or less in `1000000` is not seen, and decides who is called. `_` may stand between the "
    "digits and means nothing. Amounts of money and limits are looked at; numbers that something is equal to may be "
    "keys, which are written as they are.",
    domain=(),
    bad=(Example(_PROGRAM.replace("AMOUNT", "1000000")), Example(_PROGRAM.replace("AMOUNT", "250000.50"))),
    good=(
        Example(_PROGRAM.replace("AMOUNT", "1_000_000")),
        Example(_PROGRAM.replace("AMOUNT", "50000"), "short enough"),
        Example("segment one of contact { visits = 20417 }\n", "equal to it"),
    ),
    on=(nodes.Money, nodes.Compare, nodes.Between),
    check=_check,
    repairs="safe",
)
