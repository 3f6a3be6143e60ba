"""X24: a link to unsubscribe in transactional mail, which is sent to who has opted out as well."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....schema.model import TopicKind
from ....syntax import nodes
from ...printed import printed, text_of
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    name = view.names.topic_of(node.name.text) or ""
    topic, body = view.schema.topics.get(name), text_of(view.settings.get("body"))
    if topic is None or topic.kind is not TopicKind.TRANSACTIONAL or body is None:
        return
    for field in printed(body):
        if field.path == "links.unsubscribe":
            yield Found(
                field.span,
                f"unsubscribing does not end mail of `{name}`",
                "promises what is not kept",
                help="take the link out, or give the template a topic that can be left",
                note=f"`{name}` is transactional: an opt-out does not hold it back",
            )
            return


_PROGRAM = """\
workflow receipt of contact {
  when: purchased
  send receipt
}
template receipt {
  topic: TOPIC
  subject: "Your order"
  body: \"""
    Thank you. [Your order](https://example.com/order)LINK
    \"""
}
"""
_LINK = "\n    [Unsubscribe]({{ links.unsubscribe }})"

RULE = Rule(
    name="unsubscribe-link-without-effect",
    alias="SG641",
    category="privacy",
    severity=Severity.WARNING,
    title="A link to unsubscribe in mail that cannot be left",
    why="Transactional topics, such as receipts, are sent to people who have opted out of them too: only a "
    "suppressed address gets none. Somebody who follows the link and gets the next mail all the same has been lied "
    "to, and marks it as spam.",
    domain=("X24", "L3"),
    bad=(Example(_PROGRAM.replace("TOPIC", "orders").replace("LINK", _LINK)),),
    good=(
        Example(_PROGRAM.replace("TOPIC", "orders").replace("LINK", "")),
        Example(_PROGRAM.replace("TOPIC", "sales").replace("LINK", _LINK), "a topic that can be left"),
    ),
    on=(nodes.Template,),
    check=_check,
)
