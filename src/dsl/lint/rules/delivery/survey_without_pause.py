"""P12: people can be asked how likely they are to recommend us again and again."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.conversations import Conversation
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View
from ...ways import DAY, minutes_of

LEAST = 30 * DAY


def _check(view: View, node: nodes.Conversation) -> Iterator[Found]:
    survey = view.compiled
    if not isinstance(survey, Conversation) or survey.scale is None or survey.scale.kind != "nps":
        return
    pause, written = survey.not_again_within, view.settings.get("not_again_within")
    if pause is None:
        yield _found(
            node.name.span, f"`{view.name}` may ask the same people again at any time", "no `not_again_within`"
        )
    elif written is not None and minutes_of(pause.n, pause.unit) < LEAST:
        yield _found(written.value.span, f"`{view.name}` may ask the same people again very soon", "less than a month")


def _found(span: Span, message: str, under: str) -> Found:
    return Found(
        span,
        message,
        under,
        help="write `not_again_within: 90 days`",
        note="who is asked too often stops answering, and the figure is about the few who still do",
    )


_PROGRAM = """\
survey nps "How likely are you to recommend us?" {
  scale: 0..10 -> contact.nps
  SETTING
}
"""

RULE = Rule(
    name="survey-without-pause",
    alias="SG633",
    category="delivery",
    severity=Severity.WARNING,
    title="An NPS survey may ask the same people again at any time",
    why="How likely somebody is to recommend you does not change from week to week. Asked too often people stop "
    "answering, or say what ends the questions. Ninety days between two surveys of a person are usual.",
    domain=("P12", "P10"),
    bad=(
        Example(_PROGRAM.replace("  SETTING\n", "")),
        Example(_PROGRAM.replace("SETTING", "not_again_within: 7 days")),
    ),
    good=(Example(_PROGRAM.replace("SETTING", "not_again_within: 90 days")),),
    on=(nodes.Conversation,),
    check=_check,
)
