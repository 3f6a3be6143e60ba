"""X24, L4: a one-to-one topic, which asks for no consent, mailed in bulk."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....schema.model import TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.SettingsOnly) -> Iterator[Found]:
    sent = view.settings.get("send") if node.kind == "broadcast" else None
    if sent is None or not isinstance(sent.value, nodes.Path):
        return
    name = view.names.topic_of(sent.value.text) or ""
    topic = view.schema.topics.get(name)
    if topic is not None and topic.kind is TopicKind.ONE_TO_ONE:
        yield Found(
            sent.value.span,
            f"a broadcast mails `{name}`, for which nobody is asked",
            "of a one_to_one topic",
            help="give the template a topic of kind marketing, and ask `subscribed to` it in `to:`",
            note="one-to-one mail also goes to people who never opted in; a broadcast is not one-to-one",
        )


_PROGRAM = """\
broadcast spring {
  to: subscribed to newsletter
  send: news
}
template news { topic: TOPIC  subject: "News"  body: \"""[Read on](https://example.com/news)\""" }
"""

RULE = Rule(
    name="bulk-mail-without-consent",
    alias="SG642",
    category="privacy",
    severity=Severity.WARNING,
    title="A broadcast of a one-to-one topic",
    why="A one-to-one topic is for letters from one person to another: whoever has not opted out may get them, also "
    "people who were never asked. A broadcast is bulk mail whatever its template is called, and bulk mail asks for "
    "consent in most countries. With a marketing topic only those who opted in get it.",
    domain=("X24", "L4", "L8"),
    bad=(Example(_PROGRAM.replace("TOPIC", "sales")),),
    good=(Example(_PROGRAM.replace("TOPIC", "newsletter")),),
    on=(nodes.SettingsOnly,),
    check=_check,
)
