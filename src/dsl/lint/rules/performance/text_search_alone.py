"""A segment that can only be found by looking into a text of every record."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import All, AnyOf, Field, Matches, TextTest
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Segment) -> Iterator[Found]:
    searched = _searched(view.conditions[0]) if view.conditions else None
    if searched is not None:
        yield Found(
            searched.span,
            f"to find `{node.name.text}` the texts of all records are read",
            "no index helps here",
            help="add what narrows it down first, such as a stage or a plan, or keep the answer in a property",
        )


def _searched(placed: Placed) -> Placed | None:
    """A test inside a text, if nothing beside it narrows down whose texts are read."""
    match placed.condition:
        case TextTest(left=Field(path=()), op="contains" | "ends_with") | Matches(left=Field(path=())):
            return placed
        case All():
            found = [_searched(part) for part in placed.parts]
            return found[0] if all(found) else None
        case AnyOf():
            return next((part for part in map(_searched, placed.parts) if part), None)
    return None


_PROGRAM = "segment doctors of contact { CONDITION }\n"

RULE = Rule(
    name="text-search-alone",
    alias="SG661",
    category="performance",
    severity=Severity.INFO,
    title="A segment that reads a text of every record",
    why="`contains`, `ends with` and `matches` look inside a text, and no index helps with that: the text of every "
    "record is read. Beside another test that few satisfy it costs nothing, alone it costs more with every record. "
    "The rule speaks in the strict profile only: on ten thousand records nobody will notice.",
    domain=("G4", "X31"),
    bad=(
        Example(_PROGRAM.replace("CONDITION", 'last_name contains "Dr."')),
        Example(
            _PROGRAM.replace("CONDITION", 'lifecycle_stage = lead or last_name matches "^Dr\\\\."'),
            "the other half of an `or` narrows nothing down",
        ),
    ),
    good=(
        Example(_PROGRAM.replace("CONDITION", 'lifecycle_stage = lead and last_name contains "Dr."')),
        Example(_PROGRAM.replace("CONDITION", 'last_name starts with "Dr."'), "an index finds beginnings"),
    ),
    on=(nodes.Segment,),
    check=_check,
    strict=True,
)
