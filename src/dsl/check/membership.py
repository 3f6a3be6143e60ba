"""Being in a segment, a sequence or a workflow; being subscribed to a topic."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.suggest import perhaps
from ..program.conditions import Consent, InDefinition, InSegment, WasMember
from ..source import Span
from ..syntax import nodes
from .forms import reads
from .placed import Placed
from .references import declared, same_object
from .scope import Declared, Scope


@reads(nodes.Member)
def member(scope: Scope, node: nodes.Member) -> Placed | None:
    """`in segment X`, `in sequence X`, `in workflow X`."""
    found = _named(scope, node)
    if found is None:
        return None
    if node.kind == "segment":
        return Placed(InSegment(found.name), node.span)
    return Placed(InDefinition(node.kind, found.name), node.span)


@reads(nodes.WasMember)
def was_member(scope: Scope, node: nodes.WasMember) -> Placed | None:
    """`was ever in segment X`, `was ever in sequence X`, `was ever in workflow X`."""
    found = _named(scope, node)
    return Placed(WasMember(node.kind, found.name), node.span) if found else None


def _named(scope: Scope, node: nodes.Member | nodes.WasMember) -> Declared | None:
    found = declared(scope, node.kind, node.name)
    if found is None:
        return None
    return found if same_object(scope, found, node.name.span) else None


@reads(nodes.Consent)
def consent(scope: Scope, node: nodes.Consent) -> Placed | None:
    """`subscribed to T`, `opted out of T`: only a contact can be (X24)."""
    name = node.topic.text
    if name not in scope.schema.topics:
        unknown_topic(scope, name, node.topic.span)
        return None
    if scope.subject.name != "contact":
        scope.findings.error(
            "wrong-object",
            node.span,
            f"only a contact subscribes to a topic, and this is about {article(scope.subject.name)}",
            "consent of a contact",
        )
        return None
    scope.findings.refer("topic", name, node.topic.span)
    return Placed(Consent(name, node.opted_in), node.span)


def unknown_topic(scope: Scope, name: str, span: Span) -> None:
    """There is no such topic in schema.yaml."""
    hint = perhaps(name, scope.schema.topics) or "declare it under `topics:` in schema.yaml"
    scope.findings.error("unknown-topic", span, f"there is no topic `{name}`", "not in schema.yaml", help=hint)
