"""What an author writes on the right of a comparison, as a constant or path of the type the left side asks for."""

from __future__ import annotations

from decimal import Decimal

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import Const, Value
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from .currencies import minor_units
from .findings import listing, replace
from .later import not_yet
from .paths import resolve_event_field, resolve_path
from .scope import Resolved, Scope
from .suggest import closest, did_you_mean
from .types import DATES, comparable, described, example

PROJECT_NAMES = ("template", "topic", "form", "survey")


def value_for(scope: Scope, left: Resolved, operand: nodes.Operand, whole: Span | None = None) -> Value | None:
    """The operand as a value of the left side's type; None after a finding."""
    match operand:
        case nodes.Path():
            return _word(scope, left, operand, whole)
        case nodes.Unsupported():
            not_yet(scope.findings, operand)
            return None
        case nodes.Bad():
            return None
        case nodes.Count():
            not_yet(scope.findings, nodes.Unsupported("a count as a value", operand.span))
            return None
    return constant(scope, left, operand)


def constant(scope: Scope, left: Resolved, literal: nodes.Literal) -> Const | None:
    """The literal as a constant of the left side's type; None after a finding."""
    wanted = left.value.type
    found = literal_type(literal, wanted)
    if wanted.kind is Kind.MONEY and isinstance(literal, nodes.Money) and literal.currency != wanted.currency:
        _other_currency(scope, left, literal)
        return None
    if found is None or not comparable(wanted, found):
        mismatch(scope, left, literal.span, found)
        return None
    match literal:
        case nodes.Text():
            return _option(scope, left, literal.value, literal.span)
        case nodes.Number() | nodes.Percent():
            return _number(scope, left, literal)
        case nodes.Money():
            return _amount(scope, literal, wanted)
        case nodes.Boolean() | nodes.Date() | nodes.DateTime():
            return _day(scope, left, Const(literal.value, found), literal.span)
    not_yet(scope.findings, nodes.Unsupported("comparing lengths of time", literal.span))
    return None


def literal_type(literal: nodes.Literal, wanted: Type) -> Type | None:
    """The type a literal has by its looks; None for what is no single value."""
    match literal:
        case nodes.Text():
            return wanted if wanted.kind in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.USER) else Type(Kind.TEXT)
        case nodes.Number():
            return Type(Kind.NUMBER)
        case nodes.Percent():
            return Type(Kind.PERCENT)
        case nodes.Money():
            return Type(Kind.MONEY, currency=literal.currency)
        case nodes.Date():
            return Type(Kind.DATE)
        case nodes.DateTime():
            return Type(Kind.DATETIME)
        case nodes.Boolean():
            return Type(Kind.BOOL)
        case nodes.Duration():
            return Type(Kind.DURATION)
    return None


def mismatch(scope: Scope, left: Resolved, span: Span, found: Type | None) -> None:
    """`created_at` is a date and time, `100 JPY` is an amount in JPY: they do not compare."""
    wanted = left.value.type
    name, written = scope.findings.text(left.span), scope.findings.text(span)
    what = f"{written} is {described(found)}" if found else f"{written} is no such value"
    hint = f"write {described(wanted)}" + (f", such as `{example(wanted)}`" if example(wanted) else "")
    fix = None
    if wanted.kind is Kind.MONEY and found is not None and found.kind is Kind.NUMBER:
        hint = f"write the currency: `{scope.findings.raw(span)} {wanted.currency}`"
        fix = replace(span, f"{scope.findings.raw(span)} {wanted.currency}", FixKind.UNSAFE)
    if wanted.kind is Kind.BOOL:
        hint = "write `true` or `false`, or the name alone"
    scope.findings.error(
        "type-mismatch",
        span,
        f"{name} is {described(wanted)}, {what}",
        f"not {described(wanted)}",
        help=hint,
        note="units never mix silently" if wanted.kind in (Kind.MONEY, Kind.PERCENT) else "",
        fix=fix,
    )


