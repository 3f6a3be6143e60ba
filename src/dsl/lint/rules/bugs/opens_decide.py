"""G15: a definition that starts, or succeeds, by an open alone."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import All, AnyOf, Condition, Consent, EventMatch, Happened
from ....program.definitions import OnEvents
from ....source import Span
from ....syntax import nodes
from ...entry import placed_at
from ...rule import Example, Found, Rule
from ...view import View

# What makes work for somebody, or starts something; one more mail to who has opened one is no harm.
_ACTS = (nodes.Task, nodes.Notify, nodes.Slack, nodes.Webhook, nodes.Enroll, nodes.Assign)


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    when, goal = view.settings.get("when"), view.settings.get("goal")
    if when is not None and _starts_by_opens(view, placed_at(view, when.value.span)) and _acts(view):
        yield _found(when.value.span, f"the {view.kind} `{view.name}` starts by opens alone")
    placed = placed_at(view, goal.value.span) if goal is not None else None
    if placed is not None and _only_opens(placed.condition):
        yield _found(placed.span, f"the {view.kind} `{view.name}` succeeds by opens alone")


def _acts(view: View) -> bool:
    """Whether work for somebody follows; to subscribe by it is worse, and `consent-from-an-open` tells it."""
    subscribes = any(isinstance(statement, nodes.Subscribe) for statement in view.statements)
    return not subscribes and any(isinstance(statement, _ACTS) for statement in view.statements)


def _asks_for_more(only: Condition | None) -> bool:
    """Whether `only:` asks for something about people beside their consent."""
    match only:
        case All(parts) | AnyOf(parts):
            return any(map(_asks_for_more, parts))
        case Happened(match=match):
            return not _opened(match)
    return only is not None and not isinstance(only, Consent)


def _found(span: Span, message: str) -> Found:
    return Found(
        span,
        message,
        "opens are weak evidence",
        help="take a click, a reply, or what they should do in the end",
        note="some mail programs open mails by themselves, and not all of them are found out",
    )


def _starts_by_opens(view: View, condition: Placed | None) -> bool:
    trigger = view.definition.trigger if view.definition else None
    if view.definition is not None and _asks_for_more(view.definition.only):
        return False
    if isinstance(trigger, OnEvents):
        return all(_opened(match) for match in trigger.events)
    return condition is not None and _only_opens(condition.condition)


def _only_opens(condition: Condition) -> bool:
    """Whether it needs nothing but opens: one way of an `or` is enough, all parts of an `and` are needed."""
    match condition:
        case All(parts):
            return all(_only_opens(part) for part in parts)
        case AnyOf(parts):
            return any(_only_opens(part) for part in parts)
        case Happened(match=match, negated=False):
            return _opened(match)
    return False


def _opened(match: EventMatch) -> bool:
    """Without machines: that those count is told by `machines-act-for-people`."""
    return match.event == "opened_email" and not match.machines


_PROGRAM = """\
workflow interested of contact {
  when: WHEN
  notify owner "Reads our mails"
}
"""

RULE = Rule(
    name="opens-decide",
    alias="SG618",
    category="bugs",
    severity=Severity.WARNING,
    title="A definition starts, or succeeds, by opens alone",
    why="Mail programs load images in advance and security scanners open every mail, so opens say little about people. "
    "A definition that starts by them has reps call people who have seen nothing, and a goal of opens counts them as "
    "successes. A click names what somebody was interested in; a purchase or a meeting is what it is all for.",
    domain=("G15", "M20", "D5"),
    bad=(
        Example(_PROGRAM.replace("WHEN", "opened_email")),
        Example(_PROGRAM.replace("WHEN", "has opened_email at least 3 times within 30 days")),
    ),
    good=(
        Example(_PROGRAM.replace("WHEN", "clicked_email")),
        Example(_PROGRAM.replace("WHEN", "has opened_email within 30 days and visits > 5"), "and something else"),
        Example(_PROGRAM.replace("WHEN", "opened_email\n  only: visits > 5"), "something else is asked for as well"),
        Example(
            _PROGRAM.replace("WHEN", "opened_email").replace('notify owner "Reads our mails"', "set visits = 1"),
            "nobody is bothered by a note of it",
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
