"""X25: a definition that by itself sends more than the frequency cap lets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....diagnostics.diagnostic import Severity
from ....program.blocks import Block, Graph, If, Send, WaitCondition, following
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
    if sum(_counts(view, block) for block in view.graph.blocks) <= cap.at_most:
        return
    within = cap.within_days * DAY
    mails, minutes = _densest(view, view.graph, within, cap.at_most + 1)
    if mails > cap.at_most:
        then = "the rest wait until there is room" if cap.when_reached == "defer" else "the rest are not sent at all"
        yield Found(
            node.name.span,
            f"`{view.name}` can send one person {mails} mails within {_days(minutes)}, and the frequency cap lets "
            f"{cap.at_most} through in {_days(within)}",
            "more than the cap",
            help="put more time between the mails, or raise `frequency_cap` in segue.yaml",
            note=f"{then}, so people do not get them at the times written here",
        )


def _densest(view: View, graph: Graph, within: int, enough: int) -> tuple[int, int]:
    """How many mails (up to `enough`) one way sends in less than `within` minutes, and in how many."""
    quickest: dict[int, _Ahead] = {}
    most, took = 0, 0
    for number in backwards(graph):
        block = graph.blocks[number]
        stay = longest_stay(block, view.kind)
        ahead = _ahead(block, [quickest[way] for way in _ways(block)])
        quickest[number] = ahead = _Ahead(
            *(_behind(times, stay, within, enough, mails=_counts(view, block)) for times in (ahead.all, ahead.some))
        )
        if len(ahead.some) - 1 > most:
            most, took = len(ahead.some) - 1, ahead.some[-1]
    return most, took


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The least minutes in which a way from a block has sent 0, 1, 2 .. mails: on `all` ways from here, and on `some`,
    with one condition decided as it suits: two of them may exclude each other."""

    all: list[int]
    some: list[int]


def _behind(ahead: list[int], stay: int | None, within: int, enough: int, *, mails: bool) -> list[int]:
    """The same in front of a block: what it sends itself is the first mail."""
    times = [0, *(minutes + stay for minutes in ahead[1:])] if stay is not None else [0]
    if mails:
        times = [0, 0, *times[1:enough]]
    return [minutes for minutes in times if minutes < within]


def _ahead(block: Block, ways: list[_Ahead]) -> _Ahead:
    if not ways:
        return _Ahead([0], [0])
    if isinstance(block, If | WaitCondition):
        some = _either([_both([way.some for way in ways]), *(way.all for way in ways)])
        return _Ahead(_both([way.all for way in ways]), some)
    return _Ahead(_either([way.all for way in ways]), _either([way.some for way in ways]))


def _either(ways: list[list[int]]) -> list[int]:
    return [min(way[n] for way in ways if len(way) > n) for n in range(max(map(len, ways)))]


def _both(ways: list[list[int]]) -> list[int]:
    return [max(way[n] for way in ways) for n in range(min(map(len, ways)))]


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
        Example(
            _PROGRAM.replace("DAYS", "2 days")
            .replace("  send two", "  if visits > 5 { send two }")
            .replace("  send three", "  if visits < 3 { send three }"),
            "nobody gets all three",
            settings=_CAPPED,
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
