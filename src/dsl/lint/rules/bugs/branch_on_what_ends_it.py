"""X9: a branch for those whom a guard has taken out before they come to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import AnyOf, Condition, EventMatch, Happened
from ....program.definitions import Guards
from ....syntax import nodes
from ...entry import placed_at, together
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.If) -> Iterator[Found]:
    if view.definition is not None:
        for branch in node.branches:
            yield from _branch(view, branch, view.definition.guards)


def _branch(view: View, branch: nodes.Branch, guards: Guards) -> Iterator[Found]:
    placed = placed_at(view, branch.condition.span)
    for part in together(placed) if placed is not None else ():
        guard = _guard(part.condition, guards)
        if guard is None:
            continue
        written = view.settings.get(guard)
        yield Found(
            part.span,
            "nobody who does this is still here",
            f"`{guard}` has taken them out" if written is not None or guard != "stop_on" else "ends the sequence",
            help="do what is in this branch in a definition of its own, or take the branch out",
            note="guards act at once, so this branch is never taken",
            others=[Label(written.span, "ends it for them")] if written is not None else [],
        )


def _guard(asked: Condition, guards: Guards) -> str | None:
    """The setting that ends the enrollment of whoever fulfils it."""
    for name in ("goal", "stop_when", "suppress"):
        held: Condition | None = getattr(guards, name)
        if held is not None and asked in (held.parts if isinstance(held, AnyOf) else (held,)):
            return name
    if isinstance(asked, Happened) and asked.since_enrollment and not asked.negated:
        return "stop_on" if _stops(asked.match, [match for match, _ in guards.stop_on]) else None
    return None


def _stops(asked: EventMatch, stops: Sequence[EventMatch]) -> bool:
    return any(
        stop.event == asked.event and stop.filter in (None, asked.filter) and asked.machines == stop.machines
        for stop in stops
    )


_SEQUENCE = """\
sequence outreach {
  send hello
  wait 3 business days
  if has EVENT since enrollment { task call "Go through it together" } else { send more }
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
template more { topic: sales  subject: "Three things"  body: \"""[Read them](https://example.com/3)\""" }
"""
_WORKFLOW = """\
workflow upgrade of contact {
  when: plan becomes trial
  goal: plan = paid
  wait 7 days
  if ASKED { notify owner "One of ours" }
}
"""

RULE = Rule(
    name="branch-on-what-ends-it",
    alias="SG610",
    category="bugs",
    severity=Severity.WARNING,
    title="A branch for people who have left by then",
    why="A reply or a booked meeting ends a sequence, and `goal`, `stop_on`, `stop_when` and `suppress` end a "
    "definition at the very moment they become true. A branch that asks for the same comes too late: whoever fulfils "
    "it is gone. What should happen then belongs into a definition that starts by it.",
    domain=("S32", "S38", "W9"),
    bad=(
        Example(_SEQUENCE.replace("EVENT", "replied"), "a reply ends every sequence"),
        Example(_WORKFLOW.replace("ASKED", "plan = paid"), "the goal was reached before"),
    ),
    good=(
        Example(_SEQUENCE.replace("EVENT", "clicked_email")),
        Example(_WORKFLOW.replace("ASKED", "visits > 10")),
    ),
    on=(nodes.If,),
    check=_check,
)
