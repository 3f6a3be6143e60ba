"""A value of a map, compiled to a function from a row's cells to the value in the store's encoding.

Conversions depend on the text alone, so each is remembered per text: files repeat their dates and options.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from unicodedata import normalize

from dsl.schema.model import Kind, Type

from ...times import zones
from ..ids import record_id
from ..values import Storage, decimal, encode_value, instant_of, minor_units
from .addresses import checked_address, checked_zone
from .lookups import Lookups
from .map_values import time_of_day
from .shapes import ValueShape, plain_text

Cells = list[str]
Reader = Callable[[Cells], str | None]
Value = Callable[[Cells], Storage]
IMPORT_TIME = "import"
_REMEMBERED = 1 << 14


class BadRowError(Exception):
    """Why a row is set aside; `column` where one cell is to blame."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


@dataclass(frozen=True)
class Setting:
    """What compiling needs: the place of each column, the map's source and zone, the look-ups, the moment of import."""

    columns: Mapping[str, int]
    source: str
    zone: str
    empty: frozenset[str]
    lookups: Lookups
    now: int
    store_id: str = ""

    def external_id(self, id_: str, source: str | None = None) -> str:
        """`SOURCE:ID`, or the id alone where there is no source."""
        name = self.source if source is None else source
        return f"{name}:{id_}" if name else id_


def compile_value(shape: ValueShape, type_: Type, setting: Setting, check: str | None = None) -> Value:
    """The value of each row as `type_` is stored; raises BadRowError. `check`: what the property's name asks for."""
    if shape.lookup is not None:
        return _looked_up(shape, setting)
    read = compile_text(shape, setting)
    if shape.zone is not None and shape.zone.sources != ["constant"]:
        convert_in, zone_of = _in_zone(shape, type_, setting), compile_text(shape.zone, setting)
        return _told(shape, lambda row: convert_in(read(row), zone_of(row)))
    if shape.currency is not None:
        return _converted_money(shape, type_, setting, read)
    zone = str(shape.zone.constant) if shape.zone else setting.zone
    convert = lru_cache(maxsize=_REMEMBERED)(_conversion(shape, type_, setting, zone, shape.check or check))

    def value(row: Cells) -> Storage:
        text = read(row)
        return None if text is None else convert(text)

    return _told(shape, value)


def compile_text(shape: ValueShape, setting: Setting) -> Reader:
    """The text before it is converted: source, case, choices, split, default."""
    read, change = _source(shape, setting), _change(shape)
    default = None if shape.default is None else plain_text(shape.default)
    if change is None and default is None:
        return read

    def text(row: Cells) -> str | None:
        found = read(row)
        if change is not None:
            found = change(found)
        return default if found is None else found

    return text


def _told(shape: ValueShape, value: Value) -> Value:
    name = column_named(shape)

    def guarded(row: Cells) -> Storage:
        try:
            return value(row)
        except ValueError as error:
            raise BadRowError(name, str(error)) from None

    return guarded


def column_named(shape: ValueShape | None) -> str:
    """The column to name when the value is bad."""
    if shape is None:
        return ""
    inner = shape.value or (shape.first_of[0] if shape.first_of else None)
    return shape.column or (column_named(inner) if inner else "")


def _source(shape: ValueShape, setting: Setting) -> Reader:
    empty = setting.empty
    if shape.column is not None:
        i = setting.columns[shape.column]

        def cell(row: Cells) -> str | None:
            text = row[i].strip()
            return None if text in empty else text

        return cell
    if shape.template is not None:
        return _template(shape.template, setting)
    if shape.first_of is not None:
        readers = [compile_text(one, setting) for one in shape.first_of]
        return lambda row: next((text for read in readers if (text := read(row)) is not None), None)
    constant = None if shape.constant is None else plain_text(shape.constant)
    return lambda row: constant


def _template(template: str, setting: Setting) -> Reader:
    parsed = Formatter().parse(template)
    parts = [(text, setting.columns[name] if name is not None else -1) for text, name, _, _ in parsed]
    empty = setting.empty

    def filled(row: Cells) -> str | None:
        result = ""
        for text, i in parts:
            result += text
            if i >= 0:
                cell = row[i].strip()
                if cell in empty:
                    return None
                result += cell
        return result

    return filled


def _change(shape: ValueShape) -> Callable[[str | None], str | None] | None:
    """`case`, `choices` and `split`; None where there is nothing to do."""
    if shape.case is None and not shape.choices and shape.split is None:
        return None
    case = _CASES.get(shape.case or "", str)
    choices = {composed(key): None if to is None else plain_text(to) for key, to in shape.choices.items()}

    def change(text: str | None) -> str | None:
        if text is None:
            return choices.get("")
        if (key := composed(text)) in choices:
            return choices[key]
        text = case(text)
        if (key := composed(text)) in choices:
            return choices[key]
        parts = text.split(shape.split) if shape.split else ()
        return ";".join(choices.get(composed(p.strip()), p) or "" for p in parts) if shape.split else text

    return change


def composed(text: str) -> str:
    """A letter and the accent beside it, as some systems write files, as one: so the author of the map typed it."""
    return normalize("NFC", text)


