"""A fork with the same steps on every side, or with none at all."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import blocks_of, may_pass_by
from ...view import View

_WORDS = {nodes.If: "if", nodes.Match: "match", nodes.Split: "split"}


def _check(view: View, node: nodes.If | nodes.Match | nodes.Split) -> Iterator[Found]:
    blocks = blocks_of(node)
    steps = {view.text(block.span) for block in blocks}
    empty = not any(block.statements for block in blocks)
    if not empty and (len(steps) > 1 or len(blocks) < 2 or may_pass_by(node)):
        return
    word = _WORDS[type(node)]
    yield Found(
        Span(node.span.file, node.span.start, node.span.start + len(word)),
        f"this `{word}` has no steps" if empty else f"every way through this `{word}` does the same",
        "decides nothing",
        help="write the steps, or take it out" if empty else f"keep the steps and take the `{word}` out",
        note="" if empty else "most likely one of the ways was copied and not changed",
        others=[] if empty else [Label(block.span, "the same") for block in blocks[1:2]],
    )


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  STEPS
}
"""

RULE = Rule(
    name="branch-decides-nothing",
    alias="SG606",
    category="bugs",
    severity=Severity.WARNING,
    title="Every way through a fork does the same",
    why="An `if`, `match` or `split` whose ways have the same steps decides nothing: its condition is there for "
    "nothing, or one of the ways was copied and never changed. A `split` of two equal arms measures only chance. "
    "Change one of the ways, or keep the steps alone.",
    domain=("W11", "S7"),
    bad=(
        Example(_PROGRAM.replace("STEPS", 'if visits > 5 { notify owner "A guest" } else { notify owner "A guest" }')),
        Example(_PROGRAM.replace("STEPS", 'if visits > 5 { }\n  notify owner "A guest"'), "nothing is done at all"),
    ),
    good=(
        Example(
            _PROGRAM.replace("STEPS", 'if visits > 5 { notify owner "A regular" } else { notify owner "A guest" }')
        ),
        Example(
            _PROGRAM.replace("STEPS", 'match plan {\n    paid { notify owner "Pays" }\n    else { }\n  }'),
            "the empty `else` says that nothing is meant for the others",
        ),
    ),
    on=(nodes.If, nodes.Match, nodes.Split),
    check=_check,
)
