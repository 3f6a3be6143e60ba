"""X16: a send window that lies wholly inside the quiet hours."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.definitions import Window
from ....syntax import nodes
from ...examples import SETTINGS
from ...rule import Example, Found, Rule
from ...view import View

_DAY = 24 * 60


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    quiet = view.project.limits.quiet_hours
    window = view.definition.pinned.window if view.definition else None
    if quiet is None or window is None or not _minutes(window.start, window.end) <= _minutes(*quiet):
        return
    written = view.settings.get("window")
    hours = f"{_clock(quiet[0])}-{_clock(quiet[1])}"
    yield Found(
        written.value.span if written is not None else node.name.span,
        f"the window {_shown(window)} never opens: the quiet hours are {hours}",
        "quiet hours all along",
        help="choose a window outside of the quiet hours, or change `quiet_hours` in segue.yaml",
        note=_note(view),
    )


def _note(view: View) -> str:
    if view.definition is not None and view.definition.pinned.zone == "contact":
        return "nothing is sent in quiet hours, so whoever waits for the window waits for ever"
    return "quiet hours are those at the place of the person: whoever lives in the account's zone waits for ever"


def _minutes(start: int, end: int) -> set[int]:
    """The minutes of the day from start to end, over midnight where the end comes first. Equal ends: none."""
    return {minute % _DAY for minute in range(start, end if end >= start else end + _DAY)}


def _shown(window: Window) -> str:
    return f"{_clock(window.start)}-{_clock(window.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_PROGRAM = """\
sequence outreach {
  window: WINDOW
  send hello
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
"""
_QUIET = SETTINGS + "limits: {quiet_hours: '21:00-08:00'}\n"

RULE = Rule(
    name="window-never-opens",
    alias="SG603",
    category="bugs",
    severity=Severity.WARNING,
    title="A send window that lies wholly inside the quiet hours",
    why="Mails go out inside the window and outside the quiet hours. Where the quiet hours cover all of the window "
    "there is no such time, and whoever waits for it waits for ever.",
    domain=("S14", "L15"),
    bad=(
        Example(_PROGRAM.replace("WINDOW", "06:00-08:00"), settings=_QUIET),
        Example(_PROGRAM.replace("WINDOW", "every day 22:00-02:00"), "over midnight", settings=_QUIET),
    ),
    good=(
        Example(_PROGRAM.replace("WINDOW", "07:00-09:00"), "an hour is left", settings=_QUIET),
        Example(_PROGRAM.replace("WINDOW", "06:00-08:00"), "there are no quiet hours"),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
