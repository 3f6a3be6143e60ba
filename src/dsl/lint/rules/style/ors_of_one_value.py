"""`plan = free or plan = trial`: a list written out."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import replace
from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import AnyOf, Compare, Const, EventValue, Field
from ....schema.model import Kind
from ....source import Span
from ...rule import Example, Found, Rule
from ...view import View

_KINDS = (Kind.CHOICE, Kind.TEXT)


def _check(view: View, placed: Placed) -> Iterator[Found]:
    options = [_option(view, part) for part in placed.parts]
    left = placed.parts[0].left
    if left is None or len({part.condition.left for part in placed.parts if isinstance(part.condition, Compare)}) != 1:
        return
    written = [option for option in options if option]
    if len(written) == len(options):
        plain = f"{view.text(left)} in [{', '.join(written)}]"
        yield Found(
            placed.span,
            f"`{view.text(left)}` is compared {len(options)} times",
            "one of these values",
            help=f"write `{plain}`",
            fix=None if "#" in view.text(placed.span) else replace(placed.span, _space(view, placed.span) + plain),
        )


def _space(view: View, span: Span) -> str:
    """The space that `not(..)` has none of."""
    return " " if view.source.text[span.start - 1 : span.start].isalpha() else ""


def _option(view: View, part: Placed) -> str:
    """The value that a part compares with, as written; empty where it does something else."""
    match part.condition:
        case Compare(left=Field() | EventValue(), op="=", right=Const(type=type_)) if part.left is not None:
            if type_.kind in _KINDS:
                end = view.within(part.span).end
                return view.written(Span(part.span.file, part.left.end, end)).lstrip().lstrip("=").strip()
    return ""


_PROGRAM = "segment users of contact { CONDITION }\n"

RULE = Rule(
    name="ors-of-one-value",
    alias="SG684",
    category="style",
    severity=Severity.INFO,
    title="One value compared with several, one after the other",
    why="`plan in [free, trial]` says in one glance what `plan = free or plan = trial` says in two, and another "
    "value is added in one place. It also needs no parentheses beside an `and`.",
    domain=("G6",),
    bad=(
        Example(_PROGRAM.replace("CONDITION", "plan = free or plan = trial")),
        Example(
            _PROGRAM.replace("CONDITION", "plan is known and not((plan = free) or (plan = trial))"), "none of them"
        ),
    ),
    good=(
        Example(_PROGRAM.replace("CONDITION", "plan in [free, trial]")),
        Example(_PROGRAM.replace("CONDITION", "plan = free or lifecycle_stage = lead"), "two values"),
    ),
    on=(AnyOf,),
    check=_check,
    repairs="safe",
)
