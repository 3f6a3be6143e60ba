"""All tests of a sequence or workflow would pass if it did nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...rule_tests import EXPECTATIONS, every_item
from ...view import View

NAME = "only-absence-tested"


def _note(view: View) -> bool | None:
    """Whether a test expects that something is there or has happened."""
    if not isinstance(view.node, nodes.Test):
        return None
    return any(_presence(item) for item in every_item(view.node.items))


def _presence(item: nodes.TestItem) -> bool:
    match item:
        case nodes.ExpectNothing():
            return False
        case nodes.ExpectMail() | nodes.ExpectTask() | nodes.ExpectNotice() | nodes.ExpectMember():
            return not item.negated
        case nodes.ExpectCall() | nodes.ExpectNote() | nodes.ExpectCreated() | nodes.ExpectConsent():
            return not item.negated
        case nodes.ExpectRow() | nodes.ExpectFinding() | nodes.ExpectLink():
            return not item.negated
    return isinstance(item, EXPECTATIONS)


def _whole(overview: Overview) -> Iterator[Found]:
    presence = {id(facts): expected for facts, expected in overview.notes(NAME)}
    for definition in overview.of("sequence", "workflow"):
        tests = [by for by in overview.named_by(definition) if by.kind == "test"]
        if tests and not any(presence.get(id(test)) for test in tests):
            yield Found(
                definition.span,
                f"every test of `{definition.name}` would pass if it did nothing",
                "tested by what does not happen",
                help="expect in one test what somebody gets, such as `expect ann receives ..`",
            )


_WORKFLOW = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  only: plan = paid
  notify owner "A new customer"
}
"""
_TEST = """\
test "PLAN" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead plan = PLAN owner = ada }
  set ann.lifecycle_stage = customer
  expect ada EXPECTED
}
"""
_ABSENCE = _TEST.replace("PLAN", "free").replace("EXPECTED", "not notified")
_PRESENCE = _TEST.replace("PLAN", "paid").replace("EXPECTED", "notified")

RULE = Rule(
    name=NAME,
    alias="SG691",
    category="testing",
    severity=Severity.WARNING,
    title="Tests that only expect what does not happen",
    why="`does not receive`, `not notified` and `nothing else` hold for a definition that does nothing: one whose "
    "condition is never true, or whose trigger is misspelt. One test that expects something shows that it works at "
    "all, and gives the others their meaning.",
    domain=(),
    bad=(Example(_WORKFLOW + _ABSENCE),),
    good=(Example(_WORKFLOW + _ABSENCE + _PRESENCE),),
    note=_note,
    whole=_whole,
    strict=True,
)
