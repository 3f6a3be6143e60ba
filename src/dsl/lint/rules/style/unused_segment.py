"""A segment that no rule reads."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    for segment in overview.of("segment"):
        if all(by.kind == "test" for by in overview.named_by(segment)):
            yield Found(
                segment.span,
                f"no rule reads the segment `{segment.name}`",
                "never asked for",
                help=f"ask `in segment {segment.name}` somewhere, or take it out",
                note="if people look at its members by hand, say so: `# segue: ignore[unused-segment] why`",
            )


_SEGMENT = "segment leads of contact { lifecycle_stage = lead }\n"
_WORKFLOW = """\
workflow greet of contact {
  when: in segment leads
  notify owner "A new lead"
}
"""

RULE = Rule(
    name="unused-segment",
    alias="SG671",
    category="style",
    severity=Severity.WARNING,
    title="A segment that no rule reads",
    why="Its members are kept up to date at every change, and nothing is done with them. That is fine where people "
    "look at the list by hand, and otherwise a leftover or a rule that asks for the wrong segment.",
    domain=("G1",),
    bad=(Example(_SEGMENT),),
    good=(Example(_SEGMENT + _WORKFLOW),),
    whole=_whole,
    strict=True,
)
