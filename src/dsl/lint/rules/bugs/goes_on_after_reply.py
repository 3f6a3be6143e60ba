"""S32: a workflow that goes on writing in a person's name after that person was answered."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....schema.model import TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View
from ...ways import follow, not_after_refusal

_Sent = frozenset[nodes.Send]


def _check(view: View, node: nodes.Workflow) -> Iterator[Found]:
    definition = view.definition
    if definition is None:
        return
    stops = [*(match for match, _ in definition.guards.stop_on), *definition.guards.stop_company_on]
    if any(match.event == "replied" for match in stops):
        return
    guards = definition.guards
    if guards.stop_when is not None or guards.goal is not None or guards.suppress is not None:
        return  # one of them may be about replies
    pair = _two_in_a_row(view, node) if sum(_personal(view, mail) for mail in view.mails) > 1 else None
    if pair is not None:
        first, second = pair
        yield Found(
            second.span,
            "this goes out to people who have replied, too",
            "in the name of a person",
            help="add `stop_on: replied`, or make it a sequence",
            note="a reply ends a sequence by itself, and a workflow only where `stop_on` says so",
            others=[Label(first.span, "they may answer this one")],
        )


def _two_in_a_row(view: View, node: nodes.Workflow) -> tuple[nodes.Send, nodes.Send] | None:
    found: list[tuple[nodes.Send, nodes.Send]] = []

    def step(statement: nodes.Statement, sent: _Sent) -> _Sent:
        if _looks_at_replies(view, statement):
            return frozenset()
        if not isinstance(statement, nodes.Send) or statement.as_task or not _personal(view, statement):
            return sent
        found.extend((before, statement) for before in sent)
        return frozenset((statement,))

    follow(node.body.statements, step, not_after_refusal)
    return min(found, key=lambda pair: pair[1].span.start, default=None)


def _looks_at_replies(view: View, statement: nodes.Statement) -> bool:
    """Whether it asks for replies by itself, or for a segment, which may do so."""
    match statement:
        case nodes.WaitUntil(what=what):
            asked = [what.span]
        case nodes.If(branches=branches):
            asked = [branch.condition.span for branch in branches]
        case nodes.Repeat(until=until) if until is not None:
            asked = [until.span]
        case _:
            return False
    return any(word in view.text(span) for span in asked for word in ("replied", "segment"))


def _personal(view: View, send: nodes.Send) -> bool:
    topic = view.schema.topics.get(view.names.topic_of(send.template.text) or "")
    return topic is not None and topic.kind is TopicKind.ONE_TO_ONE


_PROGRAM = """\
workflow onboarding of contact {
  when: plan becomes trial
SETTING  send hello
  wait 3 days
  send tips
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
template tips { topic: sales  subject: "Three tips"  body: \"""[Tips](https://example.com/tips)\""" }
"""

RULE = Rule(
    name="goes-on-after-reply",
    alias="SG613",
    category="bugs",
    severity=Severity.WARNING,
    title="A workflow goes on with personal mails after a reply",
    why="Mails of a one-to-one topic look as if somebody had written them. When the person answers, the next one must "
    "not come as if nothing had happened. A reply ends a sequence by itself; a workflow goes on unless `stop_on: "
    "replied` stands in it. Mails of a marketing topic expect no answer and are left alone.",
    domain=("S32", "S38"),
    bad=(Example(_PROGRAM.replace("SETTING", "")),),
    good=(
        Example(_PROGRAM.replace("SETTING", "  stop_on: replied\n")),
        Example(
            _PROGRAM.replace("SETTING", "").replace(
                "  send tips", '  if has replied since enrollment { exit "answered" }\n  send tips'
            ),
            "it looks for the reply itself",
        ),
        Example(_PROGRAM.replace("SETTING", "").replace("  wait 3 days\n  send tips\n", "").split("template tips")[0]),
    ),
    on=(nodes.Workflow,),
    check=_check,
)
