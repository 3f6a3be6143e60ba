"""The same expectation again, with nothing in between."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...rule_tests import EXPECTATIONS
from ...view import View


def _check(view: View, node: nodes.Test | nodes.Rows) -> Iterator[Found]:
    said: dict[str, Span] = {}
    for item in node.items:
        if not isinstance(item, EXPECTATIONS):
            said = {}  # something happened, and it may look otherwise now
            continue
        text = view.text(item.span)
        if text in said:
            yield Found(
                item.span,
                "this is expected already",
                "the same again",
                help="take it out, or write what was meant",
                note="nothing happens between the two, so they hold or fail together",
                others=[Label(said[text], "first here")],
            )
        said.setdefault(text, item.span)


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  notify owner "A new customer"
  set plan = paid
}
test "the owner is told" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead owner = ada }
  set ann.lifecycle_stage = customer
  expect ada notified
  SECOND
}
"""

RULE = Rule(
    name="expected-twice",
    alias="SG690",
    category="testing",
    severity=Severity.WARNING,
    title="A test expects the same thing twice in a row",
    why="An `expect` looks at all that has happened since the test began. The same line twice with nothing in "
    "between holds or fails twice; usually one of them was to name another person, another mail or another day. It "
    "also does not count: two mails are not expected by saying so twice.",
    domain=(),
    bad=(Example(_PROGRAM.replace("SECOND", "expect ada notified")),),
    good=(
        Example(_PROGRAM.replace("SECOND", "expect ann { plan = paid }")),
        Example(_PROGRAM.replace("SECOND", "after 1 day\n  expect ada notified"), "a day later"),
    ),
    on=(nodes.Test, nodes.Rows),
    check=_check,
)
