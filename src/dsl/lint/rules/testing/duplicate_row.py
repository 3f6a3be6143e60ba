"""A row of a `for each` that is played twice."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Rows) -> Iterator[Found]:
    first: dict[tuple[str, ...], Span] = {}
    for row in node.rows:
        if not row:
            continue
        values, place = tuple(view.text(value.span) for value in row), row[0].span.to(row[-1].span)
        if values in first:
            yield Found(
                place,
                "this row is played already",
                "the same values again",
                help="take it out, or write the values that were meant",
                others=[Label(first[values], "first here")],
            )
        first.setdefault(values, place)


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  notify owner "A new customer"
}
test "whatever the plan" of greet {
  clock 2026-03-02 10:00
  for each kind in [ROWS] {
    given contact ann { email = "ann@example.com" lifecycle_stage = lead plan = kind owner = ada }
    set ann.lifecycle_stage = customer
    expect ada notified
  }
}
"""

RULE = Rule(
    name="duplicate-row",
    alias="SG689",
    category="testing",
    severity=Severity.WARNING,
    title="A row of a test stands there twice",
    why="Each row of a `for each` is a test of its own. The same row again tests nothing new; usually it was copied "
    "for another case, which is now missing.",
    domain=(),
    bad=(Example(_PROGRAM.replace("ROWS", "free, paid, free")),),
    good=(Example(_PROGRAM.replace("ROWS", "free, paid, trial")),),
    on=(nodes.Rows,),
    check=_check,
)