def slug(text: str) -> str:
    """`Car accessories` as a name: `car_accessories`."""
    return re.sub(r"\W+", "_", text.casefold()).strip("_")


_CASES: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "title": str.title, "slug": slug}


def _looked_up(shape: ValueShape, setting: Setting) -> Value:
    assert shape.value is not None and shape.lookup is not None and shape.record is not None  # checked with the map
    wanted = compile_text(shape.value, setting)
    find = setting.lookups.finder(shape.record, shape.lookup)

    def found(row: Cells) -> Storage:
        text = wanted(row)
        return None if text is None else find(text)

    return _told(shape, found)


Convert = Callable[[str], Storage]


def _conversion(shape: ValueShape, type_: Type, setting: Setting, zone: str, check: str | None) -> Convert:
    match type_.kind:
        case Kind.NUMBER | Kind.PERCENT:
            return lambda text: encode_value(type_, _scaled(shape, text))
        case Kind.MONEY:
            return lambda text: _money(shape, type_, text, Decimal(str(shape.rate or 1)))
        case Kind.DATE:
            return lambda text: _date(shape, text)
        case Kind.DATETIME:
            return lambda text: _instant(shape, text, zone, setting.now)
        case Kind.BOOL if shape.true is not None or shape.false is not None:
            return lambda text: _bool(shape, text)
        case Kind.RECORD:
            return lambda text: record_id(type_.target or "", setting.external_id(text))
        case Kind.TEXT if check == "email":
            return checked_address
        case Kind.TEXT if check == "zone":
            return checked_zone
    return lambda text: encode_value(type_, text)


def _in_zone(shape: ValueShape, type_: Type, setting: Setting) -> Callable[[str | None, str | None], Storage]:
    """For a zone that each row names; an empty one is the map's."""

    @lru_cache(maxsize=_REMEMBERED)
    def convert(text: str | None, zone: str | None) -> Storage:
        name = checked_zone(zone) if zone else setting.zone
        return None if text is None else _conversion(shape, type_, setting, name, None)(text)

    return convert


def _converted_money(shape: ValueShape, type_: Type, setting: Setting, read: Reader) -> Value:
    """By the rate of the row's own currency (X32); one without rate sets the row aside."""
    rates = {name: Decimal(str(rate)) for name, rate in shape.rates.items()}
    currency = compile_text(ValueShape(column=shape.currency), setting)

    def money(row: Cells) -> Storage:
        text, unit = read(row), currency(row)
        if text is None:
            return None
        if unit not in rates:
            raise BadRowError(shape.currency or "", f"there is no rate for `{unit or ''}`")
        return _money(shape, type_, text, rates[unit])

    return _told(shape, money)


def _scaled(shape: ValueShape, text: str) -> Decimal:
    value = decimal(_point(shape, text.removesuffix("%")))
    return value * Decimal(str(shape.scale)) if shape.scale is not None else value


def _point(shape: ValueShape, text: str) -> str:
    """The number with a point for its decimals and no thousands separators."""
    if shape.decimal is None:
        return text
    other = "." if shape.decimal == "," else ","
    for separator in (other, "'", " ", "\u00a0", "\u202f"):
        text = text.replace(separator, "")
    return text.replace(",", ".")


def _money(shape: ValueShape, type_: Type, text: str, rate: Decimal) -> int:
    amount = _scaled(shape, text) * rate
    if shape.minor:
        return int(amount.to_integral_value())
    return minor_units(amount, type_.currency or "USD")


def _bool(shape: ValueShape, text: str) -> bool:
    word = text.casefold()
    for words, value in ((shape.true, True), (shape.false, False)):
        if words is not None and word in (w.casefold() for w in words):
            return value
    if shape.true is not None and shape.false is not None:
        raise ValueError(f"`{text}` is neither true nor false")
    return shape.true is None


def _date(shape: ValueShape, text: str) -> str:
    moment = _moment(shape, text)
    return (moment.date() if isinstance(moment, datetime) else moment).isoformat()


def _instant(shape: ValueShape, text: str, zone: str, now: int) -> int:
    if text == IMPORT_TIME:
        return now
    moment = _moment(shape, text)
    if isinstance(moment, datetime):
        return instant_of(moment, zone)
    return zones.instant(zones.epoch_day(moment), time_of_day(shape.time or "00:00") or 0, zone)


def _moment(shape: ValueShape, text: str) -> datetime | date:
    """A date, or a datetime where the text has a time of day."""
    for form in shape.format or ("",):
        try:
            return _parsed(form, text)
        except (ValueError, OverflowError):
            continue
    ours = () if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else ("2026-03-02 09:00",)
    forms = shape.format or ours
    wanted = f", as {' or '.join(forms)} is" if forms else ""
    raise ValueError(f"`{text}` is no date{wanted}")


def _parsed(form: str, text: str) -> datetime | date:
    match form:
        case "":
            return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        case "epoch":
            return zones.to_datetime(int(decimal(text) * zones.SECOND))
        case "epoch_ms":
            return zones.to_datetime(int(decimal(text) * 1000))
    moment = datetime.strptime(text, form)
    has_time = re.search(r"%[HIMSfpcXTs]", form) is not None
    return moment if has_time else moment.replace(tzinfo=UTC).date()
