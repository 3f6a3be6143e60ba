"""L11, G14: a single soft bounce takes a person out."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.conditions import Compare, Condition, Const, EventMatch, EventValue, Happened
from ....source import Span
from ....syntax import nodes
from ...entry import placed_at
from ...rule import Example, Found, Rule
from ...view import View

_CONDITIONS = ("suppress", "stop_when")


def _check(view: View, node: nodes.Sequence | nodes.Workflow | nodes.SettingsOnly) -> Iterator[Found]:
    for name in _CONDITIONS:
        setting = view.settings.get(name)
        placed = placed_at(view, setting.value.span) if setting is not None else None
        for leaf in placed.leaves() if placed is not None else ():
            if _once(leaf.condition):
                yield _found(leaf.span)
    setting = view.settings.get("stop_on")
    guards = view.definition.guards if view.definition else None
    if setting is not None and guards is not None and any(_soft(match) for match, _ in guards.stop_on):
        yield _found(setting.value.span)


def _found(span: Span) -> Found:
    return Found(
        span,
        "a single soft bounce takes people out here",
        "once is enough for this",
        help="write `bounced(kind = hard)`, or count: `has bounced(kind = soft) at least 4 times within 90 days`",
        note="a full mailbox or a busy server bounces softly, and a third of such addresses is alive",
    )


def _once(condition: Condition) -> bool:
    match condition:
        case Happened(match=match, negated=False):
            return match.at_least < 2 and _soft(match)
    return False


def _soft(match: EventMatch) -> bool:
    """Whether soft bounces are meant, too."""
    if match.event != "bounced":
        return False
    match match.filter:
        case None:
            return True
        case Compare(EventValue("kind"), op, Const(kind)):
            return (op, kind) in (("=", "soft"), ("!=", "hard"))
    return False


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  suppress: SUPPRESS
  notify owner "A new customer"
}
"""

RULE = Rule(
    name="soft-bounce-ends",
    alias="SG632",
    category="delivery",
    severity=Severity.WARNING,
    title="A single soft bounce takes a person out",
    why="A hard bounce says that an address does not exist, and ends everything by itself. A soft one says that the "
    "mailbox is full, the server busy, or the sender unknown to it: of people taken out for that, one in three could "
    "be reached after all. Count soft bounces, four or more, before you give an address up.",
    domain=("L11", "G14"),
    bad=(
        Example(_PROGRAM.replace("SUPPRESS", "has bounced within 90 days"), "of any kind"),
        Example(_PROGRAM.replace("SUPPRESS", "has bounced(kind = soft) within 90 days")),
    ),
    good=(
        Example(_PROGRAM.replace("SUPPRESS", "has bounced(kind = hard) within 90 days")),
        Example(_PROGRAM.replace("SUPPRESS", "has bounced(kind = soft) at least 4 times within 90 days")),
    ),
    on=(nodes.Sequence, nodes.Workflow, nodes.SettingsOnly),
    check=_check,
)
