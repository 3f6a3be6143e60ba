"""S4: an account may have so many sequences; how many are used is said when there are more."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ...examples import SETTINGS
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "too-many-sequences"


def _note(view: View) -> bool | None:
    return True if view.kind == "sequence" else None


def _whole(overview: Overview) -> Iterator[Found]:
    most = overview.names.project.limits.max_sequences
    found = [facts for facts, _ in overview.notes(NAME)]
    if most is None or len(found) <= most or overview.settings is None:
        return
    yield Found(
        overview.in_settings("limits", "max_sequences"),
        f"there are {len(found)} sequences, and the limit is {most}",
        f"{len(found)} of {most} used",
        help="take out those nobody is in any more, or raise `max_sequences`",
        others=[Label(facts.span, f"`{facts.name}` is beyond the limit") for facts in found[most:][:2]],
    )


_PROGRAM = """\
sequence first { when: manually  sender: ada  task call "Call" }
sequence second { when: manually  sender: ada  task call "Call" }
"""
_TWO, _ONE = (f"{SETTINGS}limits: {{max_sequences: {n}}}\n" for n in (2, 1))

RULE = Rule(
    name=NAME,
    alias="SG638",
    category="delivery",
    severity=Severity.WARNING,
    title="More sequences than the account is to have",
    why="Where nobody counts, sequences pile up: each new idea adds one, and people are in several of them at once. "
    "`limits.max_sequences` says how many there are to be; how many are used is said here.",
    domain=("S4",),
    bad=(Example(_PROGRAM, settings=_ONE),),
    good=(Example(_PROGRAM, settings=_TWO), Example(_PROGRAM, "no limit is written")),
    note=_note,
    whole=_whole,
)
