"""The same long condition in many places, worked out in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import All
from ....program.definitions import Definition, Segment
from ....source import Span
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "condition-repeated"
_PLACES, _PARTS = 3, 3
_OF_ITS_PLACE = ("trigger.", "since enrollment", "answers.", ".done")


def _note(view: View) -> list[tuple[str, int, int]] | None:
    """Of each long condition what it says, as a digest, and where."""
    match view.compiled:
        case Segment(object=object) | Definition(pinned=object):
            about = object if isinstance(object, str) else object.object
        case _:
            return None
    found = []
    for placed in view.conditions:
        if isinstance(placed.condition, All) and len(placed.parts) >= _PARTS:
            text = view.text(placed.span)
            if not any(word in text for word in _OF_ITS_PLACE):
                digest = blake2b(f"{about} {text}".encode(), digest_size=8).hexdigest()
                found.append((digest, placed.span.start, placed.span.end))
    return found or None


def _whole(overview: Overview) -> Iterator[Found]:
    places: dict[str, list[Span]] = {}
    for facts, noted in overview.notes(NAME):
        assert isinstance(noted, list)
        for digest, start, end in noted:
            places.setdefault(digest, []).append(Span(facts.span.file, start, end))
    for first, *others in places.values():
        if len(others) + 1 >= _PLACES:
            yield Found(
                first,
                f"this condition is written in {len(others) + 1} places",
                "here first",
                help="declare a segment of it, and ask `in segment ..`",
                note="a segment is worked out once for all who ask, and is changed in one place",
                others=[Label(other, "again") for other in others[:3]],
            )


_CONDITION = "plan = trial and visits > 3 and created_at within 14 days"
_WORKFLOW = """\
workflow NAME of contact {
  when: lifecycle_stage becomes LEAD
  only: CONDITION
  notify owner "{{ contact.full_name }} is a LEAD"
}
"""


def _three(condition: str) -> str:
    stages = ("lead", "mql", "sql")
    workflow = _WORKFLOW.replace("CONDITION", condition)
    return "".join(workflow.replace("NAME", f"tell_{stage}").replace("LEAD", stage) for stage in stages)


RULE = Rule(
    name=NAME,
    alias="SG663",
    category="performance",
    severity=Severity.INFO,
    title="The same condition is written in three places or more",
    why="Each place works the condition out for itself, and each has to be found when it changes; the one forgotten "
    "then means other people than the rest. A segment has a name, its members are kept, and it can be tested.",
    domain=("G1", "G16"),
    bad=(Example(_three(_CONDITION)),),
    good=(
        Example(f"segment keen of contact {{ {_CONDITION} }}\n" + _three("in segment keen")),
        Example(_three("plan = trial and visits > 3"), "two parts are quickly written"),
    ),
    note=_note,
    whole=_whole,
    strict=True,
)
