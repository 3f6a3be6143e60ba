"""What happens in a test behind its last expectation."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...rule_tests import ACTS, expects
from ...view import View


def _check(view: View, node: nodes.Test) -> Iterator[Found]:
    last = max((n for n, item in enumerate(node.items) if expects(item)), default=None)
    if last is None:
        return  # it expects nothing at all, which the checker tells
    behind = [item for item in node.items[last + 1 :] if isinstance(item, ACTS)]
    if behind:
        yield Found(
            behind[0].span.to(behind[-1].span),
            "nothing is expected after this",
            "changes nothing about the outcome",
            help="write what should follow from it, or take it out",
            note="an `expect` looks at what has happened up to its own line",
        )


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  wait 2 days
  notify owner "A new customer"
}
test "the owner is told after two days" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead owner = ada }
  set ann.lifecycle_stage = customer
  expect ada not notified
  after 2 days
  LAST
}
"""

RULE = Rule(
    name="nothing-expected-after",
    alias="SG688",
    category="testing",
    severity=Severity.WARNING,
    title="Time passes or something happens, and nothing is expected after it",
    why="What a test does behind its last `expect` cannot make it fail. Mostly the expectation was forgotten, or "
    "stands too early: `expect ann does not receive t` before the days in which it could be sent passes whatever "
    "the rules do.",
    domain=(),
    bad=(Example(_PROGRAM.replace("  LAST\n", "")),),
    good=(Example(_PROGRAM.replace("LAST", "expect ada notified")),),
    on=(nodes.Test,),
    check=_check,
)
