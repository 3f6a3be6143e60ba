"""What stands on the right of a comparison, as a value of the type that the left side asks for."""

from __future__ import annotations

from ..program.conditions import Ago, Const, Value
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from .constants import constant, mismatch
from .date_tests import has_clock
from .findings import replace
from .operands import Named, operand
from .options import option_named, user_named
from .scope import Resolved, Scope
from .types import comparable

_YES_OR_NO = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def value_for(scope: Scope, left: Resolved, node: nodes.Operand) -> Value | None:
    """The operand as a value of the left side's type; None after a finding."""
    found = right_side(scope, left, node)
    return found.value if found else None


def right_side(scope: Scope, left: Resolved, node: nodes.Operand, whole: Span | None = None) -> Resolved | None:
    """The same, with whether it may be missing."""
    if isinstance(node, nodes.Path) and _is_word(scope, left, node):
        word = _word(scope, left, node)
        return Resolved(word, node.span, missing=False) if word else None
    if not isinstance(node, Named):
        fixed = constant(scope, left, node)
        return Resolved(fixed, node.span, missing=False) if fixed else None
    found = operand(scope, node, whole)
    if found is not None and not comparable(left.value.type, found.value.type):
        mismatch(scope, left, node.span, found.value.type)
        return None
    if found is not None and isinstance(found.value, Ago) and not has_clock(scope, left, found.value.length, node.span):
        return None
    return found


def _is_word(scope: Scope, left: Resolved, path: nodes.Path) -> bool:
    """Whether a path stands for itself here: an option, a user, a name of the project, a text."""
    wanted, word = left.value.type, path.text
    bare = len(path.names) == 1 and not _is_property(scope, word)
    if wanted.kind in (Kind.CHOICE, Kind.MULTI_CHOICE):
        return bare or word in wanted.options
    if wanted.kind is Kind.TEXT:
        return bare or (left.names is not None and len(path.names) == 1)
    return bare and (wanted.kind is Kind.USER or (wanted.kind is Kind.BOOL and word.lower() in _YES_OR_NO))


def _word(scope: Scope, left: Resolved, path: nodes.Path) -> Const | None:
    if left.value.type.kind is Kind.USER:
        return user_named(scope, path.text, path.span)
    if left.value.type.kind is Kind.BOOL:
        return _yes_or_no(scope, path)
    return option_named(scope, left, path.text, path.span)


def _is_property(scope: Scope, word: str) -> bool:
    """Whether a bare word names another value here: a field of the event, else a property of the subject."""
    return word in (scope.events[0].fields if scope.events else scope.subject.properties)


def _yes_or_no(scope: Scope, path: nodes.Path) -> Const:
    """`yes`, `on`, `TRUE`: one way to say a thing."""
    right = _YES_OR_NO[path.text.lower()]
    scope.findings.error(
        "other-spelling",
        path.span,
        f"yes and no are `true` and `false`, not `{path.text}`",
        "written otherwise here",
        help=f"write `{right}`",
        fix=replace(path.span, right),
    )
    return Const(right == "true", Type(Kind.BOOL))
