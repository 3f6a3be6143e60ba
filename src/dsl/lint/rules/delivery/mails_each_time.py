"""L14: each visit or click brings a marketing mail, as often as it happens."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.definitions import OnEvents
from ....schema.model import TopicKind
from ....syntax import nodes
from ...entry import asks_for_no_mail
from ...examples import SETTINGS
from ...rule import Example, Found, Rule
from ...statements import every_statement, parts_of
from ...view import View
from ...ways import passing

_OFTEN = frozenset(
    ("viewed_page", "searched", "downloaded", "opened_email", "clicked_email", "acted", "abandoned_cart")
)


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    definition, again = view.definition, view.settings.get("again")
    if definition is None or again is None or definition.again.policy != "always":
        return
    trigger = definition.trigger
    if asks_for_no_mail(definition.only):
        return
    if view.project.limits.frequency_cap is not None or not isinstance(trigger, OnEvents):
        return
    often = next((match.event for match in trigger.events if match.event in _OFTEN), None)
    statements = [s for part in parts_of(node.body) for s in every_statement(part)]
    if often is None or any(passing(statement, view.kind) != 0 for statement in statements):
        return  # nobody enters twice while inside
    first = next((s for s in statements if isinstance(s, nodes.Send) and not s.as_task and _marketing(view, s)), None)
    if first is not None:
        yield Found(
            again.value.span,
            f"each `{often}` brings a mail, however often it happens",
            "without any limit",
            help="write `again: after 7 days`, or a `frequency_cap` under `limits:` of segue.yaml",
            others=[Label(first.span, "each time")],
        )


def _marketing(view: View, send: nodes.Send) -> bool:
    topic = view.schema.topics.get(view.names.topic_of(send.template.text) or "")
    return topic is not None and topic.kind is TopicKind.MARKETING


_PROGRAM = """\
workflow pricing of contact {
  when: viewed_page(path = "/pricing")
  only: subscribed to newsletter
  again: AGAIN
  send offer
}
template offer { topic: newsletter  subject: "Prices"  body: \"""[All of them](https://example.com/prices)\""" }
"""
_CAPPED = SETTINGS + "limits: {frequency_cap: {at_most: 2, within: 7 days, over: all, when_reached: skip}}\n"

RULE = Rule(
    name="mails-each-time",
    alias="SG635",
    category="delivery",
    severity=Severity.WARNING,
    title="Each visit, click or cart brings a marketing mail",
    why="With `again: always` people enter each time they do something, and some things people do twenty times in an "
    "evening. Where nothing in the definition takes time and no frequency cap holds, each time brings a mail. `again: "
    "after 7 days` lets people rest.",
    domain=("L14", "S30"),
    bad=(Example(_PROGRAM.replace("AGAIN", "always")),),
    good=(
        Example(_PROGRAM.replace("AGAIN", "after 7 days")),
        Example(
            _PROGRAM.replace("AGAIN", "always")
            .replace("  again", " and has not received_email within 7 days and created_at older than 7 days\n  again")
            .replace("newsletter\n and", "newsletter and"),
            "those who have had one lately are left out",
        ),
        Example(_PROGRAM.replace("AGAIN", "always"), "the cap holds", settings=_CAPPED),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
