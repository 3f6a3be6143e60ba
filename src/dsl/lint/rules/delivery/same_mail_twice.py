"""The same template stands twice on one way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....diagnostics.diagnostic import Label, Severity
from ....schema.model import TopicKind
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import parts_of
from ...view import View
from ...ways import follow, not_after_refusal, passing

# A mail that was sent, and whether time has passed since then: if not, `mails-without-wait` tells it.
_Sent = frozenset[tuple[nodes.Send, bool]]
_EMAIL = "_email"  # in what a branch asks for: `opened_email`, `clicked_email`, `received_email`


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    found: dict[nodes.Send, nodes.Send] = {}

    def step(statement: nodes.Statement, sent: _Sent) -> _Sent:
        if passing(statement, view.kind) != 0:
            return frozenset((before, True) for before, _ in sent)
        if not isinstance(statement, nodes.Send) or statement.as_task or _is_receipt(view, statement):
            return sent
        for before, ago in sorted(sent, key=lambda one: one[0].span.start):
            if ago and before.template.text == statement.template.text and before is not statement:
                found.setdefault(statement, before)
        known = any(before.template.text == statement.template.text for before, _ in sent)
        return sent if known else sent | {(statement, False)}

    def into(statement: nodes.Statement, block: nodes.Block, sent: _Sent) -> _Sent | None:
        if any(_EMAIL in view.text(span) for span in _asked(statement)):
            return frozenset()  # once more to those who have not read it
        return not_after_refusal(statement, block, sent)

    if len({mail.template.text for mail in view.mails}) < len(view.mails):
        for part in parts_of(node.body):
            follow(part, step, into)
    for second, first in found.items():
        yield Found(
            second.span,
            f"people get `{second.template.text}` a second time here",
            "the same mail again",
            help="send another template, or put both into a `repeat`, which says that it is meant",
            others=[Label(first.span, "sent before")],
        )


def _asked(statement: nodes.Statement) -> Sequence[Span]:
    match statement:
        case nodes.If(branches=branches):
            return [branch.condition.span for branch in branches]
        case nodes.WaitUntil(what=what):
            return [what.span]
    return ()


def _is_receipt(view: View, send: nodes.Send) -> bool:
    topic = view.schema.topics.get(view.names.topic_of(send.template.text) or "")
    return topic is None or topic.kind is TopicKind.TRANSACTIONAL


_PROGRAM = """\
sequence outreach {
  send hello
  wait 3 business days
  STEP
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
"""

RULE = Rule(
    name="same-mail-twice",
    alias="SG636",
    category="delivery",
    severity=Severity.WARNING,
    title="One person gets the same mail twice",
    why="A mail that comes a second time, word for word, looks like a mistake, and to filters like a copy. Most often "
    "a step was copied and its template not changed. A `repeat` says that the same mail is meant to come again, and "
    "is left alone, and so is one sent again behind a branch that asks whether it was opened or clicked.",
    domain=("S5", "L9"),
    bad=(Example(_PROGRAM.replace("STEP", "send hello")),),
    good=(
        Example(_PROGRAM.replace("STEP", 'task call "Call them"')),
        Example(
            _PROGRAM.replace("send hello\n  wait 3 business days\n  STEP", "IF").replace(
                "IF", 'if visits > 5 { send hello } else { task call "Call them"  send hello }'
            ),
            "nobody goes both ways",
        ),
        Example(
            _PROGRAM.replace("STEP", "if has not opened_email(template = hello) since enrollment { send hello }"),
            "once more to those who have not read it",
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
