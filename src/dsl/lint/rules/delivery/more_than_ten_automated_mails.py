"""S6: a sequence that mails one person more than ten times by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import most, parts_of
from ...view import View

MOST = 10


def _check(view: View, node: nodes.Sequence) -> Iterator[Found]:
    mails = sum(most(part, _automated) for part in parts_of(node.body))
    if mails > MOST:
        yield Found(
            node.name.span,
            f"`{node.name.text}` can send one person {mails} automated mails",
            f"more than {MOST}",
            help="take mails out, end with a task for a rep, or go on in a workflow with a topic of its own",
            note="who has not answered ten mails answers to complain; mailboxes that do this lose their reputation",
        )


def _automated(statement: nodes.Statement) -> int:
    return isinstance(statement, nodes.Send) and not statement.as_task


def _sends(n: int, first: int = 1) -> str:
    return "  wait 3 business days\n".join(f"  send mail_{number}\n" for number in range(first, first + n))


_TEMPLATES = "".join(
    f'template mail_{n} {{ topic: sales  subject: "Letter {n}"  body: """[Our story](https://example.com/{n})""" }}\n'
    for n in range(1, 13)
)

RULE = Rule(
    name="more-than-ten-automated-mails",
    alias="SG620",
    category="delivery",
    severity=Severity.WARNING,
    title="A sequence sends one person more than ten automated mails",
    why="Each mail that nobody reads makes it likelier that the next ones are filed as spam, those of colleagues too. "
    "The usual limits of a sequence are five to ten automated mails. Counted is the longest way through the sequence, "
    "each round of a `repeat` for itself; mails that a rep writes (`send .. as task`) do not count.",
    domain=("S6",),
    bad=(Example(f"sequence chase {{\n{_sends(11)}}}\n{_TEMPLATES}"),),
    good=(
        Example(f"sequence chase {{\n{_sends(10)}}}\n{_TEMPLATES}"),
        Example(
            "sequence chase {\n  if lifecycle_stage = lead {\n"
            + _sends(6)
            + '    exit "leads get six"\n  }\n'
            + _sends(6, first=7)
            + f"}}\n{_TEMPLATES}",
            "nobody gets more than six",
        ),
    ),
    on=(nodes.Sequence,),
    check=_check,
)
