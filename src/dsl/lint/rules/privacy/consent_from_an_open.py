"""L2, L4: an open or a click taken for consent."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.definitions import OnEvents
from ....schema.model import TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import every_statement, parts_of
from ...view import View


def _check(view: View, node: nodes.Workflow | nodes.Sequence) -> Iterator[Found]:
    trigger, when = view.definition.trigger if view.definition else None, view.settings.get("when")
    if not isinstance(trigger, OnEvents) or when is None:
        return
    if any(match.event != "opened_email" for match in trigger.events):
        return
    for part in parts_of(node.body):
        for statement in every_statement(part):
            topic = view.schema.topics.get(statement.topic.text) if isinstance(statement, nodes.Subscribe) else None
            if topic is not None and topic.kind is TopicKind.MARKETING:
                yield Found(
                    statement.span,
                    f"to open a mail is no consent to `{topic.name}`",
                    "nobody has agreed",
                    help="send a link to a form, and subscribe when the form is sent",
                    others=[Label(when.span, "starts by an open")],
                )


_PROGRAM = """\
workflow readers of contact {
  when: EVENT
  subscribe to newsletter because "REASON"
}
"""

RULE = Rule(
    name="consent-from-an-open",
    alias="SG648",
    category="privacy",
    severity=Severity.WARNING,
    title="Who opens a mail is subscribed",
    why="Consent is something a person says, knowing to what. An open is often made by the mail program before "
    "anybody has looked, and even a person who reads has agreed to nothing by it. The record of consent would show "
    "a basis that is none.",
    domain=("L4", "M20", "X24"),
    bad=(Example(_PROGRAM.replace("EVENT", "opened_email").replace("REASON", "reads our mail")),),
    good=(
        Example(
            _PROGRAM.replace("EVENT", "submitted_form(form = newsletter)").replace("REASON", "asked for it by form")
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
