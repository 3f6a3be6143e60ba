"""Values where no property says which type is wanted: in a webhook, in `wait until`."""

from __future__ import annotations

from ..program.blocks import Text
from ..program.conditions import Const, Value
from ..schema.model import Kind, Type
from ..syntax import nodes
from .constants import constant, literal_type
from .operands import left_side
from .scope import Resolved, Scope
from .texts import merge_text


def free_value(scope: Scope, operand: nodes.Operand) -> Value | Text | None:
    """A text with its merge fields, a literal by its looks, or what a path reads; None after a finding."""
    if isinstance(operand, nodes.Text):
        return merge_text(scope, operand)
    if isinstance(operand, nodes.Number | nodes.Percent | nodes.Money | nodes.Date | nodes.DateTime | nodes.Boolean):
        return as_constant(scope, operand)
    found = left_side(scope, operand, operand.span)
    return found.value if found else None


def as_constant(scope: Scope, literal: nodes.Literal) -> Const | None:
    """The literal as a constant of the type it looks like; None after a finding."""
    type_ = literal_type(literal, Type(Kind.TEXT))
    if type_ is None:
        return None
    return constant(scope, Resolved(Const("", type_), literal.span, False), literal)
