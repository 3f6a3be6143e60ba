"""Fixes that surely leave their condition true: the record would be found again, and fixed again, for ever (P15)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from ...program.blocks import Clear, Graph, Set
from ...program.conditions import (
    All,
    Call,
    Changed,
    Compare,
    Condition,
    Const,
    CountOf,
    Field,
    InDefinition,
    InSegment,
    Missing,
    OneOf,
    Quantified,
    ScoreValue,
    TextTest,
    Value,
    WasEver,
)
from ...syntax import nodes
from ..placed import Placed
from ..scope import Scope
from .checked import within

_FAR: tuple[type, ...] = (InSegment, InDefinition, Quantified, CountOf, ScoreValue, WasEver, Changed)


def check_repeats(scope: Scope, node: nodes.HygieneRule, placed: Placed, graph: Graph) -> None:
    """Warns of a fix after which its condition surely still holds; says nothing where that is open."""
    written = {block.property: block for block in graph.blocks if isinstance(block, Set | Clear)}
    if len(written) < sum(isinstance(block, Set | Clear) for block in graph.blocks):
        return  # one property twice: the last one counts
    read = _read(scope, placed.condition)
    if not read:
        return
    if not read & written.keys():
        _warn(scope, node, "the condition does not look at what is written")
    elif _still(placed.condition, written):
        _warn(scope, node, "holds after the fix too")


def _read(scope: Scope, condition: Condition) -> set[str]:
    """The properties the condition looks at; none where a write may change it in ways that do not show here."""
    if any(next(within(condition, kind), None) for kind in _FAR):
        return set()
    own = {field.property for field in within(condition, Field) if not field.path}
    return set() if any(scope.subject.properties[name].derived for name in own) else own


def _warn(scope: Scope, node: nodes.HygieneRule, under: str) -> None:
    condition = node.condition.span
    scope.findings.warning(
        "fix-repeats",
        condition,
        f"after this fix {scope.findings.text(condition)} is still true, so it would be fixed for ever",
        under,
        help="write a condition that the fix makes false",
    )


def _still(condition: Condition, written: dict[str, Set | Clear]) -> bool:
    """Whether the condition, true before the fix, is surely true after it."""
    match condition:
        case All(parts):
            return all(_still(part, written) for part in parts)
        case Compare(left, op, Const(value)) if op in ("=", "!="):
            return _after(left, written, lambda new: _same(new, value) == (op == "="), missing=False)
        case OneOf(left, options, negated):
            values = [option.value for option in options]
            return _after(left, written, lambda new: any(_same(new, v) for v in values) != negated, missing=False)
        case Missing(left, negated):
            return _after(left, written, lambda new: negated, missing=not negated)
        case TextTest(left, op, Const(value)):
            block = written.get(left.property) if isinstance(left, Field) and not left.path else None
            if isinstance(block, Set) and isinstance(block.value, Call):
                return _untouched(block.value, left, op, str(value))
            return _after(left, written, lambda new: _tested(str(new), op, str(value)), missing=False)
    return not {field.property for field in within(condition, Field) if not field.path} & written.keys()


def _after(left: Value, written: dict[str, Set | Clear], holds: Callable[[object], bool], *, missing: bool) -> bool:
    """`holds` of the constant that is written; `missing`: what the test says of no value. Unwritten: as before."""
    if not isinstance(left, Field) or left.path:
        return True
    match written.get(left.property):
        case None:
            return True
        case Clear():
            return missing
        case Set(value=Const(value)):
            return holds(value)
    return False


def _untouched(call: Call, left: Value, op: str, affix: str) -> bool:
    """Whether taking off another beginning or end leaves the text that the condition asks for as it is."""
    wanted = {"without_suffix": "ends_with", "without_prefix": "starts_with"}.get(call.function)
    if wanted != op or call.arguments[0] != left or not isinstance(call.arguments[1], Const):
        return False
    taken, asked = _folded(str(call.arguments[1].value)), _folded(affix)
    if op == "ends_with":
        return not (taken.endswith(asked) or asked.endswith(taken))
    return not (taken.startswith(asked) or asked.startswith(taken))


def _tested(text: str, op: str, wanted: str) -> bool:
    text, wanted = _folded(text), _folded(wanted)
    if op == "contains":
        return wanted in text
    return text.startswith(wanted) if op == "starts_with" else text.endswith(wanted)


def _same(new: object, value: object) -> bool:
    return _folded(new) == _folded(value) if isinstance(new, str) and isinstance(value, str) else new == value


def _folded(text: str) -> str:
    """As texts are compared: without regard to case and width (X31)."""
    return unicodedata.normalize("NFKC", text).casefold()
