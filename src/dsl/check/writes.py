"""`set`: one property of the subject or of the record at the end of to-one associations (X23)."""

from __future__ import annotations

from ..program.blocks import Set, Text
from ..program.conditions import Const, Field, Value
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from .bodies import Effects, Written
from .literals import resolve_operand, value_for
from .scope import Resolved, Scope
from .texts import merge_text
from .types import bound_shown


def set_block(scope: Scope, node: nodes.Set, following: int, effects: Effects) -> Set | None:
    """The block of a `set`; None after a finding."""
    if _to_many(scope, node):
        return None
    target = resolve_operand(scope, node.path)
    if target is None or not isinstance(target.value, Field) or not may_be_written(scope, target.value, node.path.span):
        return None
    value = _value(scope, target, node.value)
    if value is None or (isinstance(value, Const) and not _in_range(scope, target, value, node)):
        return None
    field = target.value
    if isinstance(value, Const):
        effects.written.append(Written(field.object, field.property, value, node.span))
    return Set(field.path, field.object, field.property, value, following)


def _value(scope: Scope, target: Resolved, node: nodes.Operand) -> Value | Text | None:
    if isinstance(node, nodes.Text) and "{{" in node.value and target.value.type.kind is Kind.TEXT:
        return merge_text(scope, node)
    return value_for(scope, target, node)


def _to_many(scope: Scope, node: nodes.Set) -> bool:
    owner = scope.subject
    for name in node.path.names[:-1]:
        link = owner.associations.get(name.text)
        if link is None:
            return False
        if link.many:
            scope.findings.error(
                "set-many",
                name.span,
                f"a {owner.name} may have many `{name.text}`; `set` writes one record",
                "which of them?",
                help=f"write it in a workflow `of {link.target}`",
            )
            return True
        owner = scope.schema.objects[link.target]
    return False


def may_be_written(scope: Scope, field: Field, span: Span) -> bool:
    """Whether a rule may write the property named at `span`: it is stored, and no fact of the past. Reports if not."""
    owner = scope.schema.objects[field.object]
    if owner.properties[field.property].derived is None and field.property not in ("created_at", owner.key):
        return True
    scope.findings.error(
        "read-only",
        span,
        f"`{field.property}` follows from other facts and cannot be set",
        "read-only",
        help="set `stage` instead" if field.property in ("closed", "won") else "",
    )
    return False


def _in_range(scope: Scope, target: Resolved, value: Const, node: nodes.Set) -> bool:
    low, high = target.minimum, target.maximum
    if isinstance(value.value, str | bool) or (
        (low is None or value.value >= low) and (high is None or value.value <= high)
    ):
        return True
    type_ = target.value.type
    bounds = [
        f"at least {bound_shown(low, type_)}" if low is not None else "",
        f"at most {bound_shown(high, type_)}" if high is not None else "",
    ]
    scope.findings.error(
        "out-of-range",
        node.value.span,
        f"{scope.findings.text(target.span)} is {' and '.join(b for b in bounds if b)}",
        "outside the schema's bounds",
    )
    return False
