"""X25: a definition that by itself sends more than the frequency cap lets through."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.blocks import Block, Graph, If, Send, following
from ....program.conditions import Outcome
from ....syntax import nodes
from ...examples import SETTINGS
from ...graph_ways import backwards, longest_stay
from ...rule import Example, Found, Rule
from ...view import View
from ...ways import DAY


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    cap = view.project.limits.frequency_cap
    if cap is None or view.graph is None:
        return
    within = cap.within_days * DAY
    mails, minutes = _densest(view, view.graph, within, cap.at_most + 1)
    if mails > cap.at_most:
        then = "the rest wait until there is room" if cap.when_reached == "defer" else "the rest are not sent at all"
        yield Found(
            node.name.span,
            f"`{view.name}` sends one person {mails} mails within {_days(minutes)}, and the frequency cap lets "
            f"{cap.at_most} through in {_days(within)}",
            "more than the cap",
            help="put more time between the mails, or raise `frequency_cap` in segue.yaml",
            note=f"{then}, so people do not get them at the times written here",
        )


def _densest(view: View, graph: Graph, within: int, enough: int) -> tuple[int, int]:
    """How many mails (up to `enough`) one way sends in less than `within` minutes, and in how many."""
    # For each block the least minutes in which one way from it sends 0, 1, 2 .. mails; the last of them is sent then.
    quickest: dict[int, list[int]] = {}
    most, took = 0, 0
    for number in backwards(graph):
        block = graph.blocks[number]
        stay = longest_stay(block, view.kind)
        ahead: list[int] = []
        for way in _ways(block):
            for mails, minutes in enumerate(quickest[way]):
                if mails == len(ahead):
                    ahead.append(minutes)
                ahead[mails] = min(ahead[mails], minutes)
        times = [0, *(minutes + stay for minutes in ahead[1:])] if stay is not None else [0]
        if _counts(view, block):
            times = [0, 0, *times[1:enough]]
        quickest[number] = times = [minutes for minutes in times if minutes < within]
        if len(times) - 1 > most:
            most, took = len(times) - 1, times[-1]
    return most, took


def _ways(block: Block) -> tuple[int, ...]:
    if isinstance(block, If) and block.condition == Outcome("refused"):
        return (block.otherwise,)
    return following(block)


def _counts(view: View, block: Block) -> bool:
    if not isinstance(block, Send) or block.as_task:
        return False
    topic = view.schema.topics.get(view.names.topic_of(block.template) or "")
    cap = view.project.limits.frequency_cap
    return topic is not None and cap is not None and topic.kind not in cap.except_kinds


def _days(minutes: int) -> str:
    days = -(-minutes // DAY)
    return "a day" if days <= 1 else f"{days} days"


_PROGRAM = """\
workflow course of contact {
  when: plan becomes trial
  only: subscribed to newsletter
  send one
  wait DAYS
  send two
  wait DAYS
  send three
}
template one { topic: newsletter  subject: "Lesson one"  body: \"""[Read it](https://example.com/1)\""" }
template two { topic: newsletter  subject: "Lesson two"  body: \"""[Read it](https://example.com/2)\""" }
template three { topic: newsletter  subject: "Lesson three"  body: \"""[Read it](https://example.com/3)\""" }
"""
_CAPPED = SETTINGS + "limits: {frequency_cap: {at_most: 2, within: 7 days, over: all, when_reached: defer}}\n"

RULE = Rule(
    name="frequency-cap-cannot-hold",
    alias="SG621",
    category="delivery",
    severity=Severity.WARNING,
    title="A definition sends more mails than the frequency cap lets through",
    why="The frequency cap counts all mails to one person. Where a single definition has more mails in its own course "
    "than fit, the last ones are put off or dropped for everybody, and what was planned never happens. Counted is the "
    "way with the most mails, and every wait at its longest, so that what is told is so for all who go that way.",
    domain=("L14",),
    bad=(Example(_PROGRAM.replace("DAYS", "2 days"), settings=_CAPPED),),
    good=(
        Example(_PROGRAM.replace("DAYS", "4 days"), settings=_CAPPED),
        Example(_PROGRAM.replace("DAYS", "2 days"), "there is no cap"),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
