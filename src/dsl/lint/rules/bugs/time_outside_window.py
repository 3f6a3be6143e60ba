"""X16: a step waits for a time of day at which the window is closed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ....diagnostics.diagnostic import Label, Severity
from ....program.definitions import Window
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import blocks_of, parts_of
from ...view import View

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HELD = (nodes.Send, nodes.Task, nodes.Notify, nodes.Slack)
_WAITS = (nodes.Wait, nodes.WaitUntil, nodes.WaitUntilDate, nodes.WaitUntilTime)


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    window = view.definition.pinned.window if view.definition else None
    if window is None:
        return
    waiting, reached = list(parts_of(node.body)), []
    while waiting:
        statements = waiting.pop()
        for wait, then in pairwise(statements):
            if isinstance(wait, nodes.WaitUntilTime) and isinstance(then, _HELD):
                yield from _closed(view, wait, then, window)
            if isinstance(wait, _WAITS) and isinstance(then, nodes.Task):
                reached.append(then)
        waiting += [block.statements for statement in statements for block in blocks_of(statement)]
    if reached:
        yield from _tasks_too_late(view, window, reached)


def _closed(view: View, wait: nodes.WaitUntilTime, then: nodes.Statement, window: Window) -> Iterator[Found]:
    day = wait.weekday
    if not _holds(window, wait.at.minute):
        span, why = wait.at.span, "the window is closed at this time"
    elif day is not None and not window.every_day and not _open_on(view, window, day.text, wait.at.minute):
        span, why = day.span, f"{day.text} is no working day"
    else:
        return
    yield Found(
        span,
        f"nothing goes out then: {why}",
        "closed",
        help="wait for a time inside the window, or change the window",
        note="a wait ends when it says, and what follows it is held until the window opens",
        others=[Label(then.span, "held until it opens"), *_window_written(view)],
    )


def _tasks_too_late(view: View, window: Window, reached: list[nodes.Task]) -> Iterator[Found]:
    """`tasks_at` behind the window's end, with tasks reached by a wait: others are made at once (X16). Before its start
    it does no harm: tasks are made when it opens. It is on the assignee's clock (X13), so with people or users of other
    zones nothing is said."""
    written, pinned = view.settings.get("tasks_at"), view.definition.pinned if view.definition else None
    at = pinned.tasks_at if pinned is not None else None
    if written is None or at is None or window.start > window.end or at < window.end or not _one_clock(view):
        return
    yield Found(
        written.value.span,
        "no task is made then: the window is closed at this time",
        "closed",
        help="write a time before the window closes, or change the window",
        note="a task behind a wait is made at this time, or when the window opens again: the day after",
        others=[Label(reached[0].span, "held until it opens"), *_window_written(view)],
    )


def _one_clock(view: View) -> bool:
    account, pinned = view.project.account.time_zone, view.definition.pinned if view.definition else None
    zones = {user.time_zone for user in view.project.users.values()} - {None, account}
    return not zones and pinned is not None and pinned.zone != "contact"


def _window_written(view: View) -> list[Label]:
    written = view.settings.get("window")
    return [Label(written.value.span, "the window")] if written is not None else []


def _open_on(view: View, window: Window, day: str, minute: int) -> bool:
    """Over midnight, the hours after it belong to the day before (X16)."""
    late = window.start > window.end and minute < window.end
    return (_DAYS.index(day) - late) % 7 in _working_days(view)


def _holds(window: Window, minute: int) -> bool:
    if window.start <= window.end:
        return window.start <= minute < window.end
    return minute >= window.start or minute < window.end


def _working_days(view: View) -> tuple[int, ...]:
    """The weekdays worked; all of them where single Saturdays may be worked, too."""
    pinned = view.definition.pinned if view.definition else None
    name = (pinned.calendar if pinned else None) or view.project.account.calendar
    calendar = view.project.calendars.get(name) if name else None
    if calendar is None:
        return (0, 1, 2, 3, 4)
    return tuple(range(7)) if calendar.workdays else calendar.working_days


_PROGRAM = """\
workflow renewal of contact {
  when: plan becomes trial
  window: WINDOW
  wait until TIME
  notify owner "A new trial"
}
"""

_SEQUENCE = """\
sequence visits {
  when: manually
  sender: owner
  window: 09:00-17:00
  tasks_at: TIME
  wait 1 day
  task call "Ask how it went"
}
"""

RULE = Rule(
    name="time-outside-window",
    alias="SG604",
    category="bugs",
    severity=Severity.WARNING,
    title="A step waits for a time at which the window is closed",
    why="`window:` holds mails, tasks and messages; waits end when they say. Who waits until 18:00 with a window until "
    "17:00 sends the next morning: neither the time nor the window was wanted. A window without `every day` is open on "
    "working days only, so it is closed all Saturday. A `tasks_at:` behind the window's end puts each task off to the "
    "next day.",
    domain=("W13", "S14"),
    bad=(
        Example(_PROGRAM.replace("WINDOW", "09:00-17:00").replace("TIME", "18:00")),
        Example(_PROGRAM.replace("WINDOW", "09:00-17:00").replace("TIME", "saturday 10:00")),
        Example(_SEQUENCE.replace("TIME", "17:30"), "tasks behind the window's end"),
    ),
    good=(
        Example(_SEQUENCE.replace("TIME", "08:00"), "tasks are made when it opens"),
        Example(_SEQUENCE.replace("TIME", "17:30").replace("  wait 1 day\n", ""), "no wait, so it is made at once"),
        Example(
            _SEQUENCE.replace("TIME", "17:30"),
            "a colleague elsewhere",
            settings="name: x\nusers: {mia: {name: Mia, time_zone: America/New_York}}\n",
        ),
        Example(_PROGRAM.replace("WINDOW", "09:00-19:00").replace("TIME", "18:00")),
        Example(_PROGRAM.replace("WINDOW", "every day 09:00-17:00").replace("TIME", "saturday 10:00")),
        Example(
            _PROGRAM.replace("WINDOW", "22:00-02:00").replace("TIME", "saturday 01:00"), "still the night of Friday"
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
