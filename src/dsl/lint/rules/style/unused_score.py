"""A score that no rule reads."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    for score in overview.of("score"):
        if all(by.kind == "test" for by in overview.named_by(score)):
            yield Found(
                score.span,
                f"no rule reads the score `{score.name}`",
                "never asked for",
                help=f"ask `score({score.name}) >= 50` somewhere, or take it out",
                note="if people look at it by hand, say so: `# segue: ignore[unused-score] why`",
            )


_SCORE = "score heat of contact { give 5 when clicked_email }\n"
_SEGMENT = """\
segment hot of contact { score(heat) >= 50 }
workflow call of contact {
  when: in segment hot
  task call "Call {{ contact.full_name }}"
}
"""

RULE = Rule(
    name="unused-score",
    alias="SG681",
    category="style",
    severity=Severity.WARNING,
    title="A score that no rule reads",
    why="Points are counted with every click, and nothing follows from them. A score that nobody acts on is soon "
    "one that nobody checks, and the first rule that reads it next year will trust it.",
    domain=("G18", "G19"),
    bad=(Example(_SCORE),),
    good=(Example(_SCORE + _SEGMENT),),
    whole=_whole,
    strict=True,
)
