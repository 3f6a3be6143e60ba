"""What an author writes on the right of a comparison, as a constant or path of the type the left side asks for."""

from __future__ import annotations

import re
from decimal import Decimal

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.conditions import Const, Value
from ..schema.codes_of_the_world import minor_digits, minor_units
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from .findings import listing, replace
from .later import not_yet
from .paths import resolve_operand as resolve_operand
from .scope import Resolved, Scope
from .types import DATES, comparable, described, example

_NOTHING = re.compile(r"(?!)")
# What a literal of the type looks like: in quotes it is a text.
_LOOKS = {
    Kind.NUMBER: re.compile(r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"),
    Kind.PERCENT: re.compile(r"[0-9]+(?:\.[0-9]+)?%"),
    Kind.MONEY: re.compile(r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)? [A-Z]{3}"),
    Kind.BOOL: re.compile("true|false"),
    Kind.DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    Kind.DATETIME: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{1,2}:[0-9]{2})?"),
    Kind.DURATION: re.compile("[0-9]+ (?:minute|hour|day|week)s?"),
}
_YES_OR_NO = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
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
        case nodes.Aggregate() | nodes.ScoreOf() | nodes.Ago() | nodes.Function():
            not_yet(scope.findings, nodes.Unsupported("this value", operand.span))
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
        case nodes.Duration():
            return _length(scope, literal)
    return None


_MICROSECONDS = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000, "weeks": 604_800_000_000}


def _length(scope: Scope, literal: nodes.Duration) -> Const | None:
    """A length of time as the store keeps it; months, years and business days have no fixed length."""
    each = _MICROSECONDS.get(literal.unit)
    if each is not None:
        return Const(literal.n * each, Type(Kind.DURATION))
    unit = literal.unit.replace("_", " ")
    scope.findings.error(
        "type-mismatch",
        literal.span,
        f"{unit} are not all equally long",
        "no fixed length",
        help="count in minutes, hours, days or weeks",
    )
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
    if found is not None and wanted.kind in DATES and found.kind is Kind.DURATION:
        hint = f"write {name[:-1]} within {written[1:]} or {name[:-1]} older than {written[1:]}"
    bare = written[2:-2]
    if written[1:2] == '"' and _LOOKS.get(wanted.kind, _NOTHING).fullmatch(bare):
        hint, fix = f"write it without quotes: `{bare}`", replace(span, bare, FixKind.UNSAFE)
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
    if wanted.kind is Kind.BOOL and bare and word.lower() in _YES_OR_NO:
        return _yes_or_no(scope, path)
    found = resolve_operand(scope, path, whole)
    if found is None:
        return None
    if not comparable(wanted, found.value.type):
        mismatch(scope, left, path.span, found.value.type)
        return None
    return found.value


def _yes_or_no(scope: Scope, path: nodes.Path) -> Const:
    """`yes`, `on`, `TRUE`: one way to say a thing."""
    right = _YES_OR_NO[path.text.lower()]
    scope.findings.error(
        "other-spelling",
        path.span,
        f"yes and no are `true` and `false`, not `{path.text}`",
        "written otherwise here",
        help=f"write `{right}`",
        fix=replace(path.span, right),
    )
    return Const(right == "true", Type(Kind.BOOL))


def as_written(option: str) -> str:
    """An option or name as a rule writes it: bare, or in quotes where it is no single word."""
    return option if option.isidentifier() and option != "not" else '"' + option.replace('"', '\\"') + '"'


def _is_property(scope: Scope, word: str) -> bool:
    """Whether a bare word names another value here: a field of the event, else a property of the subject."""
    return word in (scope.events[0].fields if scope.events else scope.subject.properties)


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
        fix=replace(span, as_written(meant), FixKind.UNSAFE) if meant else None,
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
        f"unknown-{kind}", span, f"there is no {kind} `{word}`", "not declared", help=perhaps(word, known)
    )
    return False


def _user(scope: Scope, word: str, span: Span) -> Const | None:
    """A user of segue.yaml. Where none is declared they are imported, and any name may be right."""
    users = scope.names.project.users
    if not users or word in users:
        return Const(word, Type(Kind.USER))
    by_address = next((u.name for u in users.values() if u.email and u.email.casefold() == word.casefold()), None)
    meant = by_address or closest(word, users)
    help_ = f"did you mean `{meant}`?" if meant else f"the users are {listing(users)}"
    fix = replace(span, as_written(meant), FixKind.UNSAFE) if meant else None
    scope.findings.error("unknown-user", span, f"there is no user `{word}`", "not in segue.yaml", help=help_, fix=fix)
    return None


def _number(scope: Scope, left: Resolved, literal: nodes.Number | nodes.Percent) -> Const:
    value = float(literal.value) if isinstance(literal.value, Decimal) else literal.value
    return Const(value, Type(left.value.type.kind))


def _amount(scope: Scope, literal: nodes.Money, wanted: Type) -> Const | None:
    units, digits = minor_units(literal.amount, literal.currency), minor_digits(literal.currency)
    written = len(str(literal.amount).partition(".")[2])
    if units is None or written > max(digits, 2):
        # `1.000 EUR` is a thousand to a German author, and one to everybody else.
        thousand = written == 3 and digits != 3
        scope.findings.error(
            "too-precise",
            literal.span,
            f"{literal.currency} has no such small amounts",
            "too many digits behind the point",
            help=f"digits are grouped with `_`: `{str(literal.amount).replace('.', '_')} {literal.currency}`"
            if thousand
            else "",
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
