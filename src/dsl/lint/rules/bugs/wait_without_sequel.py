"""A workflow that waits, and then does nothing any more."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....source import Span
from ....syntax import nodes
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...statements import Statements
from ...view import View
from ...ways import follow

NAME = "wait-without-sequel"


def _note(view: View) -> Span | None:
    """The wait at the end of a workflow."""
    definition, node = view.definition, view.node
    if definition is None or definition.again.policy != "never" or not isinstance(node, nodes.Workflow):
        return None
    *before, last = node.body.statements or (None,)
    return last.span if isinstance(last, nodes.Wait) and _reached(before) and not _is_measured(view) else None


def _whole(overview: Overview) -> Iterator[Found]:
    for facts, span in overview.notes(NAME):
        asked = any(by.kind != "test" for by in overview.named_by(facts))
        if isinstance(span, Span) and not asked:
            yield Found(
                span,
                "nothing follows this wait",
                "waits for nothing",
                help="write what should happen then, or take it out",
                note="the workflow would be over without it",
            )


def _reached(before: Statements) -> bool:
    """Whether a way leads past what stands before: if not, the checker tells it."""
    return follow(before, _nothing) is not None


def _nothing(statement: nodes.Statement, state: frozenset[None]) -> frozenset[None]:
    return state


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
    name=NAME,
    alias="SG617",
    category="bugs",
    severity=Severity.WARNING,
    title="A workflow waits at its end, for nothing",
    why="A wait moves what follows it. At the end of a workflow nothing follows, so most likely a step was forgotten "
    "or taken out. Left alone are workflows with a goal or with something to stop them, those that people enter again, "
    "and those that something else asks about (`in workflow ..`): there it matters how long people stay.",
    domain=("S5",),
    bad=(Example(_PROGRAM.replace("SETTING", "").replace("STEP", "")),),
    good=(
        Example(_PROGRAM.replace("SETTING", "").replace("STEP", '  notify owner "A month a customer"\n')),
        Example(
            _PROGRAM.replace("SETTING", "  goal: has purchased since enrollment\n").replace("STEP", ""),
            "a purchase in these 30 days is its success",
        ),
        Example(
            _PROGRAM.replace("SETTING", "").replace("STEP", "")
            + "workflow offers of contact {\n  when: has viewed_page and not in workflow welcome\n"
            + '  notify owner "Looks around"\n}\n',
            "others ask who is in it",
        ),
    ),
    note=_note,
    whole=_whole,
)
