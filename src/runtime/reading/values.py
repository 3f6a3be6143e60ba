"""Stored values as people read them; the other way round of `store.values`."""

from __future__ import annotations

from datetime import timedelta

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
