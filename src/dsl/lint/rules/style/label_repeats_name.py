"""A label that says no more than the name."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_Labelled = nodes.Segment | nodes.Sequence | nodes.Workflow | nodes.Template | nodes.Score | nodes.SettingsOnly


def _check(view: View, node: _Labelled) -> Iterator[Found]:
    if node.label is not None and node.label.value == node.name.text and "_" in node.name.text:
        yield Found(
            node.label.span,
            f"the label of `{node.name.text}` is its name once more",
            "says nothing new",
            help="write what people call it",
        )


RULE = Rule(
    name="label-repeats-name",
    alias="SG676",
    category="style",
    severity=Severity.INFO,
    title="A label that is the name once more",
    why="Rules go by the name, people read the label: in the tables, on the screens, in reports. A name put there a "
    "second time was meant to be replaced. Where there is no label the name is shown anyway.",
    domain=(),
    bad=(Example('segment new_trials "new_trials" of contact { plan = trial and created_at within 14 days }\n'),),
    good=(
        Example('segment new_trials "New trials" of contact { plan = trial and created_at within 14 days }\n'),
        Example('segment 常連 "常連" of contact { visits > 9 }\n', "a name that reads as a label"),
    ),
    on=(nodes.Segment, nodes.Sequence, nodes.Workflow, nodes.Template, nodes.Score, nodes.SettingsOnly),
    check=_check,
)
