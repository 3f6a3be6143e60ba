"""What can stand on the left of a comparison: everything that has a name, or is worked out of events and links."""

from __future__ import annotations

from ..program.conditions import Ago, ScoreValue
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .aggregates import aggregate, counted_events, counts_no_field
from .events import event_match, window
from .functions import call
from .linked import count_value
from .paths import resolve_operand
from .references import declared, same_object
from .scope import Resolved, Scope

Named = (
    nodes.Path | nodes.Aggregate | nodes.Count | nodes.ScoreOf | nodes.Function | nodes.Ago | nodes.Ahead | nodes.Bad
)


def operand(scope: Scope, node: Named, whole: Span | None = None) -> Resolved | None:
    """The value; None after a finding. `whole` is the comparison around it, for hints."""
    match node:
        case nodes.Path():
            return resolve_operand(scope, node, whole)
        case nodes.Aggregate():
            return aggregate(scope, node)
        case nodes.Count():
            return count(scope, node)
        case nodes.ScoreOf():
            return score(scope, node)
        case nodes.Function():
            return call(scope, node)
        case nodes.Ago():
            return ago(scope, node)
        case nodes.Ahead():
            not_asked(scope, node)
    return None


def left_side(scope: Scope, node: nodes.Operand, whole: Span) -> Resolved | None:
    """What is compared: always something named. None after a finding."""
    if isinstance(node, Named) and not isinstance(node, nodes.Ago):
        return operand(scope, node, whole)
    scope.findings.error(
        "literal-on-the-left",
        node.span,
        f"{scope.findings.text(node.span)} is a fixed value",
        "nothing to compare",
        help="write the property first: `amount > 10`",
    )
    return None


def count(scope: Scope, node: nodes.Count) -> Resolved | None:
    """`count(purchased)` counts events, `count(deal (won))` linked records."""
    if not counts_events(scope, node):
        return count_value(scope, node)
    if len(node.path.names) > 1:
        counts_no_field(scope, node.path.names)
        return None
    outer = changed(scope, events=())
    matched = event_match(outer, nodes.Event(node.path, node.condition, None, None, None, None, node.span))
    return counted_events(node, matched) if matched is not None else None


def counts_events(scope: Scope, node: nodes.Count) -> bool:
    """Whether it is a kind of event that is counted, not linked records."""
    first = node.path.names[0].text
    return first in scope.schema.events and first not in scope.subject.associations


def score(scope: Scope, node: nodes.ScoreOf) -> Resolved | None:
    """`score(engagement)`: missing as long as no rule about events gave points (X35)."""
    found = declared(scope, "score", node.name)
    if found is None:
        return None
    if not same_object(scope, found, node.name.span, condition=False):
        return None
    return Resolved(ScoreValue(found.name, Type(Kind.NUMBER)), node.span, missing=True)


def ago(scope: Scope, node: nodes.Ago) -> Resolved | None:
    """`6 months ago`: an instant (X14)."""
    length = window(scope, node.length)
    return Resolved(Ago(length, Type(Kind.DATETIME)), node.span, missing=False) if length else None


def not_asked(scope: Scope, node: nodes.Ahead) -> None:
    """One way to ask for what lies ahead (X14)."""
    written, length = scope.findings.text(node.span), scope.findings.raw(node.length.span)
    help_ = f"compare by `within next {length}`"
    scope.findings.error(
        "wrong-operator", node.span, f"{written} is what a step writes", "nothing to compare with", help=help_
    )
