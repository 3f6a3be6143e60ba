"""`link`, `unlink`, `assign`: the records a body can name, and what is between them."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.blocks import Assign, Link, RecordRef
from ..program.conditions import Field
from ..schema.model import Kind, ObjectType
from ..syntax import nodes
from .findings import Findings, choices, listing, replace
from .paths import walk
from .scope import Scope
from .types import described
from .writes import may_be_written, to_many


def link(scope: Scope, node: nodes.Link, following: int) -> Link | None:
    """Two records and the association between their objects that is meant."""
    verb = "link" if node.linked else "unlink"
    left, right = _record(scope, node.left, verb), _record(scope, node.right, verb)
    if left is None or right is None:
        return None
    if left == right:
        message = "a record is not linked to itself"
        scope.findings.error("not-linked", node.right.span, message, "the same record", help="name another record")
        return None
    association = _association(scope, left, right, node)
    return Link(left, right, association, following, node.linked) if association else None


def _association(scope: Scope, left: RecordRef, right: RecordRef, node: nodes.Link) -> str | None:
    """The one named, else the only one."""
    own = scope.schema.objects[left.object].associations.values()
    ways = [a.name for a in own if a.target == right.object]
    if ways and node.way is not None and node.way.text not in ways:
        unknown_way(scope.findings, "not-linked", node.way, (left.object, right.object), ways)
        return None
    if ways and (node.way is not None or len(ways) == 1):
        way = node.way or nodes.Name(ways[0], node.span)
        scope.findings.refer("association", f"{left.object}.{way.text}", way.span)
        return way.text
    if ways:
        message = f"several associations lead from {left.object} to {right.object}: {listing(ways)}"
        under, help_ = "which of them?", f"say which one: {choices(f'as {way}' for way in ways)}"
    else:
        message = f"the schema links no {left.object} to {article(right.object)}"
        under, help_ = "not linked", f"declare an association of {left.object} to `{right.object}` in schema.yaml"
    scope.findings.error("not-linked", node.left.span.to(node.right.span), message, under, help=help_)
    return None


def unknown_way(findings: Findings, code: str, way: nodes.Name, between: tuple[str, str], ways: Sequence[str]) -> None:
    """An association is named that does not lead from the one object to the other, as `ways` do."""
    meant = closest(way.text, ways)
    findings.error(
        code,
        way.span,
        f"no association `{way.text}` leads from {article(between[0])} to {article(between[1])}",
        "not in the schema",
        help=f"did you mean `{meant}`?" if meant else f"write {choices(ways)}",
        fix=replace(way.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _record(scope: Scope, path: nodes.Path, verb: str) -> RecordRef | None:
    """The record a path names: the subject, one it leads to, or one created before."""
    names = path.names
    if names[0].text in scope.created:
        return _created(scope, path, verb)
    if names[0].text == scope.subject.name and names[0].text not in scope.subject.associations:
        names = names[1:]
    if len(names) == 1 and names[0].text not in scope.subject.associations:
        _unknown_record(scope, names[0])
        return None
    if to_many(scope, names, f"`{verb}` takes one record"):
        return None
    walked = walk(scope, names, path.names, None)
    return RecordRef(walked[0], walked[1].name) if walked else None


def _created(scope: Scope, path: nodes.Path, verb: str) -> RecordRef | None:
    name = path.names[0]
    if len(path.names) == 1:
        scope.findings.refer("created", name.text, name.span)
        return RecordRef((), scope.created[name.text].name, name.text)
    message = f"`{verb}` takes a record, and `{name.text}` alone is the one created here"
    scope.findings.error("unknown-record", path.span, message, "not a record", help=f"write `{name.text}`")
    return None


def _unknown_record(scope: Scope, name: nodes.Name) -> None:
    owner = scope.subject
    ones = [n for n, a in owner.associations.items() if not a.many]
    known = [owner.name, *scope.created, *ones]
    if name.text in owner.properties:
        message = f"`{name.text}` is a property of the {owner.name}, not a record"
    else:
        message = f"there is no record `{name.text}` here"
    help_ = perhaps(name.text, known) or f"write {choices(known)}"
    note = "a record created inside a block is known in that block only" if name.text not in owner.properties else ""
    scope.findings.error("unknown-record", name.span, message, "not known here", help=help_, note=note)


# --- assign ---


def assign(scope: Scope, node: nodes.Assign, following: int) -> Assign | None:
    """A user property is given to the next of a team; who has an owner keeps it unless `replace` is written."""
    method, team = _method(scope, node.method), _team(scope, node.team)
    owner_and_ref = _owned(scope, node.path)
    if owner_and_ref is None:
        return None
    owner, record = owner_and_ref
    last = node.path.names[-1]
    found = owner.properties.get(last.text)
    if found is None or found.type.kind is not Kind.USER:
        _no_user(scope, owner, last)
        return None
    scope.findings.refer("property", f"{owner.name}.{found.name}", last.span)
    field = Field(record.path, owner.name, found.name, found.type)
    if not may_be_written(scope, field, last.span) or not method or team is None:
        return None
    return Assign(record, found.name, team, following, node.replace is not None)


def _owned(scope: Scope, path: nodes.Path) -> tuple[ObjectType, RecordRef] | None:
    """The record whose property is assigned."""
    names = path.names[:-1]
    if names and names[0].text in scope.created:
        if len(names) > 1:
            message = f"`{names[0].text}` is known by its own properties only"
            scope.findings.error("unknown-record", path.span, message, "not known here")
            return None
        owner = scope.created[names[0].text]
        scope.findings.refer("created", names[0].text, names[0].span)
        return owner, RecordRef((), owner.name, names[0].text)
    if names and names[0].text == scope.subject.name and names[0].text not in scope.subject.associations:
        names = names[1:]
    if to_many(scope, names, "`assign` writes one record"):
        return None
    walked = walk(scope, names, path.names, None)
    return (walked[1], RecordRef(walked[0], walked[1].name)) if walked else None


def _no_user(scope: Scope, owner: ObjectType, word: nodes.Name) -> None:
    users = [name for name, p in owner.properties.items() if p.type.kind is Kind.USER]
    meant = closest(word.text, users)
    if word.text in owner.properties:
        message = f"`{word.text}` is {described(owner.properties[word.text].type)}, not a user"
        code, under = "type-mismatch", "not a user"
    else:
        message, code, under = f"{owner.name} has no property `{word.text}`", "unknown-property", "not in the schema"
    scope.findings.error(
        code,
        word.span,
        message,
        under,
        help=f"did you mean `{meant}`?" if meant else (f"write {choices(users)}" if users else ""),
        fix=replace(word.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _method(scope: Scope, word: nodes.Name) -> bool:
    if word.text == "round_robin":
        return True
    fix = replace(word.span, "round_robin", FixKind.UNSAFE)
    message = f"there is no way `{word.text}` to choose one of a team"
    scope.findings.error("unknown-method", word.span, message, "not known", help="write `round_robin`", fix=fix)
    return False


def _team(scope: Scope, word: nodes.Name) -> str | None:
    teams, users = scope.names.project.teams, scope.names.project.users
    if word.text not in teams:
        hint = perhaps(word.text, teams) or (
            f"the teams are {listing(teams)}" if teams else "declare it under `teams:`"
        )
        if word.text in users:
            hint = f"`{word.text}` is a user: write `set owner = {word.text}`"
        message = f"there is no team `{word.text}`"
        scope.findings.error("unknown-team", word.span, message, "not in segue.yaml", help=hint)
        return None
    scope.findings.refer("team", word.text, word.span)
    if not any(name not in users or users[name].active for name in teams[word.text]):
        message = f"nobody active is in the team `{word.text}`"
        help_ = "put users into it, in segue.yaml"
        scope.findings.error("empty-team", word.span, message, "nobody to take it", help=help_)
        return None
    return word.text
