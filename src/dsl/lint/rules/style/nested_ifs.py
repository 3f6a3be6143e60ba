"""An `if` that holds nothing but another `if`."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.If) -> Iterator[Found]:
    if len(node.branches) != 1 or node.otherwise is not None or isinstance(node.branches[0].condition, nodes.Path):
        return  # `if sent` reads better alone
    match node.branches[0].block.statements:
        case (nodes.If(branches=(inner,), otherwise=None),):
            yield Found(
                inner.keyword,
                "this `if` is all there is inside another one",
                "one `if` would do",
                help="write one `if` with both conditions joined by `and`",
                others=[Label(node.branches[0].keyword, "inside this one")],
            )


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  BODY
}
"""
_TASK = 'task call "Call {{ contact.full_name }}"'

RULE = Rule(
    name="nested-ifs",
    alias="SG675",
    category="style",
    severity=Severity.INFO,
    title="An `if` that holds nothing but an `if`",
    why="Two conditions that must both hold are one condition. Nested, they look as if something happened in "
    "between, and the figures show two branches where there is one decision.",
    domain=("W11",),
    bad=(Example(_PROGRAM.replace("BODY", f"if plan = paid {{ if visits > 3 {{ {_TASK} }} }}")),),
    good=(
        Example(_PROGRAM.replace("BODY", f"if plan = paid and visits > 3 {{ {_TASK} }}")),
        Example(
            _PROGRAM.replace("BODY", f'if plan = paid {{ if visits > 3 {{ {_TASK} }} else {{ exit "quiet" }} }}'),
            "the inner one has an `else` of its own",
        ),
    ),
    on=(nodes.If,),
    check=_check,
)
