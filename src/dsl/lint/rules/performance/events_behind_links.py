"""G11: of each linked record, all its events are looked through again."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import Quantified
from ....program.cost import Reading, cost_of
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, placed: Placed) -> Iterator[Found]:
    condition = placed.condition
    assert isinstance(condition, Quantified)
    if condition.condition is None:
        return
    reads = cost_of(condition.condition, condition.object).reads
    dear = [read for read in reads if read.reading in (Reading.EVENTS, Reading.SCORE_COURSE)]
    if dear:
        yield Found(
            placed.span,
            f"all of `{dear[0].what}` is read for each linked {condition.object}",
            "rows behind rows",
            help=f"declare a segment of {condition.object} with what is asked there, and ask `in segment ..` here",
            note="the members of a segment are kept, so that one look at each linked record is enough",
        )


_BEHIND = "segment warm_companies of company { any contact (has purchased at least 3 times) }\n"
_KEPT = """\
segment buyers of contact { has purchased at least 3 times }
segment warm_companies of company { any contact (in segment buyers) }
"""

RULE = Rule(
    name="events-behind-links",
    alias="SG665",
    category="performance",
    severity=Severity.INFO,
    title="All events of every linked record are read",
    why="`any`, `no`, `every` and `count` look at each linked record, and an event counted or looked into without a "
    "window is searched for among all its events, for each of them again: rows behind rows. A segment of the linked "
    "object is worked out once, when something happens, and then costs no more than a property. A window helps too.",
    domain=("G11", "G1"),
    bad=(Example(_BEHIND),),
    good=(
        Example(_KEPT),
        Example("segment active of company { any contact (has purchased within 30 days) }\n", "an index finds these"),
        Example("segment big of contact { any deal (not closed and amount > 100 EUR) }\n", "properties alone"),
    ),
    on=(Quantified,),
    check=_check,
)
