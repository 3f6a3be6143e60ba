"""W11: an `else if` that nobody reaches, because a branch above it takes all of them."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed, negated
from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...entry import excluded, placed_at
from ...rule import Example, Found, Rule
from ...view import View

# Each branch is set against all above it: who writes more of them has a `match` in mind.
MOST = 20


def _check(view: View, node: nodes.If) -> Iterator[Found]:
    above: list[Placed] = []
    for branch in node.branches[:MOST]:
        placed = placed_at(view, branch.condition.span)
        if placed is None:
            return
        taken = next((one for one in above if excluded(placed, [negated(one, one.span)])), None)
        if taken is not None:
            yield Found(
                placed.span,
                "nobody comes to this branch",
                "all of them took the one above",
                help="ask for the narrower thing first, or take the branch out",
                note="branches are tried in order, and the first that holds is taken",
                others=[Label(taken.span, "takes everybody who could come here")],
            )
        above.append(placed)


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  if FIRST { notify owner "Now and then" } else if SECOND { notify owner "A regular" }
}
"""

RULE = Rule(
    name="branch-never-taken",
    alias="SG607",
    category="bugs",
    severity=Severity.WARNING,
    title="A branch that nobody comes to, because an earlier one takes them all",
    why="The branches of an `if` are tried in the order written and the first that holds is taken. Where a wider "
    "condition stands above a narrower one, nobody is left for the narrower: `visits > 5` takes everybody with more "
    "than ten visits, too. Put the narrower condition first.",
    domain=("W11",),
    bad=(
        Example(_PROGRAM.replace("FIRST", "visits > 5").replace("SECOND", "visits > 10")),
        Example(_PROGRAM.replace("FIRST", "plan in [trial, free]").replace("SECOND", "plan = free"), "one of two"),
    ),
    good=(
        Example(_PROGRAM.replace("FIRST", "visits > 10").replace("SECOND", "visits > 5")),
        Example(
            _PROGRAM.replace("FIRST", "visits > 5 and plan = trial").replace("SECOND", "visits > 10"),
            "those on another plan are left",
        ),
    ),
    on=(nodes.If,),
    check=_check,
)
