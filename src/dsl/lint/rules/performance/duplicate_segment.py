"""Two segments of one condition: worked out and kept twice."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...overview import Facts, Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "duplicate-segment"


def _note(view: View) -> str | None:
    """What a segment says, as a digest."""
    if not isinstance(view.node, nodes.Segment) or view.node.condition is None:
        return None
    says = f"{view.node.of.text} {view.text(view.node.condition.span)}"
    return blake2b(says.encode(), digest_size=8).hexdigest()


def _whole(overview: Overview) -> Iterator[Found]:
    first: dict[object, Facts] = {}
    for facts, says in overview.notes(NAME):
        other = first.setdefault(says, facts)
        if other is not facts:
            yield Found(
                facts.span,
                f"`{facts.name}` has the same condition as `{other.name}`",
                "the same people",
                help=f"use `{other.name}` instead, or write `in segment {other.name}` as its condition",
                note="both are kept up to date, and changing one of them leaves the other as it was",
                others=[Label(other.span, "declared here")],
            )


RULE = Rule(
    name=NAME,
    alias="SG666",
    category="performance",
    severity=Severity.WARNING,
    title="Two segments have the same condition",
    why="Both are worked out at every change and kept. Worse, one will be changed some day and the other forgotten: "
    "then rules that were meant for the same people part ways. If two names are needed, let one be defined by the "
    "other.",
    domain=("G1",),
    bad=(Example("segment paying of contact { plan = paid }\nsegment customers of contact { plan = paid }\n"),),
    good=(
        Example("segment paying of contact { plan = paid }\nsegment customers of contact { in segment paying }\n"),
        Example("segment paying of contact { plan = paid }\nsegment free of contact { plan = free }\n"),
    ),
    note=_note,
    whole=_whole,
)
