"""A workflow that waits, and then does nothing any more."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import Statements
from ...view import View
from ...ways import follow


def _check(view: View, node: nodes.Workflow) -> Iterator[Found]:
    definition = view.definition
    if definition is None or definition.again.policy != "never" or _is_measured(view):
        return
    *before, last = node.body.statements or (None,)
    if isinstance(last, nodes.Wait) and _reached(before):
        yield Found(
            last.span,
            "nothing follows this wait",
            "waits for nothing",
            help="write what should happen then, or take it out",
            note="the workflow would be over without it",
        )


def _reached(before: Statements) -> bool:
    """Whether a way leads past what stands before: if not, the checker tells it."""
    return follow(before, frozenset(), lambda _, state: state) is not None


def _is_measured(view: View) -> bool:
    """Whether it matters how long people stay: something may end it in the meantime."""
    guards = view.definition.guards if view.definition else None
    return guards is not None and (
        guards.goal is not None or guards.stop_when is not None or "stop_on" in view.settings
    )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
SETTING  notify owner "A new customer"
  wait 30 days
STEP}
"""

RULE = Rule(
    name="wait-without-sequel",
    alias="SG617",
    category="bugs",
    severity=Severity.WARNING,
    title="A workflow waits at its end, for nothing",
    why="A wait moves what follows it. At the end of a workflow nothing follows, so most likely a step was forgotten "
    "or taken out. Workflows with a goal or with something to stop them are left alone, and so are those that people "
    "enter again: there it matters how long they stay.",
    domain=("S5",),
    bad=(Example(_PROGRAM.replace("SETTING", "").replace("STEP", "")),),
    good=(
        Example(_PROGRAM.replace("SETTING", "").replace("STEP", '  notify owner "A month a customer"\n')),
        Example(
            _PROGRAM.replace("SETTING", "  goal: has purchased since enrollment\n").replace("STEP", ""),
            "a purchase in these 30 days is its success",
        ),
    ),
    on=(nodes.Workflow,),
    check=_check,
)
