"""Paths of names to properties, event fields and the trigger's fields, with hints where a name does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.conditions import EventValue, Field, TriggerValue
from ..schema.model import Association, EventKind, Kind, ObjectType, Type
from ..source import Span
from ..syntax.nodes import Name
from .body_names import created_value
from .findings import listing, replace
from .scope import Resolved, Scope
from .types import bounds


def resolve_path(scope: Scope, words: Sequence[Name], whole: Span | None = None) -> Resolved | None:
    """The property at the end of a path from the subject; None after a finding.

    `whole` is the comparison the path stands in, shown again in the hint that a quantifier is due (G11).
    """
    if words[0].text == "trigger" and len(words) > 1:
        return _trigger_field(scope, words)
    if words[0].text in scope.created and len(words) > 1:
        return created_value(scope, words)
    walked = walk(scope, words[:-1], words, whole)
    if walked is None:
        return None
    path, owner, missing = walked
    last = words[-1]
    found = owner.properties.get(last.text)
    if found is None:
        _no_property(scope, owner, words, whole)
        return None
    span = words[0].span.to(last.span)
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
            _no_association(scope, owner, word)
            return None
        if link.many and not _on_the_line(scope, link, path):
            _needs_quantifier(scope, link, word, shown, whole)
            return None
        path.append(link.name)
        missing = missing or (link.required != "error" and not link.many)
        owner = scope.schema.objects[link.target]
    return tuple(path), owner, missing


def _on_the_line(scope: Scope, link: Association, path: Sequence[str]) -> bool:
    """Whether the link stands for the one person chosen at the start of the playbook (X20); `path`: before it."""
    return scope.person and link.target == "contact" and not path


def resolve_event_field(scope: Scope, words: Sequence[Name]) -> Resolved | None:
    """A field of the event inside its filter: `score`, or `link.url` for the field `link_url`."""
    name = "_".join(word.text for word in words)
    span = words[0].span.to(words[-1].span)
    kinds = scope.events
    fields = [f for kind in kinds if (f := kind.fields.get(name)) is not None]
    if len(fields) < len(kinds) or not fields:
        _no_field(scope, kinds[0], words, span)
        return None
    first = fields[0]
    return Resolved(EventValue(first.name, first.type), span, not first.required, first.names)


def field_names(kind: EventKind) -> list[str]:
    """The fields as authors write them."""
    return [name.replace("link_", "link.", 1) if name.startswith("link_") else name for name in kind.fields]


def _trigger_field(scope: Scope, words: Sequence[Name]) -> Resolved | None:
    """A field of the event that made the enrollment; under `or` only what all events have (X4)."""
    span = words[0].span.to(words[-1].span)
    if scope.trigger == ():
        return None
    if scope.trigger is None:
        _no_trigger(scope, span)
        return None
    name = "_".join(word.text for word in words[1:])
    fields = [(kind, kind.fields.get(name)) for kind in scope.trigger]
    lacking = [kind for kind, found in fields if found is None]
    if lacking:
        common = [n for n in field_names(scope.trigger[0]) if _common(scope, n)]
        scope.findings.error(
            "unknown-field",
            words[0].span.to(words[-1].span),
            f"`{lacking[0].name}` has no field `{'.'.join(w.text for w in words[1:])}`",
            "not a field of every event that starts this" if len(scope.trigger) > 1 else "no such field",
            help=_meant_field(name, common)
            if common or len(scope.trigger) == 1
            else "these events have no field in common",
        )
        return None
    present = [found for _, found in fields if found is not None]
    types = {found.type for found in present}
    if len(types) > 1:
        scope.findings.error(
            "type-mismatch", span, f"`{name}` is of another type in each of the events that start this"
        )
        return None
    missing = not all(found.required for found in present)
    value = TriggerValue(tuple(kind.name for kind in scope.trigger), present[0].name, present[0].type)
    return Resolved(value, span, missing, present[0].names)


def _no_trigger(scope: Scope, span: Span) -> None:
    reads = f"{scope.findings.text(span)} reads the event that started the enrollment"
    if scope.template:
        message, under = f"{reads}, and not every definition that sends this starts by one", "not always there"
    else:
        message, under = f"{reads}, and no event starts this", "`when:` names no event"
    help_ = "write the events under `when:`, or read a property of the record instead"
    scope.findings.error("no-trigger-event", span, message, under, help=help_)


def _common(scope: Scope, name: str) -> bool:
    stored = name.replace(".", "_")
    return all(kind.fields.get(stored) is not None for kind in scope.trigger or ())


def _no_field(scope: Scope, kind: EventKind, words: Sequence[Name], span: Span) -> None:
    written = ".".join(word.text for word in words)
    names = field_names(kind)
    fix = closest(written, names)
    scope.findings.error(
        "unknown-field",
        span,
        f"`{kind.name}` has no field `{written}`",
        "not a field of this event",
        help=_meant_field(written, names),
        fix=replace(span, fix, FixKind.UNSAFE) if fix else None,
    )


def _meant_field(written: str, names: Sequence[str]) -> str:
    if not names:
        return "it has no fields; leave the parentheses out"
    return perhaps(written, names) or f"its fields are {listing(names)}"


def _no_property(scope: Scope, owner: ObjectType, words: Sequence[Name], whole: Span | None) -> None:
    last = words[-1]
    if last.text in owner.associations:
        _names_a_record(scope, owner.associations[last.text], last)
        return
    meant = closest(last.text, owner.properties)
    elsewhere = [] if meant and _same_letters(meant, last.text) else _elsewhere(scope, owner, last.text)
    if elsewhere and len(words) == 1:
        _property_of_another(scope, owner, elsewhere[0], last, whole)
        return
    scope.findings.error(
        "unknown-property",
        last.span,
        f"{owner.name} has no property `{last.text}`",
        "not in the schema",
        help=f"did you mean `{meant}`?" if meant else _other_hint(scope, owner, last.text),
        fix=replace(last.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _same_letters(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()


def _elsewhere(scope: Scope, owner: ObjectType, name: str) -> list[Association]:
    """Associations whose object has the property: to-one first, then as the schema orders them."""
    links = [a for a in owner.associations.values() if name in scope.schema.objects[a.target].properties]
    return sorted(links, key=lambda link: (link.many, link.name in ("note", "call", "meeting", "task")))


def _property_of_another(scope: Scope, owner: ObjectType, link: Association, word: Name, whole: Span | None) -> None:
    written = scope.findings.raw(whole) if whole else f"{word.text} .."
    if link.many and whole is None:  # `set`, or a merge field: a quantifier would not help there
        repaired = ""
    else:
        repaired = f"any {link.name} ({written})" if link.many else f"{link.name}.{word.text}"
    span = whole if link.many and whole else word.span
    scope.findings.error(
        "unknown-property",
        word.span,
        f"{owner.name} has no property `{word.text}`",
        f"this is a property of {link.target}",
        help=f"a property of `{link.target}`; write `{repaired}`"
        if repaired
        else f"write it in a rule `of {link.target}`",
        fix=replace(span, repaired, FixKind.UNSAFE) if repaired else None,
    )


def _other_hint(scope: Scope, owner: ObjectType, name: str) -> str:
    if name in scope.schema.events:
        return f"`{name}` is an event; write `has {name}`"
    kinds = scope.names.kinds_of(name, ("segment", "sequence", "workflow"))
    if kinds:
        return f"`{name}` is a {kinds[0]}; write `in {kinds[0]} {name}`"
    if name in ("today", "now", "yesterday", "tomorrow"):
        return "dates are compared with now by `within 1 day` (since midnight), `older than` and `within next`"
    choices_ = [p.name for p in owner.properties.values() if name in p.type.options]
    if choices_:
        return (
            f"`{name}` is an option of `{choices_[0]}`: write `{choices_[0]} = {name}`, or list it: `in [.., {name}]`"
        )
    return f"the properties of {owner.name} are {listing(owner.properties)}"


def _names_a_record(scope: Scope, link: Association, word: Name) -> None:
    scope.findings.error(
        "not-a-value",
        word.span,
        f"`{word.text}` is a record, not a value",
        f"a linked {link.target}",
        help=f"name one of its properties: `{word.text}.name`" if not link.many else f"write `any {word.text} (..)`",
    )


def _no_association(scope: Scope, owner: ObjectType, word: Name) -> None:
    meant = closest(word.text, owner.associations)
    if word.text in owner.properties:
        scope.findings.error(
            "unknown-association",
            word.span,
            f"`{word.text}` is a property and has none of its own",
            "nothing stands behind it",
            help=_instead_of(owner.properties[word.text].type, word.text),
        )
        return
    scope.findings.error(
        "unknown-association",
        word.span,
        f"{owner.name} is not linked to `{word.text}`",
        "not an association of the schema",
        help=f"did you mean `{meant}`?" if meant else f"{owner.name} is linked to {listing(owner.associations)}",
        fix=replace(word.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _instead_of(type_: Type, name: str) -> str:
    if type_.kind is Kind.USER:
        return f"write `{name}` alone: it prints the name"
    if type_.kind is Kind.RECORD:
        return "rules look through associations: declare one in schema.yaml"
    return ""


def _needs_quantifier(scope: Scope, link: Association, word: Name, shown: Sequence[Name], whole: Span | None) -> None:
    rest = scope.findings.raw(whole) if whole else ".".join(w.text for w in shown)
    inner = rest.split(f"{word.text}.", 1)[-1]
    before = rest.split(f"{word.text}.", 1)[0] if f"{word.text}." in rest else ""
    repaired = f"any {before}{word.text} ({inner})"
    scope.findings.error(
        "needs-quantifier",
        word.span,
        f"a {link.owner} may have many `{word.text}`",
        "which of them?",
        help=f"write `{repaired}`, or `no`, `every` or `count` in place of `any`",
        note="with several linked records a bare path would leave open which one is meant",
        fix=replace(whole, repaired, FixKind.UNSAFE) if whole else None,
    )
