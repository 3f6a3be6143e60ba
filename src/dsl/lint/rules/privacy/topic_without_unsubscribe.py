"""X24, L5, L6: mail in bulk, or a row of mails, of a topic that nobody can leave."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....schema.model import TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import every_statement, parts_of
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.SettingsOnly) -> Iterator[Found]:
    told: set[str] = set()
    for template in _sent(node):
        name = view.names.topic_of(template.text) or ""
        topic = view.schema.topics.get(name)
        if topic is not None and topic.kind is TopicKind.TRANSACTIONAL and name not in told:
            told.add(name)
            what = "a broadcast" if isinstance(node, nodes.SettingsOnly) else "a sequence"
            yield Found(
                template.span,
                f"nobody can unsubscribe from `{name}`, and {what} mails it",
                "of a transactional topic",
                help="give the template a topic of kind marketing or one_to_one",
                note="transactional mail has no line to unsubscribe, and goes to people who have opted out",
            )


def _sent(node: nodes.Sequence | nodes.SettingsOnly) -> Iterator[nodes.Name | nodes.Path]:
    match node:
        case nodes.Sequence(body=body):
            for part in parts_of(body):
                yield from (s.template for s in every_statement(part) if isinstance(s, nodes.Send))
        case nodes.SettingsOnly(kind="broadcast", settings=settings):
            yield from (s.value for s in settings if s.name == "send" and isinstance(s.value, nodes.Path))


_TEMPLATE = 'template news { topic: TOPIC  subject: "News"  body: """[Read on](https://example.com/news)""" }\n'
_BROADCAST = """\
broadcast spring {
  to: subscribed to newsletter
  send: news
}
"""
_SEQUENCE = """\
sequence chase {
  send news
  wait 3 business days
  send news
}
"""
_WORKFLOW = """\
workflow receipt of contact {
  when: purchased
  send news
}
"""

RULE = Rule(
    name="topic-without-unsubscribe",
    alias="SG640",
    category="privacy",
    severity=Severity.WARNING,
    title="Mail in bulk of a topic that nobody can leave",
    why="Mail of a marketing or one-to-one topic gets a List-Unsubscribe header and a line to unsubscribe by "
    "itself, also where its template has no `{{ links.unsubscribe }}`. Mail of a transactional topic has neither, "
    "and an opt-out does not hold it back: it is for receipts and passwords, one at a time, because of something "
    "the person did. A broadcast or a sequence of a transactional topic mails people who cannot make it stop, and "
    "most laws on mail forbid that. If it has to reach everybody all the same, such as new terms of business, say "
    "so in an ignore comment.",
    domain=("X24", "L5", "L6"),
    bad=(
        Example(_BROADCAST + _TEMPLATE.replace("TOPIC", "orders"), "a broadcast"),
        Example(_SEQUENCE + _TEMPLATE.replace("TOPIC", "orders"), "a sequence"),
    ),
    good=(
        Example(_BROADCAST + _TEMPLATE.replace("TOPIC", "newsletter")),
        Example(_WORKFLOW + _TEMPLATE.replace("TOPIC", "orders"), "the answer to a purchase"),
    ),
    on=(nodes.Sequence, nodes.SettingsOnly),
    check=_check,
)
