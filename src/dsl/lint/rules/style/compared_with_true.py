"""What is true or false, compared with `true`."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import replace
from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import Compare, Const, Field
from ....source import Span
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, placed: Placed) -> Iterator[Found]:
    match placed.condition:
        case Compare(left=Field(), op="=", right=Const(value=True)) if placed.left not in (None, placed.span):
            assert placed.left is not None
            whole = view.within(placed.span)
            rest = Span(whole.file, placed.left.end, whole.end)
            if view.text(rest).replace(" ", "") != "=true":
                return  # with a comment in between, or written otherwise
            name = view.text(placed.left)
            yield Found(
                whole,
                f"`{name}` is true or false already",
                "compared with `true`",
                help=f"write `{name}`",
                fix=replace(rest, ""),
            )


RULE = Rule(
    name="compared-with-true",
    alias="SG673",
    category="style",
    severity=Severity.INFO,
    title="A comparison with `true`",
    why="`closed` says what `closed = true` says, in the words of the sentence: `any deal (won and closed)`. The "
    "opposite is `not closed`; `= false` is left alone, for where a value may be missing `not` is no exact opposite.",
    domain=("G8", "X29"),
    bad=(
        Example("segment buyers of contact { any deal (won = true and amount > 100 EUR) }\n"),
        Example("report won_deals of deal { measure: count  where: (won = true)  by: owner }\n", "in parentheses"),
    ),
    good=(
        Example("segment buyers of contact { any deal (won and amount > 100 EUR) }\n"),
        Example("segment losers of contact { any deal (won = false and amount > 100 EUR) }\n"),
    ),
    on=(Compare,),
    check=_check,
    repairs="safe",
)
