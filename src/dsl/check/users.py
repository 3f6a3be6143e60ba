"""Who: a user of segue.yaml or a property of type user, as `sender:`, `notify` and `task .. to` take it."""

from __future__ import annotations

from ..diagnostics.suggest import perhaps
from ..program.blocks import UserRef
from ..program.conditions import Const, Field
from ..schema.model import Kind, Type
from ..syntax import nodes
from .findings import choices
from .paths import resolve_path
from .scope import Scope
from .types import described


def user_ref(scope: Scope, path: nodes.Path) -> UserRef | None:
    """The user meant; `contact.owner` and `owner` are the same. None after a finding."""
    names = path.names
    users = scope.names.project.users
    if len(names) == 1 and (names[0].text in users or (names[0].text not in scope.subject.properties and not users)):
        if names[0].text in users:
            scope.findings.refer("user", names[0].text, names[0].span)
        _active(scope, names[0])
        return UserRef(Const(names[0].text, Type(Kind.USER)))
    if len(names) == 1 and names[0].text not in scope.subject.properties:
        owners = [n for n, p in scope.subject.properties.items() if p.type.kind is Kind.USER]
        hint = perhaps(names[0].text, [*users, *owners]) or f"write {choices([*users, *owners])}"
        if team := scope.names.project.teams.get(names[0].text):
            hint = f"`{names[0].text}` is a team: write one of its users, {choices(team)}"
        scope.findings.error(
            "unknown-user", path.span, f"there is no user `{path.text}`", "not in segue.yaml", help=hint
        )
        return None
    if len(names) > 1 and names[0].text == scope.subject.name and names[0].text not in scope.subject.associations:
        names = names[1:]
    found = resolve_path(scope, names)
    if found is None:
        return None
    if found.value.type.kind is not Kind.USER or not isinstance(found.value, Field):
        scope.findings.error(
            "type-mismatch",
            path.span,
            f"{scope.findings.text(path.span)} is {described(found.value.type)}, not a user",
            "not a user",
            help=f"write a user of segue.yaml, or `{scope.subject.name}.owner`",
        )
        return None
    return UserRef(found.value)


def _active(scope: Scope, name: nodes.Name) -> None:
    """A deactivated sender sends nothing, and tasks of one are seen by nobody (X21)."""
    user = scope.names.project.users.get(name.text)
    if user is not None and not user.active:
        scope.findings.warning(
            "inactive-user",
            name.span,
            f"`{name.text}` is not active",
            "deactivated in segue.yaml",
            help="name somebody else, or take `active: false` out",
            note="who would be enrolled is refused without an active sender (X21)",
        )
