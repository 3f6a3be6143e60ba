"""Tests of one value to SQL: comparisons, dates against now, periods, texts and choices (X14, X29, X31).

A missing value makes SQL's NULL, which counts as false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsl.program.conditions import (
    Ago,
    Compare,
    Const,
    ContainsList,
    DateTest,
    Duration,
    InPeriod,
    Matches,
    OneOf,
    TextTest,
    Value,
)
from dsl.schema.model import Kind

from ..times import edges, periods, zones
from ..times.durations import CLOCK_UNITS
from .days import date_day, local_day
from .scope import Params, Scope
from .values import Values

Edge = Callable[[int, Duration, str], int | str]  # (instant, length, zone) -> where a test turns
_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Comparisons:
    """`values` writes the operands; `subject` and `event` are the aliases they are read from."""

    values: Values

    @property
    def scope(self) -> Scope:
        return self.values.scope

    @property
    def params(self) -> Params:
        return self.values.params

    @property
    def _find(self) -> str:
        """The function that says where one text stands in another."""
        return "instr" if self.scope.dialect == "sqlite" else "strpos"

    # --- comparisons --------------------------------------------------------------------------

    def compare(self, c: Compare, subject: str, event: str | None) -> str:
        if isinstance(c.left, Const | Ago) and not isinstance(c.right, Const | Ago):
            c = Compare(c.right, _MIRROR[c.op], c.left)
        if isinstance(c.right, Ago):
            return self._against_ago(c.left, c.op, c.right.length, subject, event)
        x = self.values.sql(c.left, subject, event, fold=_kind(c.left) is Kind.TEXT)
        if isinstance(c.right, Const):
            return self.against(x, _kind(c.left), c.op, c.right)
        right = self.values.sql(c.right, subject, event, fold=_kind(c.left) is Kind.TEXT)
        if {_kind(c.left), _kind(c.right)} == {Kind.DATE, Kind.DATETIME}:
            return _plainly(self._day(x, _kind(c.left)), c.op, self._day(right, _kind(c.right)))
        return self._several(x, c.op, right) if _kind(c.left) is Kind.MULTI_CHOICE else _plainly(x, c.op, right)

    def _day(self, x: str, kind: Kind) -> str:
        """A date against a moment of another value means the whole day: both as days of the account's zone (X14)."""
        if kind is Kind.DATE:
            return date_day(x, self.scope.dialect)
        return local_day(x, self.params.const(self.scope.zone))

    def against(self, x: str, kind: Kind, op: str, fixed: Const) -> str:
        """The SQL value `x` of a kind against a fixed one. A date against an instant means the whole day (X14)."""
        match kind, fixed.type.kind:
            case Kind.DATETIME, Kind.DATE:
                return self._whole_day(x, op, str(fixed.value))
            case Kind.MULTI_CHOICE, _:
                return self._several(x, op, self.values.constant(fixed, fold=False))
        return _plainly(x, op, self.values.constant(fixed, fold=kind is Kind.TEXT))

    def _several(self, x: str, op: str, option: str) -> str:
        held = f"({self._find}({x}, ';' || {option} || ';') > 0)"
        return held if op == "=" else f"NOT {held}"

    def _whole_day(self, x: str, op: str, day: str) -> str:
        n, zone = zones.epoch_day(day), self.scope.zone

        def edge(end: bool) -> str:
            return self.params.const(zones.day_start(n + end, zone))

        return _against_span(x, op, "<", ">=", edge)

    def _against_ago(self, left: Value, op: str, length: Duration, subject: str, event: str | None) -> str:
        """`x <= 3 days ago`: that day is a whole one, and counted forward from `x`; hours lead to one instant (X14)."""
        x, zone = self.values.sql(left, subject, event), self.scope.zone
        if length.unit in CLOCK_UNITS:
            return _plainly(x, op, self.params.moment(lambda t: edges.cut(t, length, zone)))
        cut, before = (
            (edges.date_cut, edges.date_cut_before) if _kind(left) is Kind.DATE else (edges.cut, edges.cut_before)
        )

        def edge(end: bool) -> str:
            return self.params.moment(lambda t: (cut if end else before)(t, length, zone))

        return _against_span(x, op, "<=", ">", edge)

    def one_of(self, c: OneOf, subject: str, event: str | None) -> str:
        kind = _kind(c.left)
        x = self.values.sql(c.left, subject, event, fold=kind is Kind.TEXT)
        held = self.among(x, kind, c.options)
        return f"NOT {held}" if c.negated else held

    def among(self, x: str, kind: Kind, options: tuple[Const, ...]) -> str:
        """Whether the SQL value `x` is one of some fixed ones; a choice of several: whether it holds one."""
        if kind in (Kind.MULTI_CHOICE, Kind.DATE, Kind.DATETIME):
            return "(" + " OR ".join(self.against(x, kind, "=", option) for option in options) + ")"
        listed = ", ".join(self.values.constant(option, fold=kind is Kind.TEXT) for option in options)
        return f"({x} IN ({listed}))"

    def contains_list(self, c: ContainsList, subject: str, event: str | None) -> str:
        x = self.values.sql(c.left, subject, event)
        joined = " OR " if c.quantifier == "any" else " AND "
        return "(" + joined.join(self.against(x, Kind.MULTI_CHOICE, "=", option) for option in c.options) + ")"

    # --- texts --------------------------------------------------------------------------------

    def text_test(self, c: TextTest, subject: str, event: str | None) -> str:
        text, part = (self.values.sql(v, subject, event, fold=True) for v in (c.left, c.right))
        if c.op == "contains":
            return f"({self._find}({text}, {part}) > 0)"
        if c.op == "starts_with":
            return f"(substr({text}, 1, length({part})) = {part})"
        return f"(length({text}) >= length({part}) AND substr({text}, length({text}) - length({part}) + 1) = {part})"

    def matches(self, c: Matches, subject: str, event: str | None) -> str:
        """The text as it is written; letters and digits of a class are those of ASCII on both databases (X31)."""
        text, pattern = self.values.sql(c.left, subject, event), self.params.const(c.pattern)
        # PostgreSQL asks the collation what a letter is, "C" says ASCII; on SQLite `store.patterns` answers.
        return f"matches({text}, {pattern})" if self.scope.dialect == "sqlite" else f'({text} COLLATE "C" ~ {pattern})'

    # --- dates against now --------------------------------------------------------------------

    def date_test(self, c: DateTest, subject: str, event: str | None) -> str:
        x, zone, length = self.values.sql(c.left, subject, event), self.scope.zone, c.length
        date = _kind(c.left) is Kind.DATE

        def moment(of_date: Edge, of_instant: Edge) -> str:
            return self.params.moment(lambda t: (of_date if date else of_instant)(t, length, zone))

        if c.op == "older_than":
            return f"({x} <= {moment(edges.date_cut, edges.cut)})"
        now = self.params.moment(lambda t: zones.iso_date(zones.local_day(t, zone)) if date else t)
        if c.op == "within_next":
            return f"({x} >= {now} AND {x} < {moment(edges.date_next_limit, edges.next_limit)})"
        return f"({x} > {moment(edges.date_cut, edges.cut)} AND {x} <= {now})"

    def in_period(self, c: InPeriod, subject: str, event: str | None) -> str:
        """From the first day of the period until the first of the next one."""
        x, zone, unit, shift = self.values.sql(c.left, subject, event), self.scope.zone, c.unit, periods.SHIFTS[c.which]
        edge: Callable[[int], int | str] = (
            zones.iso_date if _kind(c.left) is Kind.DATE else lambda day: zones.day_start(day, zone)
        )
        first = self.params.moment(lambda t: edge(periods.first_day(zones.local_day(t, zone), unit, shift)))
        end = self.params.moment(lambda t: edge(periods.first_day(zones.local_day(t, zone), unit, shift + 1)))
        return f"({x} >= {first} AND {x} < {end})"


def _kind(value: Value) -> Kind:
    return value.type.kind


def _plainly(x: str, op: str, y: str) -> str:
    return f"({x} {'<>' if op == '!=' else op} {y})"


def _against_span(x: str, op: str, below: str, above: str, edge: Callable[[bool], str]) -> str:
    """`x` against a whole span of time: `edge` writes its start and, for True, its end; `below` an edge is before it,
    `above` from it on."""
    match op:
        case "=":
            return f"({x} {above} {edge(False)} AND {x} {below} {edge(True)})"
        case "!=":
            return f"({x} {below} {edge(False)} OR {x} {above} {edge(True)})"
        case "<" | "<=":
            return f"({x} {below} {edge(op == '<=')})"
    return f"({x} {above} {edge(op == '>')})"
