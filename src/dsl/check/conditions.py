"""Conditions: from what is written to the compiled form, every name found and every comparison typed.

One reader a form (`@reads`): here `and`, `or`, `not` and a name alone; the others in the modules named below, which
are imported so that `check_condition` knows them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import Compare, Const, InSegment
from ..schema.model import Kind, Type
from ..syntax import nodes
from . import comparisons, date_tests, has, history, linked, membership, value_tests
from .body_names import body_condition, is_body_name
from .date_tests import is_event_name
from .findings import replace
from .forms import check_condition as check_condition
from .forms import reads
from .has import needs_has
from .operands import operand
from .placed import Placed, both, either, negated
from .scope import Scope
from .types import described

FORMS_IN = (comparisons, date_tests, has, history, linked, membership, value_tests)


@reads(nodes.And)
def _and(scope: Scope, node: nodes.And) -> Placed | None:
    sound = _parts(scope, node.parts)
    return both(sound, node.span) if sound else None


@reads(nodes.Or)
def _or(scope: Scope, node: nodes.Or) -> Placed | None:
    sound = _parts(scope, node.parts)
    return either(sound, node.span) if sound else None


@reads(nodes.Mixed)
def _mixed(scope: Scope, node: nodes.Mixed) -> None:
    _parts(scope, node.parts)


def _parts(scope: Scope, parts: Sequence[nodes.Condition]) -> list[Placed] | None:
    """All parts, so that every mistake is told; None where one has a mistake."""
    checked = [check_condition(scope, part) for part in parts]
    sound = [part for part in checked if part is not None]
    return sound if len(sound) == len(checked) else None


@reads(nodes.Not)
def _not(scope: Scope, node: nodes.Not) -> Placed | None:
    part = check_condition(scope, node.part)
    if part is not None and isinstance(part.condition, InSegment) and not part.condition.negated:
        return Placed(InSegment(part.condition.segment, True), node.span)
    return negated(part, node.span) if part else None


@reads(nodes.Bad)
def _told_before(scope: Scope, node: nodes.Bad) -> None:
    """The parser reported it."""


@reads(nodes.Path)
def _name_alone(scope: Scope, node: nodes.Path) -> Placed | None:
    """A name alone: right for what is true or false (`closed`)."""
    if is_body_name(scope, node):
        return body_condition(scope, node)
    if is_event_name(scope, node) and not scope.events:
        needs_has(scope, node)
        return None
    kinds = scope.names.kinds_of(node.text, ("segment", "sequence", "workflow"))
    if kinds and node.names[0].text not in scope.subject.properties and not scope.events:
        hint = f"in {kinds[0]} {node.text}"
        scope.findings.error(
            "not-a-condition",
            node.span,
            f"`{node.text}` is a {kinds[0]}",
            "not a condition by itself",
            help=f"write `{hint}`",
            fix=replace(node.span, hint),
        )
        return None
    return _value_alone(scope, node)


Value = nodes.Path | nodes.Aggregate | nodes.Count | nodes.ScoreOf | nodes.Ago | nodes.Ahead | nodes.Function


@reads(nodes.Aggregate)
@reads(nodes.Count)
@reads(nodes.ScoreOf)
@reads(nodes.Ago)
@reads(nodes.Ahead)
@reads(nodes.Function)
def _value_alone(scope: Scope, node: Value) -> Placed | None:
    found = operand(scope, node, node.span)
    if found is None:
        return None
    if found.value.type.kind is not Kind.BOOL:
        written = scope.findings.raw(node.span)
        scope.findings.error(
            "not-a-condition",
            node.span,
            f"`{written}` is {described(found.value.type)}; alone it says nothing",
            "compare it with something",
            help=f"write `{written} is known` if any value will do" if found.missing else "",
        )
        return None
    condition = Compare(found.value, "=", Const(True, Type(Kind.BOOL)))
    return Placed(condition, node.span, found.inner, found.missing, found.span)


@reads(nodes.Becomes)
def _becomes(scope: Scope, node: nodes.Becomes) -> None:
    change = f"when: {scope.findings.raw(node.span)}"
    help_ = f"a change starts something: write `{change}`, and what else must hold under `only:`; or compare by `=`"
    scope.findings.error("not-a-condition", node.span, "`becomes` is only for `when:`", "not a condition", help=help_)


@reads(nodes.Text)
@reads(nodes.Number)
@reads(nodes.Percent)
@reads(nodes.Money)
@reads(nodes.Date)
@reads(nodes.DateTime)
@reads(nodes.Time)
@reads(nodes.TimeRange)
@reads(nodes.Duration)
@reads(nodes.Boolean)
@reads(nodes.ListOf)
def _literal_alone(scope: Scope, node: nodes.Literal) -> None:
    scope.findings.error(
        "not-a-condition", node.span, f"{scope.findings.text(node.span)} is a value", "not a condition"
    )
