"""X14: where conditions of time turn, against brute force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.conditions import Duration, Unit
from runtime.times import edges
from runtime.times.durations import add_days, elapsed
from runtime.times.zones import HOUR, MINUTE, day_start, epoch_day, iso_date, local_day, to_date

from .clock import at, day_lengths, instants, lengths, show, us, zones

DAYS_30 = Duration(30, Unit.DAYS)
MONTH = Duration(1, Unit.MONTHS)
ROLLING = (Unit.MINUTES, Unit.HOURS)


def within(x: int, t: int, length: Duration, zone: str) -> bool:
    """X14 as it is written, for a past value."""
    if length.unit in ROLLING:
        return t < x + elapsed(length)
    return local_day(t, zone) < add_days(local_day(x, zone), length)


def test_x14_within_days_starts_at_midnight_after_the_day_n_days_ago() -> None:
    now = at("2024-05-31T15:00", "Asia/Tokyo")
    assert show(edges.cut(now, DAYS_30, "Asia/Tokyo") + 1, "Asia/Tokyo") == "2024-05-02T00:00"


def test_x14_hours_roll() -> None:
    assert edges.expires(us("2024-05-01T10:07"), Duration(48, Unit.HOURS), "Asia/Tokyo") == us("2024-05-03T10:07")


@pytest.mark.parametrize(
    ("day", "length", "end"),
    [
        ("2024-01-31", MONTH, "2024-02-29"),
        ("2023-01-31", MONTH, "2023-02-28"),
        ("2023-02-28", MONTH, "2023-03-28"),
        ("2024-02-29", Duration(1, Unit.YEARS), "2025-02-28"),
        ("2024-02-29", Duration(2, Unit.WEEKS), "2024-03-14"),
        ("2024-03-31", Duration(-1, Unit.MONTHS), "2024-02-29"),
    ],
)
def test_x13_months_and_years_clamp(day: str, length: Duration, end: str) -> None:
    assert iso_date(add_days(epoch_day(day), length)) == end


def test_x14_older_than_a_month_does_not_flicker_at_the_end_of_march() -> None:
    x, zone = at("2023-02-28T12:00", "Europe/Berlin"), "Europe/Berlin"
    hours = range(us("2023-03-20"), us("2023-04-05"), HOUR)
    verdicts = [x <= edges.cut(t, MONTH, zone) for t in hours]
    assert verdicts == sorted(verdicts)
    assert show(edges.expires(x, MONTH, zone), zone) == "2023-03-28T00:00"


def test_x14_no_month_end_flickers() -> None:
    zone = "America/Sao_Paulo"
    for day in range(epoch_day("2023-01-01"), epoch_day("2025-01-01")):
        for length in (MONTH, Duration(2, Unit.MONTHS), Duration(1, Unit.YEARS)):
            turn = add_days(day, length)
            for today in range(turn - 4, turn + 5):
                t = day_start(today, zone)
                assert (day_start(day, zone) <= edges.cut(t, length, zone)) == (today >= turn)


@given(instants, instants, lengths, zones)
def test_x14_cut_and_expires_are_inverse(x: int, t: int, length: Duration, zone: str) -> None:
    assert (edges.expires(x, length, zone) <= t) == (x <= edges.cut(t, length, zone))


@given(instants, lengths, zones, st.integers(-3, 3))
def test_x14_within_turns_exactly_where_expires_says(x: int, length: Duration, zone: str, step: int) -> None:
    turn = edges.expires(x, length, zone)
    for t in (turn, turn + step, turn + step * 20 * MINUTE):
        assert within(x, t, length, zone) == (t < turn) == (edges.cut(t, length, zone) < x)


@given(instants, lengths, zones)
def test_x14_cut_is_the_largest(t: int, length: Duration, zone: str) -> None:
    cut = edges.cut(t, length, zone)
    assert not within(cut, t, length, zone)
    assert within(cut + 1, t, length, zone)


@given(instants, lengths, zones, st.integers(-3, 3))
def test_x14_within_next_turns_exactly_where_it_opens(x: int, length: Duration, zone: str, step: int) -> None:
    opens = edges.next_opens(x, length, zone)
    for t in (opens, opens + step, opens + step * 20 * MINUTE):
        assert (x < edges.next_limit(t, length, zone)) == (t >= opens)


def test_x14_within_next_days_ends_with_the_day_before_today_plus_n() -> None:
    now = at("2024-05-01T15:00", "Asia/Tokyo")
    assert show(edges.next_limit(now, Duration(2, Unit.DAYS), "Asia/Tokyo"), "Asia/Tokyo") == "2024-05-03T00:00"
    assert edges.date_next_limit(now, Duration(2, Unit.DAYS), "Asia/Tokyo") == "2024-05-03"


def test_x14_within_next_hours_includes_the_last_instant() -> None:
    t = us("2024-05-01T10:00")
    assert edges.next_limit(t, Duration(2, Unit.HOURS), "UTC") == us("2024-05-01T12:00") + 1


@given(instants, instants, day_lengths, zones)
def test_x14_dates_by_brute_force(value: int, now: int, length: Duration, zone: str) -> None:
    day, today = local_day(value, zone), local_day(now, zone)
    gone = add_days(day, length) <= today
    assert (
        gone == (edges.date_expires(day, length, zone) <= now) == (iso_date(day) <= edges.date_cut(now, length, zone))
    )
    coming = day < add_days(today, length)
    assert coming == (edges.date_next_opens(day, length, zone) <= now)
    assert coming == (iso_date(day) < edges.date_next_limit(now, length, zone))
    assert (today > day) == (edges.date_next_closes(day, zone) <= now)


@given(instants, instants, lengths, zones)
def test_x14_dates_in_any_unit_turn_where_they_say(value: int, now: int, length: Duration, zone: str) -> None:
    day = iso_date(local_day(value, zone))
    assert (edges.date_expires(day, length, zone) <= now) == (day <= edges.date_cut(now, length, zone))
    assert (edges.date_next_opens(day, length, zone) <= now) == (day < edges.date_next_limit(now, length, zone))


@given(instants, instants, lengths, zones)
def test_every_edge_is_monotone(a: int, b: int, length: Duration, zone: str) -> None:
    first, second = sorted((a, b))
    for edge in (edges.expires, edges.cut, edges.next_limit, edges.next_opens):
        assert edge(first, length, zone) <= edge(second, length, zone)
    for edge in (edges.date_cut, edges.date_next_limit):
        assert edge(first, length, zone) <= edge(second, length, zone)
    days = local_day(first, zone), local_day(second, zone)
    for edge in (edges.date_expires, edges.date_next_opens):
        assert edge(days[0], length, zone) <= edge(days[1], length, zone)


def test_lengths_beyond_the_calendar_are_no_error() -> None:
    t = us("2024-05-01")
    for unit in (Unit.DAYS, Unit.MONTHS, Unit.YEARS):
        assert edges.expires(t, Duration(9_999_999, unit), "UTC") > t > edges.cut(t, Duration(9_999_999, unit), "UTC")
    assert to_date(local_day(edges.cut(t, Duration(9_999, Unit.YEARS), "UTC"), "UTC")).year == 2
