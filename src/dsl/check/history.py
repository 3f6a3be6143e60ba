"""What was and what changed: `was ever`, `changed within`, `score(..) fell by` (G5, G6, G18, X34, X35)."""

from __future__ import annotations

from ..program.conditions import Changed, Const, Field, Moved, ScoreValue, WasEver
from ..schema.model import Kind, Type
from ..syntax import nodes
from .constants import mismatch
from .events import window
from .forms import reads
from .literals import value_for
from .operands import left_side
from .placed import Placed
from .scope import Resolved, Scope
from .value_tests import listed


@reads(nodes.WasEver)
def was_ever(scope: Scope, node: nodes.WasEver) -> Placed | None:
    """`lifecycle_stage was ever customer`, `plan was ever [trial, paid]`."""
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    field = _with_history(scope, left)
    if isinstance(node.value, nodes.ListOf):
        options = listed(scope, left, node.value)
    else:
        value = value_for(scope, left, node.value)
        options = (value,) if isinstance(value, Const) else None
        if value is not None and options is None:
            mismatch(scope, left, node.value.span, None)
    if field is None or options is None:
        return None
    return Placed(WasEver(field, options), node.span, left=left.span)


@reads(nodes.Changed)
def has_changed(scope: Scope, node: nodes.Changed) -> Placed | None:
    """`amount changed within 7 days`; without a window: ever."""
    left = left_side(scope, node.left, node.span)
    length = window(scope, node.within) if node.within else None
    field = _with_history(scope, left) if left else None
    if left is None or field is None or (node.within and length is None):
        return None
    return Placed(Changed(field, length), node.span, left=left.span)


def _with_history(scope: Scope, left: Resolved) -> Field | None:
    """The property, if its past is kept: it is stored, and not worked out of other facts. None after a finding."""
    value, name = left.value, scope.findings.text(left.span)
    if not isinstance(value, Field):
        message = f"only properties have a history, and {name} is none"
        help_ = f"write {name[:-1]} fell by 10 within 30 days`" if isinstance(value, ScoreValue) else ""
        scope.findings.error("no-history", left.span, message, "no property", help=help_)
        return None
    derived = scope.schema.objects[value.object].properties[value.property].derived
    if derived is None:
        return value
    scope.findings.error(
        "no-history",
        left.span,
        f"{name} has no history: it follows from other facts",
        "worked out, not stored",
        help="ask for `stage` instead" if derived in ("closed", "won") else "",
    )
    return None


@reads(nodes.Moved)
def moved(scope: Scope, node: nodes.Moved) -> Placed | None:
    """`score(engagement) fell by 10 within 60 days`."""
    left = left_side(scope, node.left, node.span)
    if left is not None and not isinstance(left.value, ScoreValue):
        _no_score(scope, left, node)
        return None
    by, length = _points(scope, node), window(scope, node.within) if node.within else None
    if node.within is None:
        scope.findings.error(
            "missing-window",
            node.span,
            f"{scope.findings.text(node.span)} does not say since when",
            "in what time?",
            help=f"write `{scope.findings.raw(node.span)} within 30 days`",
        )
    if left is None or by is None or length is None:
        return None
    return Placed(Moved(left.value, node.direction, by, length), node.span, (), left.missing, left.span)


def _points(scope: Scope, node: nodes.Moved) -> Const | None:
    if isinstance(node.by, nodes.Bad):
        return None
    if isinstance(node.by, nodes.Number) and node.by.value > 0:
        value = node.by.value
        return Const(value if isinstance(value, int) else float(value), Type(Kind.NUMBER))
    scope.findings.error(
        "bad-count",
        node.by.span,
        f"a score {_PAST[node.direction]} by a number of points above 0",
        "not a number of points",
    )
    return None


_PAST = {"fell": "falls", "rose": "rises"}


def _no_score(scope: Scope, left: Resolved, node: nodes.Moved) -> None:
    name = scope.findings.raw(left.span)
    stored = isinstance(left.value, Field)
    scope.findings.error(
        "wrong-operator",
        node.op_span,
        f"`{node.direction} by` follows a score, and `{name}` is none",
        "only for `score(..)`",
        help=f"write `{name} changed within {scope.findings.raw(node.within.span)}`" if stored and node.within else "",
    )
