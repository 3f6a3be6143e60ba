"""A text that was meant to be written later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...printed import text_of
from ...rule import Example, Found, Rule
from ...view import View

# Gaps such as `[name]` are for whoever edits a draft, and `TBD` may be said to a reader.
_PLACEHOLDER = re.compile(r"(?i:\blorem ipsum\b)|\bFIXME\b|\bTODO(?=\s?[:(\[])")
_TODO_IS_A_WORD = ("es", "pt", "gl", "it")


def _check(view: View, node: nodes.Template | nodes.Snippet) -> Iterator[Found]:
    for name in ("subject", "body", "text"):
        text = text_of(view.settings.get(name))
        found = _PLACEHOLDER.search(text.value) if text is not None else None
        if found is not None and text is not None and not (found[0] == "TODO" and _means_all(view)):
            yield Found(
                text.place(*found.span()),
                f"`{found[0]}` in the {name} of `{node.name.text}` is not written yet",
                "people would read this",
                help="write the text, or keep the note in a comment: `# ..`",
            )


def _means_all(view: View) -> bool:
    return view.project.account.locale.startswith(_TODO_IS_A_WORD)


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send guide
}
template guide {
  topic: newsletter
  subject: "A guide"
  body: \"""BODY\"""
}
"""

RULE = Rule(
    name="placeholder-text",
    alias="SG679",
    category="style",
    severity=Severity.WARNING,
    title="A text that is not written yet",
    why="`lorem ipsum`, `TODO:` and `FIXME` are notes of the author to himself. In a template they go out to "
    "everybody, and a mail cannot be taken back.",
    domain=("S26", "W17"),
    bad=(
        Example(_PROGRAM.replace("BODY", "TODO: thank them for the order")),
        Example(_PROGRAM.replace("BODY", "Lorem ipsum dolor sit amet.")),
    ),
    good=(
        Example(_PROGRAM.replace("BODY", "Thank you for your order.")),
        Example(_PROGRAM.replace("BODY", "TODO el mundo habla de ello."), "a word of Spanish, and no colon behind it"),
    ),
    on=(nodes.Template, nodes.Snippet),
    check=_check,
)
