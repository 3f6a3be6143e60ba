"""S12, S13: business days are counted, and no calendar says which days are off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.blocks import Block, Task, Wait, WaitCondition, WaitEvent
from ....program.conditions import Duration, Unit
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "holiday-calendar-missing"


def _note(view: View) -> bool | None:
    """Whether a definition counts business days by the calendar of the account."""
    graph, definition = view.graph, view.definition
    if graph is None or definition is None or definition.pinned.calendar is not None:
        return None
    return any(_counts(length) for block in graph.blocks for length in _lengths(block)) or None


def _lengths(block: Block) -> Iterable[Duration]:
    match block:
        case Wait(length=length):
            return (length,)
        case WaitEvent(up_to=up_to) | WaitCondition(up_to=up_to):
            return (up_to,)
        case Task(due_in=due_in) if due_in is not None:
            return (due_in,)
    return ()


def _counts(length: Duration) -> bool:
    return length.unit is Unit.BUSINESS_DAYS


def _whole(overview: Overview) -> Iterator[Found]:
    counting = [facts for facts, _ in overview.notes(NAME)]
    account = overview.names.project.account
    if not counting or account.calendar is not None or overview.settings is None:
        return
    first = counting[0]
    yield Found(
        overview.in_settings("account"),
        "business days are counted, and the account has no calendar",
        "public holidays count as working days",
        help="declare one under `calendars:`, such as `office: {country: DE}`, and write `calendar: office` here",
        others=[Label(first.span, f"`{first.name}` counts business days")],
    )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  wait 2 business days
  notify owner "Two days a customer"
}
"""
_SETTINGS = """\
name: example
account: {time_zone: Europe/Berlin, currency: EUR}
"""

RULE = Rule(
    name=NAME,
    alias="SG602",
    category="bugs",
    severity=Severity.WARNING,
    title="Business days are counted, and no calendar says which days are off",
    why="Without a calendar every day from Monday to Friday is a business day, also the first of January: tasks fall "
    "due and waits end on public holidays, and three business days over Easter are over before anybody was at work. A "
    "calendar takes the holidays of a country, and of its states where they differ; days off of your own stand beside "
    "them.",
    domain=("S12", "S13"),
    bad=(Example(_PROGRAM, settings=_SETTINGS),),
    good=(
        Example(
            _PROGRAM,
            settings=_SETTINGS.replace("currency: EUR}", "currency: EUR, calendar: office}")
            + "calendars: {office: {country: DE}}\n",
        ),
        Example(_PROGRAM.replace("2 business days", "2 days"), "no business days are counted", settings=_SETTINGS),
    ),
    note=_note,
    whole=_whole,
)
