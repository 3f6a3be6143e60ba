"""W9: a goal that people reached before they entered keeps them out the next time."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import insert_after
from ....check.placed import Placed
from ....diagnostics.diagnostic import FixKind, Label, Severity
from ....program.conditions import AnyOf, Happened
from ....syntax import nodes
from ...entry import placed_at, told
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    definition, again = view.definition, view.settings.get("again")
    if definition is None or again is None or definition.again.policy == "never":
        return
    for guard in ("goal", "stop_when"):
        setting = view.settings.get(guard)
        placed = placed_at(view, setting.value.span) if setting is not None else None
        for part in _ways(placed) if placed is not None else ():
            if _for_ever(part) and not _never_before(view, part):
                yield Found(
                    part.span,
                    f"who has done this once never enters `{view.name}` again",
                    "true for ever from then on",
                    help=f"write `{view.text(part.span)} since enrollment`",
                    note=f"who fulfils `{guard}` is refused at entry, whatever `again:` says",
                    others=[Label(again.span, "people may enter more than once")],
                    fix=insert_after(part.span, " since enrollment", FixKind.UNSAFE),
                )


def _ways(whole: Placed) -> tuple[Placed, ...]:
    return whole.parts if isinstance(whole.condition, AnyOf) else (whole,)


def _never_before(view: View, part: Placed) -> bool:
    """Whether only those are wanted who have never done it: `only: has never purchased`."""
    done = part.condition
    asked = (one.condition for one in told(view))
    return isinstance(done, Happened) and any(
        isinstance(one, Happened) and one.negated and one.within is None and one.match.event == done.match.event
        for one in asked
    )


def _for_ever(part: Placed) -> bool:
    """Whether it can never become false again: an event at any time in the past."""
    match part.condition:
        case Happened(within=None, since_enrollment=False, negated=False, since=None):
            return True
    return False


_PROGRAM = """\
workflow cart of contact {
  when: abandoned_cart
  only: subscribed to newsletter
  again: after 7 days
  goal: has purchased
  wait 4 hours
  send reminder
}
template reminder { topic: newsletter  subject: "Your cart"  body: \"""[Back to it](https://example.com/cart)\""" }
"""

RULE = Rule(
    name="guard-looks-back",
    alias="SG612",
    category="bugs",
    severity=Severity.WARNING,
    title="A goal reached once keeps people out for ever, although they may enter again",
    why="Who fulfils `goal:` or `stop_when:` at entry is refused. `has purchased` looks at all of the past, so whoever "
    "has bought anything at any time never enters, although `again:` says that people come more than once. `has "
    "purchased since enrollment` asks for what this enrollment has brought about.",
    domain=("W9", "S30"),
    bad=(Example(_PROGRAM),),
    good=(
        Example(_PROGRAM.replace("has purchased", "has purchased since enrollment")),
        Example(_PROGRAM.replace("has purchased", "has purchased within 7 days"), "not for ever"),
        Example(_PROGRAM.replace("  again: after 7 days\n", ""), "nobody enters twice"),
        Example(
            _PROGRAM.replace("only: ", "only: has never purchased and "), "it is about those who have never bought"
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
    repairs="unsafe",
)
