"""Types and default values as schema.yaml writes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from math import isfinite

from ..diagnostics import Label, closest, did_you_mean
from .codes_of_the_world import CURRENCIES, minor_digits
from .model import Kind, Type
from .problems import guess, replacement
from .reading import Reading
from .shape_of_schema import FieldShape, LinkTagShape, PropertyShape
from .yaml_positions import Path

_CHOICES = (Kind.CHOICE, Kind.MULTI_CHOICE)
# What people write who come from elsewhere.
_ELSEWHERE = {
    **dict.fromkeys(("string", "str", "varchar", "email", "phone", "url", "long_text"), Kind.TEXT),
    **dict.fromkeys(("int", "integer", "float", "decimal", "numeric"), Kind.NUMBER),
    **dict.fromkeys(("currency", "amount"), Kind.MONEY),
    **dict.fromkeys(("boolean", "checkbox"), Kind.BOOL),
    **dict.fromkeys(("timestamp", "time"), Kind.DATETIME),
    **dict.fromkeys(("enum", "select", "option", "dropdown"), Kind.CHOICE),
    **dict.fromkeys(("tags", "set", "multiselect", "list"), Kind.MULTI_CHOICE),
    **dict.fromkeys(("reference", "link", "object"), Kind.RECORD),
    "owner": Kind.USER,
}


def read_type(
    shape: PropertyShape | FieldShape | LinkTagShape, path: Path, objects: Collection[str], reading: Reading
) -> Type:
    """The type at `path`. An unknown one is told and read as what was likely meant, so that rules still check."""
    kind = _kind(shape.type, path, reading)
    options = _options(shape, kind, path, reading)
    currency = target = None
    if not isinstance(shape, LinkTagShape):
        currency = _currency(shape, kind, path, reading)
        target = _target(shape, kind, path, objects, reading)
    return Type(kind, options, currency, target)


def _kind(written: str, path: Path, reading: Reading) -> Kind:
    known = [k.value for k in Kind]
    if written in known:
        return Kind(written)
    meant = _ELSEWHERE.get(written.casefold()) or closest(written, known)
    span = reading.at(*path, "type")
    help = f"did you mean `{meant}`?" if meant else f"the types are {', '.join(known)}"
    reading.problems.error("unknown-type", f"there is no type `{written}`", span, help=help, fix=guess(span, meant))
    return Kind(meant) if meant else Kind.TEXT


def _options(
    shape: PropertyShape | FieldShape | LinkTagShape, kind: Kind, path: Path, reading: Reading
) -> tuple[str, ...]:
    if shape.options is None:
        return ()
    here = (*path, "options")
    if kind not in _CHOICES:
        message = f"only a choice has options, this is {kind}"
        reading.problems.error("wrong-setting", message, reading.key(*here), help="write `type: choice`")
        return ()
    first: dict[str, int] = {}
    for i, option in enumerate(shape.options):
        if not option.strip():
            reading.problems.error("wrong-value", "an option cannot be empty", reading.at(*here, i))
        elif kind is Kind.MULTI_CHOICE and (";" in option or "," in option):
            # Both part the options of one value, in the store and in files to import.
            message = "an option of a multi_choice cannot hold `;` or `,`"
            reading.problems.error("wrong-value", message, reading.at(*here, i))
            first[option.casefold()] = i
        elif first.setdefault(option.casefold(), i) != i:
            # Equality ignores case (X31), so both would be the same to every condition.
            other = Label(reading.at(*here, first[option.casefold()]), "the other one")
            message = f"option `{option}` is there already"
            reading.problems.error("duplicate-option", message, reading.at(*here, i), other=other)
    return tuple(shape.options[i] for i in first.values())


def tell_no_options(shape: PropertyShape | FieldShape, path: Path, reading: Reading) -> None:
    """A choice without options, unless they are there and could not be read: that was told."""
    if shape.options is None and (*path, "options") in reading.document.keys:
        return
    help = "add `options: [first, second]`"
    reading.problems.error("missing-key", "a choice needs `options`", reading.key(*path), help=help)


def _currency(shape: PropertyShape | FieldShape, kind: Kind, path: Path, reading: Reading) -> str | None:
    """A money property has one currency: its own, or the account's (X32)."""
    if kind is not Kind.MONEY:
        if shape.currency is not None:
            message = f"only money has a currency, this is {kind}"
            reading.problems.error("wrong-setting", message, reading.key(*path, "currency"))
        return None
    if shape.currency is None:
        return reading.currency
    return check_currency(shape.currency, (*path, "currency"), reading) or reading.currency


