"""Literals as constants: a literal has a type by its looks, and the place where it stands asks for one."""

from __future__ import annotations

import re
from decimal import Decimal

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import Const
from ..schema.codes_of_the_world import minor_digits, minor_units
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from .findings import replace
from .options import option_named
from .scope import Resolved, Scope
from .types import DATES, comparable, described, example

_NOTHING = re.compile(r"(?!)")
_SETS = re.compile(r"\bset\s+[\w.]+\s*==?$")  # then there is nothing to compare
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
            word = literal.place(0, len(literal.value)) if literal.value else literal.span
            return option_named(scope, left, literal.value, literal.span, word)
        case nodes.Number() | nodes.Percent():
            return _number(left, literal)
        case nodes.Money():
            return _amount(scope, literal, wanted)
        case nodes.Boolean() | nodes.Date() | nodes.DateTime():
            return _day(scope, left, Const(literal.value, found), literal.span)
        case nodes.Duration():
            return _length(scope, literal)
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
    before = _line_before(scope, span).rstrip()
    if wanted.kind is Kind.MULTI_CHOICE and written[1:2] == "[":
        not_ = "not " if before.endswith("!=") else ""
        hint = f"write `{not_}{name[1:-1]} contains all {written[1:]}, or `contains any`"
    if wanted.kind is Kind.CHOICE and written[1:2] == "[":
        hint = f"write {name[:-1]} {'not in' if before.endswith('!=') else 'in'} {written[1:]}"
    if wanted.kind is Kind.TEXT and found is not None and found.kind is Kind.NUMBER:
        hint, fix = f'write it in quotes: `"{written[1:-1]}"`', replace(span, f'"{written[1:-1]}"', FixKind.UNSAFE)
    if found is not None and wanted.kind is Kind.DATE and found.kind is Kind.DATETIME and written[1:5].isdigit():
        hint, fix = f"write the day alone: `{written[1:11]}`", replace(span, written[1:11], FixKind.UNSAFE)
    if found is not None and wanted.kind in DATES and found.kind is Kind.DURATION:
        hint = f"write {name[:-1]} within {written[1:]} or {name[:-1]} older than {written[1:]}"
        if _SETS.search(before):
            hint = f"write {written[:-1]} from now`"
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


def _line_before(scope: Scope, span: Span) -> str:
    source = scope.findings.sources.get(span.file)
    return source.text[: span.start].rpartition("\n")[2] if source else ""


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


def _number(left: Resolved, literal: nodes.Number | nodes.Percent) -> Const:
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
