"""Stored values as people read them; the other way round of `store.values`."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from dsl.english import literals
from dsl.schema.model import Kind, Type

from ..times import zones


def shown(value: object, type_: Type, zone: str = "UTC") -> str:
    """One value in words; "" where it is missing."""
    if value is None:
        return ""
    match type_.kind:
        case Kind.BOOL:
            return "yes" if value in (True, "true", "1") else "no"
        case Kind.MONEY if isinstance(value, int) and type_.currency:
            return money(value, type_.currency)
        case Kind.PERCENT:
            return f"{value}%"
        case Kind.DATETIME if isinstance(value, int):
            return instant(value, zone)
        case Kind.DURATION if isinstance(value, int):
            return str(timedelta(microseconds=value))
        case Kind.MULTI_CHOICE:
            return str(value).strip(";").replace(";", ", ")
    return str(value)


def plain(type_: Type, value: str | int | float | Decimal | None, zone: str = "UTC") -> str | int | float | None:
    """For another program, the same of both databases: an amount as text in major units, an instant as ISO 8601, a
    number as int or float, else as it is."""
    match type_.kind, value:
        case Kind.MONEY, int() | float() | Decimal():
            return literals.major(whole(value), type_.currency or "USD")
        case Kind.DATE, int():
            return zones.iso_date(value)
        case Kind.DATETIME, int():
            return zones.to_datetime(value, zone).isoformat()
        case Kind.MULTI_CHOICE, str():
            return value.strip(";")
        case Kind.BOOL, int():
            return bool(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def whole(value: int | float | Decimal) -> int:
    """Halves go away from nought."""
    return value if isinstance(value, int) else int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP))


def money(minor: int, currency: str) -> str:
    """`1,234.50 USD`; a currency without minor units shows none."""
    return literals.money(minor, currency, ",")


def instant(at: int | None, zone: str) -> str:
    """`2026-03-02 09:00` on the zone's clock; "" for None."""
    return f"{zones.to_datetime(at, zone):%Y-%m-%d %H:%M}" if at is not None else ""


def day(at: int | None, zone: str) -> str:
    return f"{zones.to_datetime(at, zone):%Y-%m-%d}" if at is not None else ""


def lasting(length: int) -> str:
    """A length of time (µs) in its two largest units: `3 days 4 h`, `2 h 5 min`, `5 min`, `0 min`."""
    minutes = length // zones.MINUTE
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} {'day' if days == 1 else 'days'}" + (f" {hours} h" if hours else "")
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
