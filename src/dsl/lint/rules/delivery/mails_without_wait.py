"""Two mails to one person at the same moment."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....schema.model import TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import parts_of
from ...view import View
from ...ways import follow, not_after_refusal, passing

_Sent = frozenset[nodes.Send]


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    found: dict[nodes.Send, nodes.Send] = {}

    def step(statement: nodes.Statement, sent: _Sent) -> _Sent:
        if passing(statement, view.kind) != 0:
            return frozenset()
        if not isinstance(statement, nodes.Send) or statement.as_task or not _asks_for_time(view, statement):
            return sent
        if sent:
            found.setdefault(statement, min(sent, key=lambda send: send.span.start))
        return frozenset((statement,))

    for part in parts_of(node.body) if len(view.mails) > 1 else ():
        follow(part, step, not_after_refusal)
    for second, first in found.items():
        yield Found(
            second.span,
            f"`{second.template.text}` goes out at the same moment as `{first.template.text}`",
            "no wait between them",
            help="put a `wait` between the two, or make one mail of them",
            others=[Label(first.span, "to the same person")],
        )


def _asks_for_time(view: View, send: nodes.Send) -> bool:
    """Receipts and the like may come two at a time."""
    topic = view.schema.topics.get(view.names.topic_of(send.template.text) or "")
    return topic is not None and topic.kind is not TopicKind.TRANSACTIONAL


_PROGRAM = """\
workflow course of contact {
  when: plan becomes trial
  only: subscribed to newsletter
  send one
  WAITsend two
}
template one { topic: newsletter  subject: "Lesson one"  body: \"""[Read it](https://example.com/1)\""" }
template two { topic: newsletter  subject: "Lesson two"  body: \"""[Read it](https://example.com/2)\""" }
"""

RULE = Rule(
    name="mails-without-wait",
    alias="SG622",
    category="delivery",
    severity=Severity.WARNING,
    title="Two mails go to one person at the same moment",
    why="Without a wait between them two mails arrive in the same second. The second is not read, and mail programs "
    "take such bursts for what they look like. Mails of transactional topics are left alone, and so is the mail that "
    "is sent instead of a refused one.",
    domain=("L14", "S5"),
    bad=(Example(_PROGRAM.replace("WAIT", "")),),
    good=(
        Example(_PROGRAM.replace("WAIT", "wait 3 days\n  ")),
        Example(_PROGRAM.replace("WAITsend two", "if refused { send two }"), "instead of the first"),
        Example(
            _PROGRAM.replace(
                "  send one\n  WAITsend two", "  if visits > 5 { send one }\n  if visits < 3 { send two }"
            ),
            "nobody fulfils both conditions",
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
