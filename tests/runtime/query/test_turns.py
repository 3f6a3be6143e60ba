"""Every turn is swept exactly: b(x) <= t if and only if x <= horizon(t), and b never falls (decision 0004)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.conditions import DateTest, Duration, Field, InPeriod, Unit
from dsl.schema.model import Kind, Type
from runtime.query.turns import AgainstAgo, Turn, X, leaves, turns_of
from runtime.times.periods import SHIFTS, first_day
from runtime.times.zones import MINUTE, epoch_day, iso_date, parse_local

ZONES = ("Europe/Warsaw", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "UTC")
UNITS = [unit for unit in Unit if unit is not Unit.BUSINESS_DAYS]
FIRST, LAST = (parse_local(f"{day}T00:00", "UTC") for day in ("2005-01-01", "2027-01-01"))


def _field(kind: Kind) -> Field:
    return Field((), "contact", "x", Type(kind))


@st.composite
def turns(draw: st.DrawFn) -> tuple[Turn, bool]:
    """A turn, and whether it is one of dates."""
    date_, zone = draw(st.booleans()), draw(st.sampled_from(ZONES))
    unit = draw(st.sampled_from([u for u in UNITS if not date_ or u not in (Unit.HOURS, Unit.MINUTES)]))
    kind, length = Kind.DATE if date_ else Kind.DATETIME, Duration(draw(st.integers(1, 40)), unit)
    tests = [
        *(DateTest(_field(kind), op, length) for op in ("within", "older_than", "within_next")),
        *(AgainstAgo(kind, op, length) for op in ("<", "<=", "=")),
        *(InPeriod(_field(kind), *both) for both in product(SHIFTS, ("week", "month", "quarter", "year"))),
    ]
    found = [turn for test in tests for turn in turns_of(test, zone)] + ([] if date_ else [leaves(length, zone)])
    return draw(st.sampled_from(found)), date_


instants = st.integers(FIRST // MINUTE, LAST // MINUTE).map(lambda n: n * MINUTE)


@given(turns(), instants, instants)
def test_the_horizon_is_the_inverse_of_the_turn(made: tuple[Turn, bool], x: int, t: int) -> None:
    turn, of_dates = made
    value: X = iso_date(x // (24 * 60 * MINUTE)) if of_dates else x
    for moment in (t, turn.at(value), turn.at(value) - 1):
        assert (turn.at(value) <= moment) == (value <= turn.horizon(moment))


@given(turns(), instants, instants)
def test_a_turn_never_falls(made: tuple[Turn, bool], one: int, other: int) -> None:
    turn, of_dates = made
    low, high = sorted((one, other))
    day = 24 * 60 * MINUTE
    values: list[X] = [iso_date(low // day), iso_date(high // day)] if of_dates else [low, high]
    assert turn.at(values[0]) <= turn.at(values[1])


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(("week", "month", "quarter", "year")))
def test_periods_follow_each_other(day: date, unit: str) -> None:
    begin, end = (first_day(epoch_day(day), unit, shift) for shift in (0, 1))
    assert begin <= epoch_day(day) < end
    assert first_day(end, unit) == end and first_day(end, unit, -1) == begin
    assert first_day(begin - 1, unit, 1) == begin


@pytest.mark.parametrize(
    ("unit", "first"),
    [("week", "2026-03-30"), ("month", "2026-04-01"), ("quarter", "2026-04-01"), ("year", "2026-01-01")],
)
def test_a_period_begins_on_its_first_day(unit: str, first: str) -> None:
    for after in range(3):
        assert first_day(epoch_day(date(2026, 4, 2) + timedelta(days=after)), unit) == epoch_day(first)
