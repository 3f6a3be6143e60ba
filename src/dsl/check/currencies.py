"""Amounts in the smallest unit of their currency (X32)."""

from __future__ import annotations

from decimal import Decimal

from ..schema.codes_of_the_world import minor_digits as decimals

__all__ = ["decimals", "minor_units"]


def minor_units(amount: int | Decimal, currency: str) -> int | None:
    """The amount in the smallest unit; None where it has more decimals than the currency."""
    scaled = Decimal(amount).scaleb(decimals(currency))
    return int(scaled) if scaled == scaled.to_integral_value() else None
