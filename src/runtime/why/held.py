"""Why somebody still waits for a step that reaches people: the window of the definition, or quiet hours (X16)."""

from __future__ import annotations

from dsl.program.blocks import Notify, Send
from dsl.program.definitions import Pinned
from dsl.schema.model import Project

from ..times.calendars import working_calendar
from ..times.windows import next_open, out_of_quiet
from ..times.zones import MINUTE


def held(pinned: Pinned, block: int, due: int, zones: tuple[str, str], project: Project) -> str:
    """What keeps the step at `block` back until `due`; "" where it is no more than a wait that ends then. `zones` are
    those of the enrollment and of the person."""
    if not isinstance(pinned.graph.blocks[block], Send | Notify):
        return ""
    before, quiet = due - MINUTE, project.limits.quiet_hours
    mail = isinstance(pinned.graph.blocks[block], Send)
    if mail and out_of_quiet(before, quiet, zones[1]) == due:
        return "quiet hours until then"
    name = pinned.calendar or project.account.calendar
    calendar = working_calendar(project.calendars.get(name or ""))
    if before < next_open(before, pinned.window, calendar, zones[0]) == due:
        return "outside its window until then"
    return ""
