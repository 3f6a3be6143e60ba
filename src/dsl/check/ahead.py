"""What a step writes by the clock: `today`, `now`, `14 days from now`."""

from __future__ import annotations

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import Ahead, Duration, Unit
from ..schema.model import Kind
from ..syntax import nodes
from .constants import mismatch
from .date_tests import has_clock
from .findings import replace
from .scope import Resolved, Scope

_DATES = (Kind.DATE, Kind.DATETIME)
_WORDS = {"today": Duration(0, Unit.DAYS), "now": Duration(0, Unit.MINUTES)}
_WORD_OF = {Kind.DATE: "today", Kind.DATETIME: "now"}


def by_the_clock(scope: Scope, target: Resolved, node: nodes.Operand) -> bool:
    """Whether the value is one of them. A property called `today` is that property."""
    if isinstance(node, nodes.Ahead):
        return True
    word = node.text if isinstance(node, nodes.Path) else ""
    return target.value.type.kind in _DATES and word in _WORDS and word not in scope.subject.properties


def ahead(scope: Scope, target: Resolved, node: nodes.Operand) -> Ahead | None:
    """The value; None after a finding: a day is not kept as a moment, nor a moment as a day."""
    type_ = target.value.type
    if type_.kind not in _DATES:
        mismatch(scope, target, node.span, None)
        return None
    if isinstance(node, nodes.Ahead):
        length = Duration(node.length.n, Unit(node.length.unit))
        return Ahead(length, type_) if has_clock(scope, target, length, node.span) else None
    written, fitting = scope.findings.raw(node.span), _WORD_OF[type_.kind]
    if written == fitting:
        return Ahead(_WORDS[written], type_)
    what, found = ("date", "moment") if type_.kind is Kind.DATE else ("date and time", "day")
    message = f"{scope.findings.text(target.span)} is a {what}, `{written}` is a {found}"
    fix = replace(node.span, fitting, FixKind.SAFE)
    scope.findings.error("type-mismatch", node.span, message, f"not a {what}", help=f"write `{fitting}`", fix=fix)
    return None