def _word(scope: Scope, left: Resolved, path: nodes.Path, whole: Span | None) -> Value | None:
    """A bare word: an option, a user, a name of the project, a text, else another property."""
    wanted, word = left.value.type, path.text
    bare = len(path.names) == 1 and not _is_property(scope, word)
    if wanted.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) and (bare or word in wanted.options):
        return _option(scope, left, word, path.span)
    if wanted.kind is Kind.USER and bare:
        return _user(scope, word, path.span)
    if wanted.kind is Kind.TEXT and (bare or (left.names and len(path.names) == 1)):
        return _option(scope, left, word, path.span)
    found = resolve_operand(scope, path, whole)
    if found is None:
        return None
    if not comparable(wanted, found.value.type):
        mismatch(scope, left, path.span, found.value.type)
        return None
    return found.value


def _is_property(scope: Scope, word: str) -> bool:
    """Whether a bare word names another value here: a field of the event, else a property of the subject."""
    return word in (scope.events[0].fields if scope.events else scope.subject.properties)


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
        f"`{head.text}.` says what is understood: every rule here is about a {head.text}",
        "not needed",
        help=f"write `{path.text.split('.', 1)[1]}`",
        fix=replace(prefix, ""),
    )


def _option(scope: Scope, left: Resolved, word: str, span: Span) -> Const | None:
    wanted = left.value.type
    if wanted.kind is Kind.USER:
        return _user(scope, word, span)
    if wanted.kind is Kind.TEXT:
        return Const(word, Type(Kind.TEXT)) if _is_named(scope, left, word, span) else None
    if word in wanted.options:
        return Const(word, Type(wanted.kind, wanted.options))
    meant = closest(word, wanted.options)
    options = f"the options are {listing(wanted.options)}"
    scope.findings.error(
        "unknown-option",
        span,
        f"{scope.findings.text(left.span)} has no option `{word}`",
        "no such option",
        help=f"did you mean `{meant}`? {options}" if meant else options,
        fix=replace(span, meant, FixKind.UNSAFE) if meant else None,
    )
    return None


def _is_named(scope: Scope, left: Resolved, word: str, span: Span) -> bool:
    """Whether a text that must name a template, topic, .. does. Forms and surveys may live outside the project."""
    kind = left.names
    if kind not in PROJECT_NAMES:
        return True
    known = list(scope.schema.topics) if kind == "topic" else scope.names.of(kind)
    if word in known or (not known and kind in ("form", "survey")):
        return True
    scope.findings.error(
        f"unknown-{kind}", span, f"there is no {kind} `{word}`", "not declared", help=did_you_mean(word, known)
    )
    return False


def _user(scope: Scope, word: str, span: Span) -> Const | None:
    """A user of segue.yaml. Where none is declared they are imported, and any name may be right."""
    users = scope.names.project.users
    if not users or word in users:
        return Const(word, Type(Kind.USER))
    meant = did_you_mean(word, users) or f"the users are {listing(users)}"
    scope.findings.error("unknown-user", span, f"there is no user `{word}`", "not in segue.yaml", help=meant)
    return None


def _number(scope: Scope, left: Resolved, literal: nodes.Number | nodes.Percent) -> Const:
    value = float(literal.value) if isinstance(literal.value, Decimal) else literal.value
    return Const(value, Type(left.value.type.kind))


def _amount(scope: Scope, literal: nodes.Money, wanted: Type) -> Const | None:
    units = minor_units(literal.amount, literal.currency)
    if units is None:
        scope.findings.error(
            "too-precise",
            literal.span,
            f"{literal.currency} has no such small amounts",
            "too many digits behind the point",
        )
        return None
    return Const(units, wanted)


def _day(scope: Scope, left: Resolved, value: Const, span: Span) -> Const | None:
    if left.value.type.kind is Kind.DATE and value.type.kind is Kind.DATETIME:
        mismatch(scope, left, span, value.type)
        return None
    return value


def _other_currency(scope: Scope, left: Resolved, literal: nodes.Money) -> None:
    wanted = left.value.type
    scope.findings.error(
        "currency-mismatch",
        literal.span,
        f"{scope.findings.text(left.span)} is {described(wanted)}, not in {literal.currency}",
        f"an amount in {literal.currency}",
        help=f"write the amount in {wanted.currency}",
        note="currencies never mix: no rate is right for every day (X32)",
    )


def is_day(type_: Type) -> bool:
    """Whether the type is a date or an instant."""
    return type_.kind in DATES
