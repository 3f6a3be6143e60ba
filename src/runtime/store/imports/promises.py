"""What the schema promises of a property, and rules rely on: its bounds, and that it is there."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from dsl.schema.model import EventField, Kind, Property

from ..values import Storage, minor_units

Promise = Callable[[Storage], None]


def promise_of(given: Property | EventField) -> Promise | None:
    """A function that raises ValueError for what no record may hold; None where anything goes.

    Bounds of money are in major units, as the schema writes them."""
    if not isinstance(given, Property):
        return None
    low, high = _bound(given, given.minimum), _bound(given, given.maximum)
    needed = given.required and given.default is None
    if low is None and high is None and not needed:
        return None

    def keep(value: Storage) -> None:
        if value is None:
            if needed:
                raise ValueError(f"`{given.name}` is required, it is empty")
        elif isinstance(value, int | float):
            if low is not None and value < low:
                raise ValueError(f"`{given.name}` is never below {given.minimum:g}")
            if high is not None and value > high:
                raise ValueError(f"`{given.name}` is never above {given.maximum:g}")

    return keep


def _bound(given: Property, bound: float | None) -> float | None:
    if bound is None or given.type.kind is not Kind.MONEY:
        return bound
    return minor_units(Decimal(str(bound)), given.type.currency or "USD")