def check_currency(code: str, path: Path, reading: Reading) -> str | None:
    """The code if ISO 4217 has it, else None and a diagnostic."""
    if code in CURRENCIES:
        return code
    span, upper = reading.at(*path), code.upper()
    known = upper in CURRENCIES
    help = f"did you mean `{upper}`?" if known else "write an ISO code such as USD, EUR or JPY"
    fix = replacement(span, upper) if known else None
    reading.problems.error("unknown-currency", f"there is no currency `{code}`", span, help=help, fix=fix)
    return upper if known else None


def _target(
    shape: PropertyShape | FieldShape, kind: Kind, path: Path, objects: Collection[str], reading: Reading
) -> str | None:
    if kind is not Kind.RECORD:
        if shape.to is not None:
            message = f"only a record property leads `to` an object, this is {kind}"
            reading.problems.error("wrong-setting", message, reading.key(*path, "to"))
        return None
    if shape.to is None:
        span = reading.key(*path)
        reading.problems.error("missing-key", "a record property needs `to`", span, help="add `to: company`")
    elif shape.to not in objects:
        tell_unknown_object(shape.to, (*path, "to"), objects, reading)
    return shape.to


def tell_unknown_object(name: str, path: Path, objects: Collection[str], reading: Reading) -> None:
    span, help = reading.at(*path), did_you_mean(name, objects)
    fix = guess(span, closest(name, objects))
    reading.problems.error("unknown-object", f"there is no object `{name}`", span, help=help, fix=fix)


def read_default(value: object, type: Type, path: Path, reading: Reading) -> object | None:
    """The default in the author's terms (money in major units), or None and a diagnostic where it does not fit."""
    if value is None:
        return None
    result = _fitting(value, type)
    if result is None:
        span, options = reading.at(*path), ", ".join(type.options)
        help = did_you_mean(str(value), type.options) or (f"the options are {options}" if options else "")
        reading.problems.error("wrong-default", f"the default does not fit: this property is {type}", span, help=help)
    return result


def _fitting(value: object, type: Type) -> object | None:
    match type.kind, value:
        case (Kind.TEXT | Kind.USER, str()):
            return value
        case (Kind.CHOICE, str()):
            return value if value in type.options else None
        case (Kind.MULTI_CHOICE, list()):
            return tuple(value) if all(v in type.options for v in value) else None
        case (Kind.BOOL, bool()):
            return value
        case (Kind.NUMBER | Kind.PERCENT, int() | float()) if not isinstance(value, bool):
            return value
        case (Kind.PERCENT, str()):
            return _number(value.removesuffix("%").strip())
        case (Kind.MONEY, int() | float() | str()) if not isinstance(value, bool):
            return _amount(str(value), type.currency or "USD")
        case (Kind.DATE, str()):
            return _iso(value, date)
        case (Kind.DATETIME, str()):
            return _iso(value, datetime)
    return None


def _number(text: str) -> float | int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not isfinite(number):
        return None
    return int(text) if text.lstrip("-").isdecimal() else number


def _amount(text: str, currency: str) -> int | float | None:
    """`100` or `100 JPY` as a number; None for another currency, or a fraction the currency does not have."""
    amount = _number(text.removesuffix(currency).strip())
    return amount if amount is not None and round(amount, minor_digits(currency)) == amount else None


def _iso(text: str, sort: type[date] | type[datetime]) -> str | None:
    """Kept as text: the day, or the local time in the account's zone."""
    try:
        sort.fromisoformat(text)
    except ValueError:
        return None
    return text
