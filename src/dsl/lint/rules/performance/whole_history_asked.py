"""A busy event counted or searched through over the whole history of everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import Happened
from ...rule import Example, Found, Rule
from ...view import View

_BUSY = frozenset(("received_email", "opened_email", "viewed_page", "searched", "acted"))


def _check(view: View, placed: Placed) -> Iterator[Found]:
    has = placed.condition
    assert isinstance(has, Happened)
    bounded = has.within is not None or has.since_enrollment or has.since is not None
    if bounded or has.negated or has.match.event not in _BUSY:
        return
    if has.match.at_least > 1 or has.match.filter is not None:
        yield Found(
            placed.span,
            f"all `{has.match.event}` there ever were are read",
            "no window",
            help=f"say how far back it matters: `{view.text(placed.span)} within 90 days`",
            note="such events pile up for years; an old one rarely says what somebody wants today",
        )


_PROGRAM = "segment keen of contact { CONDITION }\n"

RULE = Rule(
    name="whole-history-asked",
    alias="SG660",
    category="performance",
    severity=Severity.INFO,
    title="A busy event is asked for without a window",
    why="Mails received and opened and pages viewed are the events there are most of. To count them, or to look for "
    "one with a certain field, all of a person's must be read, and their number only grows; with a window an index "
    "finds the few that matter. It is also rarely meant: somebody who looked at prices three years ago is no lead "
    "today. Rare events, such as purchases and bounces, may be asked for without a window.",
    domain=("G3", "G12"),
    bad=(
        Example(_PROGRAM.replace("CONDITION", "has viewed_page at least 10 times")),
        Example(_PROGRAM.replace("CONDITION", 'has viewed_page(path = "/prices")'), "each one is looked into"),
    ),
    good=(
        Example(_PROGRAM.replace("CONDITION", "has viewed_page at least 10 times within 90 days")),
        Example(_PROGRAM.replace("CONDITION", "has viewed_page"), "one look at the index is enough"),
        Example(_PROGRAM.replace("CONDITION", "has purchased at least 3 times"), "there are not many of these"),
    ),
    on=(Happened,),
    check=_check,
)
