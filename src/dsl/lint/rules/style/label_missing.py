"""A sequence or workflow that is shown by its technical name."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    if node.label is None and node.name.text.isascii():
        yield Found(
            node.name.span,
            f"the {view.kind} `{node.name.text}` has no label",
            "shown to people like this",
            help=f'write one behind the name: `{view.kind} {node.name.text} ".."`',
        )


_PROGRAM = """\
workflow NAME of contact {
  when: lifecycle_stage becomes customer
  notify owner "A new customer"
}
"""

RULE = Rule(
    name="label-missing",
    alias="SG677",
    category="style",
    severity=Severity.INFO,
    title="A sequence or workflow without a label",
    why="Reps see in their tasks, and on the screen of a contact, which sequence or workflow did something. "
    "`wf_cust_2` tells them nothing; a label of three words does. Speaks in the strict profile only.",
    domain=(),
    bad=(Example(_PROGRAM.replace("NAME", "greet")),),
    good=(Example(_PROGRAM.replace("NAME", 'greet "Greet new customers"')),),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
    strict=True,
)
