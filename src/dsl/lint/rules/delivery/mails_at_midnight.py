"""X14: a condition that time turns, turns at midnight, and so does a date without a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import All, AnyOf, Condition, DateTest, Duration, Field, Happened, InSegment, Unit
from ....program.definitions import Definition, OnCondition, OnDate, Segment
from ....schema.model import Kind
from ....source import Span
from ....syntax import nodes
from ...examples import SETTINGS
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...statements import Statements, blocks_of, parts_of
from ...view import View
from ...ways import passing

NAME = "mails-at-midnight"
_BY_THE_DAY = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)


def _note(view: View) -> object | None:
    """Of a segment what turns it; of a definition that, and where its first mail is sent at once."""
    if isinstance(view.compiled, Segment):
        return _turned_by(view.compiled.condition) or None
    if view.definition is None or view.definition.pinned.window is not None or _quiet_at_midnight(view):
        return None
    turned = _starts(view.definition)
    node = view.node
    if not turned or not isinstance(node, nodes.Sequence | nodes.Workflow):
        return None
    parts = parts_of(node.body)
    first = _sent_at_once(parts[0], view.kind) if parts else None
    return (turned, first) if first is not None else None


def _quiet_at_midnight(view: View) -> bool:
    quiet = view.project.limits.quiet_hours
    return quiet is not None and (quiet[0] > quiet[1] or quiet[0] == 0 < quiet[1])


def _starts(definition: Definition) -> tuple[str, ...]:
    match definition.trigger:
        case OnCondition(condition):
            return _turned_by(condition)
        case OnDate(value=Field(type=type_), length=length) if type_.kind is Kind.DATE:
            return ("",) if length is None or length.unit in (*_BY_THE_DAY, Unit.BUSINESS_DAYS) else ()
    return ()


def _turned_by(condition: Condition | None) -> tuple[str, ...]:
    """`""` where a count of days makes it true, else the segments that may; nothing where neither does."""
    match condition:
        case All(parts) | AnyOf(parts):
            return tuple(dict.fromkeys(name for part in parts for name in _turned_by(part)))
        case DateTest(op="older_than" | "within_next", length=Duration(unit=unit)) if unit in _BY_THE_DAY:
            return ("",)
        case Happened(negated=True, within=Duration(unit=unit)) if unit in _BY_THE_DAY:
            return ("",)
        case InSegment(name, False):
            return (name,)
    return ()


def _sent_at_once(statements: Statements, kind: str) -> Span | None:
    """The first mail, if a way leads to it on which no time passes."""
    for statement in statements:
        if isinstance(statement, nodes.Send) and not statement.as_task:
            return statement.template.span
        if passing(statement, kind) != 0:
            return None
        for block in blocks_of(statement):
            if (inside := _sent_at_once(block.statements, kind)) is not None:
                return inside
    return None


def _whole(overview: Overview) -> Iterator[Found]:
    notes = list(overview.notes(NAME))
    segments = {facts.name: cast("tuple[str, ...]", note) for facts, note in notes if facts.kind == "segment"}
    for facts, note in notes:
        if facts.kind == "segment":
            continue
        turned, sent = cast("tuple[tuple[str, ...], Span]", note)
        if _by_the_day(turned, segments):
            yield Found(
                sent,
                f"`{facts.name}` sends this at midnight",
                "no window, and no quiet hours",
                help="write `window: 09:00-17:00`, or `quiet_hours` under `limits:` of segue.yaml",
                note="days are counted from midnight to midnight, so what waits for a day comes true at 00:00",
                others=[Label(facts.span, "starts when a day begins")],
            )


def _by_the_day(turned: Collection[str], segments: Mapping[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(turned), set[str]()
    while waiting:
        name = waiting.pop()
        if name == "":
            return True
        if name not in seen:
            seen.add(name)
            waiting += segments.get(name, ())
    return False


_PROGRAM = """\
workflow sleeping of contact {
  when: last_activity_at older than 60 days
  only: subscribed to newsletter
SETTING  send come_back
}
template come_back { topic: newsletter  subject: "Still there?"  body: \"""[What is new](https://example.com/)\""" }
"""

RULE = Rule(
    name=NAME,
    alias="SG634",
    category="delivery",
    severity=Severity.WARNING,
    title="Mails that go out at midnight",
    why="Days are counted from midnight to midnight, so `older than 60 days`, `has not .. within 60 days` and a date "
    "without a time come true at 00:00, for everybody at once. Without a window and without quiet hours the mails go "
    "out at that moment: people are woken up, and all of them come in one heap. What starts by an act of a person may "
    "go out at any time, and is left alone.",
    domain=("G12", "S14", "L15"),
    bad=(
        Example(_PROGRAM.replace("SETTING", "")),
        Example(_PROGRAM.replace("SETTING", "").replace("last_activity_at older than 60 days", "at trial_ends_on")),
    ),
    good=(
        Example(_PROGRAM.replace("SETTING", "  window: 09:00-17:00\n")),
        Example(_PROGRAM.replace("SETTING", ""), settings=SETTINGS + "limits: {quiet_hours: '21:00-08:00'}\n"),
        Example(_PROGRAM.replace("SETTING", "  wait until 10:00\n")),
    ),
    note=_note,
    whole=_whole,
)
