"""A record that a test makes and never mentions again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...rule_tests import every_item
from ...view import View

# These may be about anybody; in rows a name may be a row's.
_ABOUT_ANYBODY = (
    nodes.ExpectNothing,
    nodes.ExpectNotice,
    nodes.ExpectCall,
    nodes.ExpectCreated,
    nodes.ExpectRow,
    nodes.Rows,
)


def _check(view: View, node: nodes.Test) -> Iterator[Found]:
    items = list(every_item(node.items))
    if any(isinstance(item, _ABOUT_ANYBODY) for item in items):
        return
    named = Counter(name for item in items for name in _named(item))
    for item in items:
        if isinstance(item, nodes.GivenRecord) and not named[item.name.text]:
            yield Found(
                item.name.span,
                f"nothing happens to `{item.name.text}`, and nothing is expected of it",
                "never mentioned again",
                help="expect something of it, or leave it out; `expect nothing else` covers everybody",
            )


def _named(item: nodes.TestItem) -> Iterator[str]:
    """The records an item speaks of, where it does not make them."""
    match item:
        case nodes.GivenLink(who=who, other=other) | nodes.ExpectLink(who=who, other=other):
            yield from (who.text, other.text)
        case nodes.GivenRecord(fields=fields):
            yield from (f.value.text for f in fields if isinstance(f.value, nodes.Path))
        case nodes.GivenEvent(who=who) | nodes.GivenMember(who=who) | nodes.GivenConsent(who=who):
            yield who.text
        case nodes.Happens(who=who) | nodes.Enrolls(who=who) | nodes.TaskClosed(who=who) | nodes.Sets(who=who):
            yield who.text
        case nodes.ExpectMail(who=who) | nodes.ExpectTask(who=who) | nodes.ExpectFields(who=who):
            yield who.text
        case nodes.ExpectMember(who=who) | nodes.ExpectEnded(who=who) | nodes.ExpectConsent(who=who):
            yield who.text
        case nodes.ExpectNote(who=who) | nodes.ExpectFinding(who=who) | nodes.ExpectSnippet(who=who):
            yield who.text
        case nodes.Submits(who=who) | nodes.AnswersSurvey(who=who) | nodes.Moves(record=who):
            yield who.text
        case nodes.Saves(record=record, person=person):
            yield from (name.text for name in (record, person) if name is not None)


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  set plan = paid
}
test "the plan follows" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead }
  given contact ben { email = "ben@example.com" lifecycle_stage = customer }
  set ann.lifecycle_stage = customer
  expect ann { plan = paid }
  MORE
}
"""

RULE = Rule(
    name="person-without-part",
    alias="SG687",
    category="testing",
    severity=Severity.WARNING,
    title="A record of a test that has no part in it",
    why="Somebody was made up to show that they get nothing, or get something else, and the line that expects it is "
    "missing: whatever the rules do to them, the test passes. Records that another is linked to, or whose value is "
    "used, have a part; with `expect nothing else` all have.",
    domain=(),
    bad=(Example(_PROGRAM.replace("  MORE\n", "")),),
    good=(
        Example(_PROGRAM.replace("MORE", "expect ben { plan is missing }")),
        Example(_PROGRAM.replace("MORE", "expect nothing else")),
    ),
    on=(nodes.Test,),
    check=_check,
)
