"""What to say where a path names nothing: the property meant, the object that has it, the quantifier due (G11)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..schema.model import Association, Kind, ObjectType, Type
from ..source import Span
from ..syntax.nodes import Name
from .findings import listing, replace
from .scope import Scope


def no_property(scope: Scope, owner: ObjectType, words: Sequence[Name], whole: Span | None) -> None:
    last = words[-1]
    if last.text in owner.associations:
        _names_a_record(scope, owner.associations[last.text], last)
        return
    if len(words) == 1 and scope.answers is not None and last.text in scope.answers.asked:
        message, fix = (
            f"{owner.name} has no property `{last.text}`",
            replace(last.span, f"answers.{last.text}", FixKind.UNSAFE),
        )
        help_ = f"write `answers.{last.text}`: what was answered, not what the record has"
        scope.findings.error("unknown-property", last.span, message, "not in the schema", help=help_, fix=fix)
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
        return f"`{name}` is an event; write `has {name}`, or a value of it: `last({name}).at`"
    if any(name in kind.fields for kind in scope.trigger or ()):
        return f"the event that starts this has it: write `trigger.{name}`"
    kinds = scope.names.kinds_of(name, ("segment", "sequence", "workflow", "score"))
    if "score" in kinds:
        return f"`{name}` is a score; write `score({name})`"
    if kinds:
        return f"`{name}` is a {kinds[0]}; write `in {kinds[0]} {name}`"
    if name in ("today", "now", "yesterday", "tomorrow"):
        compared = "dates are compared with now by `within 1 day` (since midnight), `older than` and `within next`"
        return f"{compared}; a step writes `today`, `now` or `1 day from now`"
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


def no_association(scope: Scope, owner: ObjectType, word: Name) -> None:
    meant = closest(word.text, owner.associations)
    linked = f"{owner.name} is linked to {listing(owner.associations)}"
    if word.text == "score" and scope.names.of("score"):
        linked = f"the value of a score is written `score({next(iter(scope.names.of('score')))})`"
    if word.text in owner.properties:
        scope.findings.error(
            "unknown-association",
            word.span,
            f"`{word.text}` is a property and has none of its own",
            "nothing stands behind it",
            help=_instead_of(owner.properties[word.text].type, word.text),
        )
        return
    if word.text in scope.schema.events:
        scope.findings.error(
            "unknown-association",
            word.span,
            f"`{word.text}` is an event, and there may be many of it",
            "which of them?",
            help=f"write `last({word.text}).` and the field, or `has {word.text}(..)`",
            fix=replace(word.span, f"last({word.text})", FixKind.UNSAFE),
        )
        return
    scope.findings.error(
        "unknown-association",
        word.span,
        f"{owner.name} is not linked to `{word.text}`",
        "not an association of the schema",
        help=f"did you mean `{meant}`?" if meant else linked,
        fix=replace(word.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _instead_of(type_: Type, name: str) -> str:
    if type_.kind is Kind.USER:
        return f"write `{name}` alone: it prints the name"
    if type_.kind is Kind.RECORD:
        return "rules look through associations: declare one in schema.yaml"
    return ""


def event_named(scope: Scope, words: Sequence[Name]) -> str | None:
    """The event that stands, alone or with a field, where a date is due: `purchased`, `contact.purchased.at`."""
    own = words[1:] if len(words) > 1 and words[0].text == scope.subject.name else words
    here = scope.subject.properties.keys() | scope.subject.associations.keys()
    return own[0].text if own[0].text in scope.schema.events and own[0].text not in here else None


def no_date(scope: Scope, words: Sequence[Name], event: str, instead: str, repaired: str | None = None) -> None:
    """`instead`: what to do; `repaired`: what to write there."""
    span = words[0].span.to(words[-1].span)
    fix = replace(span, repaired, FixKind.UNSAFE) if repaired else None
    message = f"`{event}` is an event, not a date"
    scope.findings.error("type-mismatch", span, message, "an event", help=instead, fix=fix)


def needs_quantifier(scope: Scope, link: Association, word: Name, shown: Sequence[Name], whole: Span | None) -> None:
    rest = scope.findings.raw(whole) if whole else ".".join(w.text for w in shown)
    inner = rest.split(f"{word.text}.", 1)[-1]
    before = rest.split(f"{word.text}.", 1)[0] if f"{word.text}." in rest else ""
    repaired = f"any {before}{word.text} ({inner})"
    of_a_test = f"write `{repaired}`, or `no`, `every` or `count` in place of `any`"
    declared = f"`NAME: {{to: {link.target}}}` of {link.owner} in schema.yaml"
    of_a_value = f"an association to one {link.target} would say which: {declared}"
    scope.findings.error(
        "needs-quantifier",
        word.span,
        f"{article(link.owner)} may have many `{word.text}`",
        "which of them?",
        help=of_a_test if whole else of_a_value,
        note="with several linked records a bare path would leave open which one is meant",
        fix=replace(whole, repaired, FixKind.UNSAFE) if whole else None,
    )
