"""The property an answer is written to (P3)."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics.articles import article
from ...program.conditions import Field
from ...source import Span
from ...syntax import nodes
from ...values import dataclass
from ..paths import resolve_path
from ..scope import Resolved, Scope
from ..writes import may_be_written


@dataclass(frozen=True, slots=True)
class Target:
    """`field` is what `span` names."""

    field: Field
    resolved: Resolved
    span: Span


def target_of(scope: Scope, path: nodes.Path) -> Target | None:
    """What stands behind `->`: of the record itself, of the person on the line or at the end of to-one links."""
    names = _without_subject(scope, path.names)
    link = scope.subject.associations.get(names[0].text)
    if link is not None and link.many and not (scope.person and link.target == "contact"):
        _which_record(scope, names[0], link.target)
        return None
    found = resolve_path(scope, names)
    if found is None or not isinstance(found.value, Field):
        return None
    return Target(found.value, found, path.span) if may_be_written(scope, found.value, path.span) else None


def _without_subject(scope: Scope, names: Sequence[nodes.Name]) -> Sequence[nodes.Name]:
    first = names[0].text
    own = len(names) > 1 and first == scope.subject.name and first not in scope.subject.associations
    return names[1:] if own else names


def _which_record(scope: Scope, name: nodes.Name, target: str) -> None:
    subject = scope.subject.name
    help_ = f"write a playbook `for {target}`"
    if target == "contact":
        help_ = f"write `for {subject} with contact`: the person on the line"
    message = f"{article(subject)} may have many `{name.text}`, and an answer is written to one record"
    scope.findings.error("needs-contact", name.span, message, "which of them?", help=help_)
