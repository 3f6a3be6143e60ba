"""Stored values as people read them, in one locale and zone (X36). babel is imported at the first number or date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from dsl.program.date_patterns import STYLES, in_cldr
from dsl.schema import minor_digits
from dsl.schema.model import Kind, Project, Type

from ..times.zones import to_date, to_datetime
from .wording import words

if TYPE_CHECKING:
    from babel import Locale

Write = Callable[[object], str]
TYPED_FILTERS = ("date", "time", "round")
_DIGITS = 400  # a number of a store may have 309 before its point; with fewer at hand babel raises


@dataclass(frozen=True, slots=True)
class Formats:
    """How an account writes: locale (`ja`, `pl-PL`), zone of instants, currency of money without one, names of
    users."""

    locale: str = "en"
    zone: str = "UTC"
    currency: str = "USD"
    users: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def of(cls, project: Project) -> Formats:
        account = project.account
        users = tuple((u.name, u.label or u.name) for u in project.users.values())
        return cls(account.locale, account.time_zone, account.currency, users)

    def writer(self, kind: Type, filters: tuple[tuple[str, tuple[str | int | float, ...]], ...] = ()) -> Write:
        """What turns a stored value of that type into text; the typed one of `filters` says how, if there is one."""
        name, arguments = next(((n, a) for n, a in filters if n in TYPED_FILTERS), ("", ()))
        return _writer(self, kind, name, arguments)


@lru_cache(maxsize=1024)
def _writer(formats: Formats, kind: Type, how: str, arguments: tuple[str | int | float, ...]) -> Write:
    locale, first = formats.locale, arguments[0] if arguments else None
    match kind.kind:
        case Kind.DATE:
            return lambda v: _day(_as_date(v), str(first or "medium"), locale)
        case Kind.DATETIME if how:
            style = str(first or ("short" if how == "time" else "medium"))
            return lambda v: _moment(_as_int(v), formats.zone, how, style, locale)
        case Kind.DATETIME:
            return lambda v: _moment(_as_int(v), formats.zone, "both", "medium", locale)
        case Kind.MONEY:
            currency = kind.currency or formats.currency
            return lambda v: _money(_as_int(v), currency, locale)
        case Kind.NUMBER | Kind.PERCENT:
            digits = int(first or 0) if how == "round" else None
            return lambda v: _number(Decimal(str(v)), digits, kind.kind is Kind.PERCENT, locale)
        case Kind.DURATION:
            return lambda v: _length(_as_int(v), locale)
        case Kind.USER:
            labels = dict(formats.users)
            return lambda v: labels.get(str(v), str(v))
        case Kind.BOOL:
            spoken = words(locale)
            return lambda v: spoken.yes if v else spoken.no
        case Kind.MULTI_CHOICE:
            return lambda v: ", ".join(_options(v))
        case _:
            return str


def _as_int(value: object) -> int:
    return int(str(value))


def _options(value: object) -> list[str]:
    """Of `;a;b;`, as a store keeps them, or of any list."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(option) for option in value]
    return [option for option in str(value).split(";") if option]


def _as_date(value: object) -> date:
    if isinstance(value, date):
        return value
    return to_date(value) if isinstance(value, int) else date.fromisoformat(str(value)[:10])


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """The locale of that name, the language alone if the rest is unknown, English if nothing is."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    for candidate in (name.replace("-", "_"), name[:2], "en"):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=1 << 14)
def _day(day: date, style: str, locale: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, in_cldr(style), locale=locale_of(locale)))


@lru_cache(maxsize=1 << 14)
def _moment(t: int, zone: str, how: str, style: str, locale: str) -> str:
    from babel.dates import format_date, format_datetime, format_time

    moment, spoken = to_datetime(t, zone).replace(tzinfo=None), locale_of(locale)
    if how == "both":
        day, clock = format_date(moment, style, locale=spoken), format_time(moment, "short", locale=spoken)
        return f"{day} {clock}"
    if how == "date" and style in STYLES:
        return str(format_date(moment, style, locale=spoken))
    if style in STYLES:
        return str(format_time(moment, style, locale=spoken))
    return str(format_datetime(moment, in_cldr(style), locale=spoken))


@lru_cache(maxsize=1 << 14)
def _money(minor: int, currency: str, locale: str) -> str:
    from babel.numbers import format_currency

    amount = Decimal(minor).scaleb(-minor_digits(currency))
    return str(format_currency(amount, currency, locale=locale_of(locale)))


@lru_cache(maxsize=1 << 14)
def _number(value: Decimal, digits: int | None, percent: bool, locale: str) -> str:
    from babel.numbers import format_decimal, format_percent

    with localcontext(prec=_DIGITS):
        rounded = value if digits is None else round(value, digits)
        if percent:
            return str(format_percent(rounded / 100, locale=locale_of(locale), decimal_quantization=False))
        return str(format_decimal(rounded, locale=locale_of(locale)))


def _length(microseconds: int, locale: str) -> str:
    from babel.dates import format_timedelta

    return str(format_timedelta(timedelta(microseconds=microseconds), locale=locale_of(locale)))
