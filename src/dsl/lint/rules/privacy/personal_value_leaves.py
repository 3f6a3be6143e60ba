"""Where mail addresses and phone numbers go to other services."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...printed import REACHES, printed
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Slack) -> Iterator[Found]:
    for field in printed(node.text):
        if field.is_contact(REACHES):
            yield Found(
                field.span,
                f"`{field.path}` is written into the chat",
                "kept there",
                help="name the person instead: `{{ contact.full_name }}`",
                note="who is deleted here stays in the history of the channel",
            )


_PROGRAM = """\
workflow call of contact {
  when: lifecycle_stage becomes sql
  slack "#leads" "Call {{ VALUE }}"
}
"""

RULE = Rule(
    name="personal-value-leaves",
    alias="SG650",
    category="privacy",
    severity=Severity.INFO,
    title="A mail address or phone number is written into a chat",
    why="What is written into a chat is kept by another service, is read by everybody in the channel, now and "
    "later, and does not go away when the person is deleted here. A name is enough to find the record. The rule "
    "speaks in the strict profile only: whether it is allowed is for the project to say.",
    domain=("L4", "W15"),
    bad=(Example(_PROGRAM.replace("VALUE", "contact.phone | default: 'them'")),),
    good=(Example(_PROGRAM.replace("VALUE", "contact.full_name")),),
    on=(nodes.Slack,),
    check=_check,
    strict=True,
)
