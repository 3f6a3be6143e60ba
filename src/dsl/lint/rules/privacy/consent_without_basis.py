"""L4, X24: the record of a consent says nothing about where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ....syntax.vocabulary import words
from ...rule import Example, Found, Rule
from ...view import View

_EMPTY = words(
    "todo tbd fixme test tests testing reason because none n/a na unknown yes ok consent subscribe subscribed x xx xxx"
    " foo asdf abc why"
)


def _check(view: View, node: nodes.Subscribe) -> Iterator[Found]:
    if node.because is None:
        return
    said = node.because.value.strip(" .!?-_").casefold()
    if said in _EMPTY or not any(letter.isalnum() for letter in said):
        yield Found(
            node.because.span,
            f"the consent to `{node.topic.text}` would be recorded without a basis",
            "says nothing",
            help='say where and how they agreed, such as "form newsletter, box ticked"',
            note="it is what you have to show when somebody asks why they get mail",
        )


_PROGRAM = """\
workflow sign_up of contact {
  when: submitted_form(form = newsletter)
  subscribe to newsletter because "REASON"
}
"""

RULE = Rule(
    name="consent-without-basis",
    alias="SG649",
    category="privacy",
    severity=Severity.WARNING,
    title="A consent whose reason says nothing",
    why="The text behind `because` is stored with the consent of each person: it is the proof that they agreed, and "
    "to what. A word put there to fill the quotes proves nothing, and cannot be told from a real one once it is "
    "stored.",
    domain=("L4", "L8", "X24"),
    bad=(Example(_PROGRAM.replace("REASON", "TODO")), Example(_PROGRAM.replace("REASON", "-"))),
    good=(
        Example(_PROGRAM.replace("REASON", "form newsletter, text of May 2026")),
        Example(_PROGRAM.replace("REASON", "名刺"), "a business card: two letters can say enough"),
    ),
    on=(nodes.Subscribe,),
    check=_check,
)
