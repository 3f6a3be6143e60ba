"""X9: a `stop_when` that holds for everybody at the moment they enter."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed
from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import AnyOf
from ....syntax import nodes
from ...entry import entering, follows, placed_at
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    setting = view.settings.get("stop_when")
    whole = placed_at(view, setting.value.span) if setting is not None else None
    known = entering(view) if whole is not None else []
    for way in _ways(whole) if whole is not None and known else ():
        if follows(way, known):
            yield Found(
                way.span,
                "everybody who could enter is to be stopped already, so nobody ever enters",
                "holds for all of them",
                help="name something that becomes true later",
                note="who fulfils `stop_when` is refused at entry, and leaves when it becomes true later",
                others=[Label(known[0].span, "what they fulfil")],
            )
            return


def _ways(whole: Placed) -> tuple[Placed, ...]:
    return whole.parts if isinstance(whole.condition, AnyOf) else (whole,)


_PROGRAM = """\
workflow onboarding of contact {
  when: plan becomes trial
  stop_when: STOP
  wait 7 days
  notify owner "A week on trial"
}
"""

RULE = Rule(
    name="stops-at-entry",
    alias="SG615",
    category="bugs",
    severity=Severity.WARNING,
    title="Everybody who could enter is to be stopped already",
    why="`stop_when` ends an enrollment as soon as its condition is true, and who fulfils it is not taken in at all. "
    "Where everybody who could enter does, nobody ever enters. Most often the opposite was meant: stop when it is no "
    "longer true.",
    domain=("S38", "W9"),
    bad=(Example(_PROGRAM.replace("STOP", "plan = trial or visits > 50")),),
    good=(Example(_PROGRAM.replace("STOP", "plan = paid or visits > 50")),),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
