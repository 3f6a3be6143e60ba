"""L14: several definitions mail for marketing, and nothing limits what one person gets of them together."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.blocks import Graph, Send, SendTo
from ....program.others import Broadcast
from ....schema.model import TopicKind
from ...examples import SETTINGS
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "no-frequency-cap"


def _note(view: View) -> bool | None:
    """Whether it sends a marketing mail."""
    if isinstance(view.compiled, Broadcast):
        return _marketing(view, view.compiled.template) or None
    return _sends(view, view.graph) or None if view.graph is not None else None


def _sends(view: View, graph: Graph) -> bool:
    return any(isinstance(block, Send | SendTo) and _marketing(view, block.template) for block in graph.blocks)


def _marketing(view: View, template: str) -> bool:
    topic = view.schema.topics.get(view.names.topic_of(template) or "")
    return topic is not None and topic.kind is TopicKind.MARKETING


def _whole(overview: Overview) -> Iterator[Found]:
    mailing = [facts for facts, _ in overview.notes(NAME)]
    if len(mailing) < 2 or overview.names.project.limits.frequency_cap is not None or overview.settings is None:
        return
    yield Found(
        overview.in_settings("limits"),
        f"{len(mailing)} definitions send marketing mails, and nothing limits what one person gets of them together",
        "no `frequency_cap`",
        help="write `frequency_cap: {at_most: 4, within: 7 days, over: all, when_reached: defer}` under `limits:`",
        others=[Label(facts.span, f"`{facts.name}` is one of them") for facts in mailing[:2]],
    )


_PROGRAM = """\
broadcast spring { to: subscribed to newsletter  send: hello }
template hello { topic: newsletter  subject: "Hello"  body: \"""[More](https://example.com/)\""" }
"""
_SECOND = """\
workflow welcome of contact { when: lifecycle_stage becomes customer  only: subscribed to newsletter  send thanks }
template thanks { topic: newsletter  subject: "Thanks"  body: \"""[More](https://example.com/)\""" }
test "a customer is thanked" of welcome {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" }
  given ann subscribed to newsletter
  set ann.lifecycle_stage = customer
  expect ann receives thanks
}
"""
_CAPPED = SETTINGS + "limits: {frequency_cap: {at_most: 4, within: 7 days, over: all, when_reached: defer}}\n"

RULE = Rule(
    name=NAME,
    alias="SG637",
    category="delivery",
    severity=Severity.INFO,
    title="Several definitions send marketing mails, and no frequency cap holds them together",
    why="Each definition keeps its own measure, and one person may be in all of them: then there are eleven mails in "
    "five days, and nobody has decided it. `frequency_cap` counts over all definitions, with the exceptions you name, "
    "and says whether what is over it waits or is left out.",
    domain=("L14",),
    bad=(Example(_PROGRAM + _SECOND),),
    good=(Example(_PROGRAM + _SECOND, settings=_CAPPED), Example(_PROGRAM, "only one sends")),
    note=_note,
    whole=_whole,
    strict=True,
)
