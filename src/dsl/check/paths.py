"""Paths of names to what they name: properties, fields of events, and what a body gave a name to."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.articles import article
from ..program.conditions import Field
from ..schema.model import Association, ObjectType
from ..source import Span
from ..syntax import nodes
from ..syntax.nodes import Name
from .answers import answer_value, is_answer, no_answers_here
from .body_names import created_value
from .event_paths import resolve_event_field, trigger_field
from .findings import replace
from .path_hints import needs_quantifier, no_association, no_property
from .scope import Resolved, Scope
from .types import bounds


def resolve_operand(scope: Scope, path: nodes.Path, whole: Span | None = None) -> Resolved | None:
    """A path as a value: a field inside an event filter, else a property of the subject."""
    if scope.events and path.names[0].text not in ("trigger", scope.subject.name):
        return resolve_event_field(scope, path.names)
    names = path.names
    if len(names) > 1 and names[0].text == scope.subject.name and names[0].text not in scope.subject.associations:
        if not scope.events:
            _subject_prefix(scope, path)
        names = names[1:]
    return resolve_path(scope, names, whole)


def _subject_prefix(scope: Scope, path: nodes.Path) -> None:
    head, rest = path.names[0], path.names[1]
    prefix = Span(head.span.file, head.span.start, rest.span.start)
    scope.findings.warning(
        "subject-prefix",
        prefix,
        f"`{head.text}.` says what is understood: every rule here is about {article(head.text)}",
        "not needed",
        help=f"write `{path.text.split('.', 1)[1]}`",
        fix=replace(prefix, ""),
    )


def resolve_path(scope: Scope, words: Sequence[Name], whole: Span | None = None) -> Resolved | None:
    """The property at the end of a path from the subject; None after a finding.

    `whole` is the comparison the path stands in, shown again in the hint that a quantifier is due (G11).
    """
    if words[0].text == "trigger" and len(words) > 1:
        return trigger_field(scope, words)
    if words[0].text in scope.created and len(words) > 1:
        return created_value(scope, words)
    if scope.answers is not None and is_answer(scope.answers, words):
        return answer_value(scope, scope.answers, words)
    if no_answers_here(scope, words):
        return None
    walked = walk(scope, words[:-1], words, whole)
    if walked is None:
        return None
    path, owner, missing = walked
    last = words[-1]
    found = owner.properties.get(last.text)
    if found is None:
        no_property(scope, owner, words, whole)
        return None
    span = words[0].span.to(last.span)
    scope.findings.refer("property", f"{owner.name}.{found.name}", last.span)
    value = Field(path, owner.name, found.name, found.type)
    return Resolved(value, span, missing or found.may_be_missing, None, *bounds(found))


def walk(
    scope: Scope, words: Sequence[Name], shown: Sequence[Name], whole: Span | None
) -> tuple[tuple[str, ...], ObjectType, bool] | None:
    """Follows to-one associations: their names, the object at the end, and whether it may not be there."""
    owner, path, missing = scope.subject, list[str](), False
    for word in words:
        link = owner.associations.get(word.text)
        if link is None:
            no_association(scope, owner, word)
            return None
        if link.many and not on_the_line(scope, link, first=not path):
            needs_quantifier(scope, link, word, shown, whole)
            return None
        scope.findings.refer("association", f"{owner.name}.{link.name}", word.span)
        path.append(link.name)
        missing = missing or (link.required != "error" and not link.many)
        owner = scope.schema.objects[link.target]
    return tuple(path), owner, missing


def on_the_line(scope: Scope, link: Association, *, first: bool) -> bool:
    """Whether the first link of a path stands for the one person chosen at the start of the playbook (X20)."""
    return scope.person and first and link.target == "contact"
