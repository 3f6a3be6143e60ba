"""The filters of merge fields, names and arity only (X36): the checker refuses every other one,
`runtime.channels.templates` gives each its meaning, and a test keeps both sets equal."""

from __future__ import annotations

from ..schema.model import Kind
from ..values import dataclass

DAYS = frozenset({Kind.DATE, Kind.DATETIME})
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
ANY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Filter:
    """`arguments`: the kinds of its arguments (TEXT or NUMBER), of which the first `required` must be written.
    `takes`: the kinds of value it may stand behind. Every filter gives text, so one that takes days or
    numbers only must come first; it leaves a `default` as written, the others change that too."""

    name: str
    takes: frozenset[Kind] = ANY
    arguments: tuple[Kind, ...] = ()
    required: int = 0

    @property
    def arity(self) -> tuple[int, int]:
        """Fewest and most arguments."""
        return self.required, len(self.arguments)


FILTERS = {
    f.name: f
    for f in (
        Filter("default", arguments=(Kind.TEXT,), required=1),
        Filter("upcase"),
        Filter("downcase"),
        Filter("capitalize"),
        Filter("strip"),
        Filter("escape"),  # of Liquid; values are escaped anyway, so it changes nothing
        Filter("truncate", arguments=(Kind.NUMBER, Kind.TEXT), required=1),
        Filter("truncatewords", arguments=(Kind.NUMBER, Kind.TEXT), required=1),
        Filter("append", arguments=(Kind.TEXT,), required=1),
        Filter("prepend", arguments=(Kind.TEXT,), required=1),
        Filter("replace", arguments=(Kind.TEXT, Kind.TEXT), required=2),
        Filter("date", takes=DAYS, arguments=(Kind.TEXT,), required=0),  # short, medium, long, full or a CLDR pattern
        Filter("time", takes=frozenset({Kind.DATETIME}), arguments=(Kind.TEXT,), required=0),
        Filter("round", takes=NUMBERS, arguments=(Kind.NUMBER,), required=0),
    )
}
