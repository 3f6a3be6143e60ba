"""Literals as an author would write them."""

from __future__ import annotations

from decimal import Decimal

from ..program.conditions import Const, Duration
from ..schema import minor_digits
from ..schema.model import Kind


def field_name(field: str) -> str:
    return field.replace("link_", "link.", 1) if field.startswith("link_") else field


def duration(length: Duration) -> str:
    """`3 business days`"""
    unit = length.unit.value.replace("_", " ")
    return f"{length.n} {unit.removesuffix('s') if length.n == 1 else unit}"


def money(minor: int, currency: str, thousands: str = "_") -> str:
    """`1_234.50 USD`; a currency without minor units shows none."""
    amount = f"{Decimal(minor).scaleb(-minor_digits(currency)):,.{minor_digits(currency)}f}"
    return f"{amount.replace(',', thousands)} {currency}"


def major(minor: int, currency: str) -> str:
    """`1234.50`: for a program, which is told the currency besides."""
    return money(minor, currency, "").removesuffix(f" {currency}")


def constant(v: Const) -> str:
    match v.type.kind:
        case Kind.TEXT:
            return quoted(str(v.value))
        case Kind.BOOL:
            return "true" if v.value else "false"
        case Kind.MONEY if isinstance(v.value, int) and v.type.currency:
            return money(v.value, v.type.currency)
        case Kind.PERCENT:
            return f"{v.value}%"
        case Kind.DATETIME:
            return str(v.value).replace("T", " ")
        case Kind.MULTI_CHOICE if ";" in str(v.value):
            return f"[{', '.join(str(v.value).split(';'))}]"
        case Kind.CHOICE | Kind.MULTI_CHOICE | Kind.USER if not str(v.value).isidentifier():
            return quoted(str(v.value))
    return str(v.value)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
