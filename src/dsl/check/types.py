"""Which values can be compared with which, and by which operators. Units and currencies never mix."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..schema.codes_of_the_world import minor_digits
from ..schema.model import Kind, Property, Type

ORDERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.DATETIME, Kind.DURATION})
DATES = frozenset({Kind.DATE, Kind.DATETIME})
ORDER_OPERATORS = frozenset({"<", "<=", ">", ">="})

_DESCRIPTIONS = {
    Kind.TEXT: "a text",
    Kind.NUMBER: "a number",
    Kind.PERCENT: "a percentage",
    Kind.BOOL: "true or false",
    Kind.DATE: "a date",
    Kind.DATETIME: "a date and time",
    Kind.DURATION: "a length of time",
    Kind.CHOICE: "one of a list of options",
    Kind.MULTI_CHOICE: "several of a list of options",
    Kind.USER: "a user",
}
_EXAMPLES = {
    Kind.TEXT: '"some text"',
    Kind.NUMBER: "100",
    Kind.PERCENT: "20%",
    Kind.BOOL: "true",
    Kind.DATE: "2026-03-02",
    Kind.DATETIME: "2026-03-02 09:00",
    Kind.DURATION: "3 days",
}


def described(type_: Type) -> str:
    """The type in an author's words: `a date`, `an amount in JPY`."""
    if type_.kind is Kind.MONEY:
        return f"an amount in {type_.currency}" if type_.currency else "an amount of money"
    if type_.kind is Kind.RECORD:
        return article(type_.target or "record")
    return _DESCRIPTIONS[type_.kind]


def example(type_: Type) -> str:
    """A literal of the type, to show in a hint; empty where none can be made up."""
    if type_.kind is Kind.MONEY:
        return f"100 {type_.currency or 'USD'}"
    if type_.kind in (Kind.CHOICE, Kind.MULTI_CHOICE):
        return type_.options[0] if type_.options else ""
    return _EXAMPLES.get(type_.kind, "")


def bounds(property: Property) -> tuple[float | None, float | None]:
    """The property's minimum and maximum as constants have them: money in its smallest unit."""
    if property.type.kind is not Kind.MONEY:
        return property.minimum, property.maximum
    scale = 10 ** minor_digits(property.type.currency or "USD")
    low, high = (None if b is None else round(b * scale) for b in (property.minimum, property.maximum))
    return low, high


def bound_shown(value: float, type_: Type) -> str:
    """A bound as a rule would write it."""
    if type_.kind is Kind.MONEY:
        currency = type_.currency or "USD"
        return f"{value / 10 ** minor_digits(currency):g} {currency}"
    return f"{value:g}%" if type_.kind is Kind.PERCENT else f"{value:g}"


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types may stand on the two sides of `=`."""
    if left.kind is Kind.MONEY and right.kind is Kind.MONEY:
        return left.currency == right.currency
    if left.kind is Kind.RECORD and right.kind is Kind.RECORD:
        return left.target == right.target
    if left.kind in DATES and right.kind in DATES:
        return True
    textual = {Kind.TEXT, Kind.CHOICE}
    return left.kind is right.kind or {left.kind, right.kind} == textual


def orders(type_: Type) -> bool:
    """Whether `<` and its like, and `between`, mean something for the type."""
    return type_.kind in ORDERED


def is_day(type_: Type) -> bool:
    """Whether the type is a date or an instant."""
    return type_.kind in DATES
