"""A first step that asks what `when:` and `only:` have answered already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from ....check.placed import Placed, negated
from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...entry import entering, excluded, follows, placed_at
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...statements import Statements, parts_of
from ...view import View

MOST = 20  # branches that are looked at, each with all that is known from those above it
NAME = "decided-at-entry"


def _note(view: View) -> tuple[Found, ...] | None:
    """What is to be said of a sequence or workflow, if nothing else enrolls into it."""
    node = view.node
    return tuple(_said(view, node)) or None if isinstance(node, nodes.Sequence | nodes.Workflow) else None


def _whole(overview: Overview) -> Iterator[Found]:
    for facts, said in overview.notes(NAME):
        # Whom another definition enrolls fulfils `only:`, and may not fulfil `when:`.
        if all(by.kind == "test" for by in overview.named_by(facts)):
            yield from cast("tuple[Found, ...]", said)


def _said(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    parts = parts_of(node.body)
    first = _first_question(parts[0], _holds(view)) if parts else None
    known = entering(view) if first is not None else []
    if not known:
        return
    match first:
        case nodes.If(branches=branches):
            yield from _branches(view, branches[:MOST], known)
        case nodes.WaitUntil(what=what) | nodes.Repeat(until=what) if what is not None:
            placed = placed_at(view, what.span)
            if placed is not None and follows(placed, known):
                ends = "nothing is repeated" if isinstance(first, nodes.Repeat) else "nothing is waited for"
                yield _found(placed, known, "holds for everybody who enters", ends)


def _holds(view: View) -> bool:
    """Whether messages may be held, so that time passes at them."""
    pinned = view.definition.pinned if view.definition else None
    return view.project.limits.quiet_hours is not None or (pinned is not None and pinned.window is not None)


def _first_question(statements: Statements, held: bool) -> nodes.Statement | None:
    """The first step that asks something, if nothing before it takes time or changes anybody."""
    for statement in statements:
        match statement:
            case nodes.If() | nodes.WaitUntil() | nodes.Repeat():
                return statement
            case nodes.LogNote():
                continue
            case nodes.Notify() | nodes.Slack() if not held:
                continue
        return None
    return None


def _branches(view: View, branches: Sequence[nodes.Branch], entered: Sequence[Placed]) -> Iterator[Found]:
    known = list(entered)
    for branch in branches:
        placed = placed_at(view, branch.condition.span)
        if placed is None:
            return
        if follows(placed, known):
            yield _found(placed, entered, "holds for everybody who enters", "all of them come here")
            return
        if excluded(placed, entered):
            yield _found(placed, entered, "holds for nobody who enters", "none of them come here")
        known.append(negated(placed, placed.span))


def _found(placed: Placed, known: Sequence[Placed], says: str, under: str) -> Found:
    return Found(
        placed.span,
        f"this {says}",
        under,
        help="ask for something else, or take the question out",
        note="it is asked at the instant of entry, when nothing has changed yet",
        others=[Label(one.span, "what they fulfil") for one in known[:1]],
    )


_PROGRAM = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  only: visits > 5
  STEPS
}
"""

RULE = Rule(
    name=NAME,
    alias="SG608",
    category="bugs",
    severity=Severity.WARNING,
    title="The first step asks what everybody who enters has answered already",
    why="Who enters fulfils `when:` and `only:`. A branch at the very beginning that asks for the same, or for its "
    "opposite, sends everybody the same way; a wait for it is over at once, a `repeat until` never begins. Behind a "
    "wait the same question is a good one: things may have changed.",
    domain=("W2", "W11"),
    bad=(
        Example(_PROGRAM.replace("STEPS", 'if visits > 3 { notify owner "A regular" } else { notify owner "New" }')),
        Example(
            _PROGRAM.replace("STEPS", 'if lifecycle_stage = lead { notify owner "Still a lead" }'),
            "nobody is a lead who has just become a customer",
        ),
    ),
    good=(
        Example(
            _PROGRAM.replace(
                "STEPS", 'wait 30 days\n  if lifecycle_stage = customer { notify owner "Still a customer" }'
            ),
            "much can change in 30 days",
        ),
        Example(_PROGRAM.replace("STEPS", 'if visits > 9 { notify owner "A regular" } else { notify owner "New" }')),
        Example(
            _PROGRAM.replace("STEPS", 'if lifecycle_stage = lead { notify owner "Still a lead" }')
            + "workflow asked of contact {\n  when: submitted_form\n  enroll in workflow greet\n}\n",
            "the other workflow enrolls leads as well",
        ),
    ),
    note=_note,
    whole=_whole,
)
