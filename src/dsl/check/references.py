"""References to other declarations: segments, sequences, workflows, templates."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind, Label
from ..diagnostics.suggest import closest
from ..source import Span
from ..syntax.nodes import Name
from .findings import listing, replace
from .scope import Declared, Scope

_KINDS = ("segment", "sequence", "workflow", "template")


def declared(scope: Scope, kind: str, name: Name) -> Declared | None:
    """The declaration of that kind and name; None after a finding, here or where it stands."""
    found = scope.names.get(kind, name.text)
    if found is not None:
        scope.findings.refer(kind, name.text, name.span)
        return None if found.unread else found
    known = scope.names.of(kind)
    meant = closest(name.text, known)
    others = scope.names.kinds_of(name.text, _KINDS)
    hint = (
        f"did you mean `{meant}`?"
        if meant
        else (f"the {kind}s are {listing(known)}" if known else f"no {kind} is declared yet")
    )
    if others:
        hint = f"`{name.text}` is a {others[0]}"
    scope.findings.error(
        f"unknown-{kind}",
        name.span,
        f"there is no {kind} `{name.text}`",
        "not declared",
        help=hint,
        fix=replace(name.span, meant, FixKind.UNSAFE) if meant and not others else None,
    )
    return None


def same_object(scope: Scope, found: Declared, span: Span, *, condition: bool = True) -> bool:
    """Whether the declaration is about the same object as the place that names it; reports if not.
    `condition`: the place asks for membership, so a quantifier may help."""
    if found.object == scope.subject.name or (scope.person and not condition and found.object == "contact"):
        return True
    if found.object not in scope.schema.objects:
        return False  # it was told there
    link = scope.subject.associations.get(found.object)
    form = f"`any {found.object} (in {found.kind} {found.name})`" if condition and link and link.many else ""
    scope.findings.error(
        "wrong-object",
        span,
        f"`{found.name}` is a {found.kind} of {found.object}, and this is about {article(scope.subject.name)}",
        f"of {found.object}",
        others=[Label(found.span, "declared here")],
        help=f"write {form}" if form else "",
    )
    return False
