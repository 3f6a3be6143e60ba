"""W1: a schedule that goes through everybody every few minutes."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.conditions import Unit
from ....program.cost import Weight, cost_of
from ....program.definitions import OnSchedule
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_SHORTEST = 15  # minutes


def _check(view: View, node: nodes.Workflow | nodes.Sequence) -> Iterator[Found]:
    definition, when = view.definition, view.settings.get("when")
    if definition is None or when is None or definition.only is None:
        return
    about = definition.pinned.object
    if not isinstance(definition.trigger, OnSchedule) or _minutes_between(definition.trigger) >= _SHORTEST:
        return
    dear = [read for read in cost_of(definition.only, about).reads if read.weight > Weight.CHEAP]
    if dear:
        yield Found(
            when.value.span,
            f"every few minutes `{dear[0].what}` is read of each {about}",
            "all of them, each time",
            help="start by the change itself, such as `when: purchased`, or declare a segment and ask for that",
        )


def _minutes_between(schedule: OnSchedule) -> int:
    """About how far apart two starts are; an hour where it is that or more."""
    if schedule.interval is not None:
        return schedule.interval.n if schedule.interval.unit is Unit.MINUTES else 60
    minute, hour = [*schedule.cron.split(), "0", "0"][:2]
    if not hour.startswith("*"):
        return 60  # only at certain hours
    if minute == "*":
        return 1
    if minute.startswith("*/") and minute[2:].isdigit():
        return int(minute[2:])
    return 60 // len(minute.split(","))


_PROGRAM = """\
segment buyers of contact { has purchased at least 3 times within 30 days }
workflow watch of contact {
  when: SCHEDULE
  only: ONLY
  notify owner "{{ contact.full_name }} buys a lot"
}
"""
_DEAR = "has purchased at least 3 times within 30 days"

RULE = Rule(
    name="frequent-schedule",
    alias="SG664",
    category="performance",
    severity=Severity.WARNING,
    title="Every few minutes the events of everybody are read",
    why="At each moment of a schedule all records are asked whether they satisfy `only:`. For a property or a "
    "segment that is quick. Where events or texts of each have to be read, every few minutes, it is most of the "
    "work of the whole account, and nearly all of it for people with whom nothing has changed. An event, or a "
    "segment, is worked out only for those whom something has happened to.",
    domain=("W1", "X4"),
    bad=(
        Example(_PROGRAM.replace("SCHEDULE", "every 5 minutes").replace("ONLY", _DEAR)),
        Example(_PROGRAM.replace("SCHEDULE", 'every "*/10 * * * *"').replace("ONLY", _DEAR), "written as cron"),
    ),
    good=(
        Example(_PROGRAM.replace("SCHEDULE", "every 1 day").replace("ONLY", _DEAR)),
        Example(_PROGRAM.replace("SCHEDULE", "every 5 minutes").replace("ONLY", "in segment buyers")),
    ),
    on=(nodes.Workflow, nodes.Sequence),
    check=_check,
)
