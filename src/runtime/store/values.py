"""Values of the outside world in the store's encoding, by the type of their property.

`encode_value` raises ValueError with words for people: they end up beside the row in the reject file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from dsl.diagnostics.suggest import perhaps
from dsl.schema import minor_digits
from dsl.schema.model import Kind, Type

from ..times import zones
from .names import folded, folded_column

Storage = str | int | float | bool | None
TRUE_WORDS = ("true", "yes", "y", "1", "t")
FALSE_WORDS = ("false", "no", "n", "0", "f")
LONGEST = 200_000  # characters of a text: more is no value of a record, and would be read and shown everywhere
INDEXED = 2_600  # bytes of a text that has an index: a page of PostgreSQL's holds three of them
_LARGEST = 1 << 63
_DIGITS = 30


def encode_value(type_: Type, raw: object, zone: str = "UTC") -> Storage:
    """`raw` (text, or a Python value of the right kind) as the store keeps it; None stays None.

    Text of a MONEY is in major units ("12.50" USD gives 1250); a datetime without offset is on `zone`'s clock;
    an int given for a DATETIME is already in µs. Raises ValueError.
    """
    if raw is None:
        return None
    encode = _ENCODERS.get(type_.kind)
    if encode:
        return encode(raw)
    match type_.kind:
        case Kind.MONEY:
            return _money(raw, type_.currency or "USD")
        case Kind.DATETIME:
            return _instant(raw, zone)
        case Kind.CHOICE:
            return _option(str(raw), type_.options)
        case _:
            return _options(raw, type_.options)


def stored_pair(name: str, type_: Type, value: Storage) -> dict[str, Storage]:
    """A property's entry of a payload: text twice, as it is and folded (X31)."""
    if type_.kind is not Kind.TEXT:
        return {name: value}
    return {name: value, folded_column(name): None if value is None else folded(str(value))}


def fits_index(text: str) -> bool:
    """Whether what is kept for comparing is short enough for the index of a key or address."""
    return len(folded(text).encode()) <= INDEXED


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in major units as a whole number of cents, or whatever the currency's smallest unit is."""
    units = amount.scaleb(minor_digits(currency))
    if abs(units) >= _LARGEST:
        raise ValueError(f"`{amount}` is too large")
    return int(units.quantize(Decimal(1), ROUND_HALF_UP))


def decimal(raw: object) -> Decimal:
    """A finite number; ValueError otherwise."""
    text = str(raw).strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"`{text}` is no number") from None
    if not value.is_finite() or "_" in text:
        raise ValueError(f"`{text}` is no number")
    if value.adjusted() > _DIGITS:  # beyond a million of them not even its sign could be taken away
        raise ValueError(f"`{text}` is too large")
    return value


def _text(raw: object) -> str:
    text = str(raw)
    if "\0" in text:
        raise ValueError("the text holds a NUL character")
    if len(text) > LONGEST:
        raise ValueError(f"the text is {len(text):,} characters long; {LONGEST:,} are the most")
    return text


def _number(raw: object) -> int | float:
    if isinstance(raw, bool):
        raise ValueError(f"`{str(raw).lower()}` is no number")
    value = decimal(raw)
    if abs(value) >= _LARGEST:
        raise ValueError(f"`{raw}` is too large")
    return int(value) if value == value.to_integral_value() else float(value)


def _percent(raw: object) -> int | float:
    return _number(raw.strip().removesuffix("%") if isinstance(raw, str) else raw)


def _money(raw: object, currency: str) -> int:
    text = str(raw).strip()
    number, _, unit = text.partition(" ")
    if unit and unit != currency:
        raise ValueError(f"`{text}` is not in {currency}")
    return minor_units(decimal(number), currency)


def _bool(raw: object) -> bool:
    word = str(raw).strip().casefold()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise ValueError(f"`{raw}` is neither true nor false")


def _date(raw: object) -> str:
    if isinstance(raw, date):
        return (raw.date() if isinstance(raw, datetime) else raw).isoformat()
    try:
        return date.fromisoformat(str(raw).strip()).isoformat()
    except ValueError:
        raise ValueError(f"`{raw}` is no date") from None


def _instant(raw: object, zone: str) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    except ValueError:
        raise ValueError(f"`{raw}` is no date and time") from None
    return instant_of(moment, zone)


def instant_of(moment: datetime, zone: str) -> int:
    """µs since 1970; a time without offset is on `zone`'s clock, one that does not exist moves forward (X13)."""
    if moment.tzinfo:
        return zones.from_datetime(moment)
    clock = zones.from_datetime(moment.replace(tzinfo=UTC))
    return zones.instant(*divmod(clock, zones.DAY), zone)


def _whole(raw: object) -> int:
    value = decimal(raw)
    if value != value.to_integral_value() or abs(value) >= _LARGEST:
        raise ValueError(f"`{raw}` is no whole number")
    return int(value)


def _option(raw: str, options: Iterable[str]) -> str:
    """As the schema writes it; width and composition (a letter beside its accent) make no other option, case does."""
    options = tuple(options)
    if raw in options:
        return raw
    same = [option for option in options if unicodedata.normalize("NFKC", option) == unicodedata.normalize("NFKC", raw)]
    if len(same) == 1:
        return same[0]
    meant = perhaps(raw, options)
    some = ", ".join(options[:8]) + (", .." if len(options) > 8 else "")
    raise ValueError(f"`{raw}` is none of the options {some}" + (f"; {meant}" if meant else ""))


def _options(raw: object, options: tuple[str, ...]) -> str | None:
    """`;a;b;` in the order of the schema; None for an empty list, which is a missing value."""
    parts = raw.replace(",", ";").split(";") if isinstance(raw, str) else [str(p) for p in raw]  # type: ignore[attr-defined] # an iterable
    chosen = {_option(part.strip(), options) for part in parts if part.strip()}
    return f";{';'.join(o for o in options if o in chosen)};" if chosen else None


_ENCODERS: dict[Kind, Callable[[object], Storage]] = {
    Kind.TEXT: _text,
    Kind.USER: _text,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.BOOL: _bool,
    Kind.DATE: _date,
    Kind.DURATION: _whole,
    Kind.RECORD: _whole,
}
