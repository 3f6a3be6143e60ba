"""G18-G20, X35: what a score is worth, by hand-made logs and by made-up ones."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.conditions import Compare, Const, Duration, EventMatch, Field, Unit
from dsl.program.others import Score, ScoreRule
from dsl.schema.model import Kind, Type
from runtime.scores import Holding, Occurrence, awards, fell, rose, worth
from runtime.scores.awards import period_start
from runtime.times.zones import epoch_day, to_date

ZONE = "Europe/Warsaw"
_NUMBER = Type(Kind.NUMBER)
CONDITION = Compare(Field((), "contact", "nps", _NUMBER), ">", Const(3, _NUMBER))


def at(text: str, zone: str = ZONE) -> int:
    """An instant by the clock on the wall."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp()) * 1_000_000


def score(*rules: ScoreRule, **settings: object) -> Score:
    return Score("s", "", "contact", rules, **settings)


def clicks(points: float, cap: float | None = None, per: str | None = None) -> ScoreRule:
    return ScoreRule(points, EventMatch("clicked_email"), None, cap, per)


def while_held(points: float) -> ScoreRule:
    return ScoreRule(points, None, CONDITION)


def log(*moments: str, rule: int = 0) -> list[Occurrence]:
    return [(rule, at(moment)) for moment in moments]


THIRTY_DAYS = Duration(30, Unit.DAYS)


# --- points ---


def test_g19_each_occurrence_gives_its_points() -> None:
    events = [*log("2026-03-02 09:00", "2026-03-02 09:00"), *log("2026-03-03 09:00", rule=1)]
    assert worth(score(clicks(5), clicks(-2)), events, [], at("2026-03-04"), ZONE) == 8


def test_x2_what_is_later_is_not_seen_and_the_instant_itself_is() -> None:
    events = log("2026-03-02 09:00", "2026-03-02 10:00")
    assert worth(score(clicks(5)), events, [], at("2026-03-02 09:59:59"), ZONE) == 5
    assert worth(score(clicks(5)), events, [], at("2026-03-02 10:00"), ZONE) == 10


def test_x35_missing_until_an_event_rule_fires() -> None:
    held: list[Holding] = [(1, at("2026-01-01"), None)]
    both = score(clicks(5), while_held(10))
    assert worth(both, log("2026-03-02 09:00"), held, at("2026-03-02 08:59"), ZONE) is None
    assert worth(both, log("2026-03-02 09:00"), held, at("2026-03-02 09:00"), ZONE) == 15


def test_x35_a_score_that_fired_long_ago_is_not_missing() -> None:
    old = score(clicks(5), expires_after=THIRTY_DAYS)
    assert worth(old, log("2020-03-02 09:00"), [], at("2026-03-02"), ZONE) == 0


def test_x35_points_of_a_condition_are_there_while_it_holds() -> None:
    held: list[Holding] = [(1, at("2026-03-03 10:00"), at("2026-03-04 10:00"))]
    mixed = score(clicks(5), while_held(-10), half_every=THIRTY_DAYS)
    events = log("2026-03-02 09:00")
    values = [
        worth(mixed, events, held, at(t), ZONE)
        for t in ("2026-03-02 23:00", "2026-03-03 10:00", "2026-03-04 09:59", "2026-03-04 10:00")
    ]
    assert values == [5, -5.11, -5.23, 4.77]


# --- caps ---


@pytest.mark.parametrize(
    ("per", "full", "next_period"),
    [
        ("day", "2026-03-04 23:59", "2026-03-05 00:00"),
        ("week", "2026-03-08 23:59", "2026-03-09 00:00"),
        ("month", "2026-03-31 23:59", "2026-04-01 00:00"),
        ("year", "2026-12-31 23:59", "2027-01-01 00:00"),
    ],
)
def test_x35_a_cap_is_per_calendar_period_of_the_account(per: str, full: str, next_period: str) -> None:
    capped = score(clicks(5, 10, per))
    start = log("2026-03-04 00:00", "2026-03-04 01:00", "2026-03-04 02:00")
    assert worth(capped, [*start, *log(full)], [], at("2028-01-01"), ZONE) == 10
    assert worth(capped, [*start, *log(next_period)], [], at("2028-01-01"), ZONE) == 15


def test_x13_the_period_is_that_of_the_account_not_of_utc() -> None:
    events = log("2026-03-08 23:30", "2026-03-09 00:30")  # Sunday, Monday; both are Sunday in UTC
    assert worth(score(clicks(5, 5, "week")), events, [], at("2026-04-01"), ZONE) == 10
    assert worth(score(clicks(5, 5, "week")), events, [], at("2026-04-01"), "UTC") == 5


def test_x35_the_occurrence_that_fills_a_period_gives_the_rest() -> None:
    events = log("2026-03-02 09:00", "2026-03-03 09:00", "2026-03-04 09:00", "2026-03-05 09:00")
    given_ = [points for _, points in awards(score(clicks(-7, 20, "week")), events, ZONE)]
    assert given_ == [-7, -7, -6]


def test_x35_each_rule_has_a_cap_of_its_own() -> None:
    events = [*log("2026-03-02 09:00", "2026-03-02 10:00"), *log("2026-03-02 11:00", "2026-03-02 12:00", rule=1)]
    assert worth(score(clicks(5, 5, "day"), clicks(3)), events, [], at("2026-03-03"), ZONE) == 11


def test_x35_the_cap_of_the_score_comes_last_and_from_above() -> None:
    events = [*log(*["2026-03-02 09:00"] * 30), *log("2026-03-02 09:00", rule=1)]
    assert worth(score(clicks(5), clicks(-60), cap=100), events, [], at("2026-03-03"), ZONE) == 90
    assert worth(score(clicks(5), clicks(-40), cap=100), events, [], at("2026-03-03"), ZONE) == 100
    assert worth(score(clicks(-5), cap=100), events[:30], [], at("2026-03-03"), ZONE) == -150


# --- decay and expiry ---


def test_x35_an_award_halves_and_steps_at_midnight_of_the_account() -> None:
    fading = score(clicks(40), half_every=THIRTY_DAYS)
    events = log("2026-03-02 23:00")
    values = [
        worth(fading, events, [], at(t), ZONE)
        for t in ("2026-03-02 23:59:59", "2026-03-03 00:00", "2026-03-03 23:59", "2026-04-01 00:00", "2026-05-01 12:00")
    ]
    assert values == [40, 39.09, 39.09, 20, 10]


def test_x35_weeks_are_seven_days() -> None:
    fading = score(clicks(40), half_every=Duration(2, Unit.WEEKS))
    assert worth(fading, log("2026-03-02 09:00"), [], at("2026-03-16 00:00"), ZONE) == 20


def test_x35_days_are_those_of_the_calendar_where_the_clock_is_turned() -> None:
    fading = score(clicks(40), half_every=Duration(1, Unit.DAYS))
    events = log("2026-03-28 23:30")  # the night that has an hour less
    assert worth(fading, events, [], at("2026-03-29 23:59"), ZONE) == 20
    assert worth(fading, events, [], at("2026-03-30 00:00"), ZONE) == 10


@pytest.mark.parametrize(
    ("length", "last", "gone"),
    [
        (Duration(90, Unit.DAYS), "2026-05-30 23:59:59", "2026-05-31 00:00"),
        (Duration(1, Unit.MONTHS), "2026-04-01 23:59:59", "2026-04-02 00:00"),
    ],
)
def test_g20_points_vanish_after_their_time(length: Duration, last: str, gone: str) -> None:
    short = score(clicks(5), expires_after=length)
    events = log("2026-03-02 15:00")
    assert worth(short, events, [], at(last), ZONE) == 5
    assert worth(short, events, [], at(gone), ZONE) == 0


def test_x35_a_full_period_stays_full_after_its_points_have_vanished() -> None:
    """What an occurrence gave is decided when it happened: its history does not change later."""
    short = score(clicks(5, 5, "year"), expires_after=THIRTY_DAYS)
    assert worth(short, log("2026-01-02 09:00", "2026-06-02 09:00"), [], at("2026-06-03"), ZONE) == 0


# --- fell, rose ---


def test_g18_fell_compares_with_the_start_of_the_window() -> None:
    fading = score(clicks(40), half_every=THIRTY_DAYS)
    events, now = log("2026-03-01 09:00"), at("2026-05-30 18:00")
    # 60 days before the end of May 30 begin at 00:00 of April 1: 31 days after the award, then 90.
    assert worth(fading, events, [], at("2026-04-01"), ZONE) == 19.54
    assert worth(fading, events, [], now, ZONE) == 5
    assert fell(fading, events, [], 14.54, Duration(60, Unit.DAYS), now, ZONE)
    assert not fell(fading, events, [], 14.55, Duration(60, Unit.DAYS), now, ZONE)
    assert not rose(fading, events, [], 0.01, Duration(60, Unit.DAYS), now, ZONE)


def test_g18_hours_roll() -> None:
    held: list[Holding] = [(1, at("2026-03-02 12:00"), None)]
    both = score(clicks(20), while_held(-15))
    events = log("2026-03-01 09:00")
    assert fell(both, events, held, 15, Duration(4, Unit.HOURS), at("2026-03-02 15:59"), ZONE)
    assert not fell(both, events, held, 15, Duration(4, Unit.HOURS), at("2026-03-02 16:00"), ZONE)


def test_g18_who_came_since_then_rose_from_nothing() -> None:
    events, now = log("2026-03-02 09:00"), at("2026-03-10 09:00")
    assert rose(score(clicks(20)), events, [], 20, THIRTY_DAYS, now, ZONE)
    assert not fell(score(clicks(-20)), [], [], 1, THIRTY_DAYS, now, ZONE)
    assert fell(score(clicks(-20)), events, [], 20, THIRTY_DAYS, now, ZONE)


# --- whatever happens ---

INSTANTS = st.integers(at("2025-11-01"), at("2027-02-01"))
ZONES = st.sampled_from(["UTC", ZONE, "America/St_Johns", "Pacific/Apia", "Asia/Tokyo"])
POINTS = st.sampled_from([1, 5, 7.5, -3, -10])


@st.composite
def _rules(draw: st.DrawFn) -> ScoreRule:
    points = draw(POINTS)
    per = draw(st.sampled_from([None, "day", "week", "month", "year"]))
    return clicks(points, draw(st.integers(10, 30)) if per else None, per)


@st.composite
def _scores(draw: st.DrawFn) -> Score:
    rules = draw(st.lists(_rules(), min_size=1, max_size=3))
    fading = draw(st.sampled_from([{}, {"half_every": Duration(7, Unit.DAYS)}, {"expires_after": THIRTY_DAYS}]))
    return score(*rules, cap=draw(st.sampled_from([None, 20, 100])), **fading)


@st.composite
def _logs(draw: st.DrawFn) -> tuple[Score, list[Occurrence]]:
    made = draw(_scores())
    return made, draw(st.lists(st.tuples(st.integers(0, len(made.rules) - 1), INSTANTS), max_size=25))


@given(_logs(), st.randoms(use_true_random=False), INSTANTS, ZONES)
def test_the_order_of_events_does_not_matter(made: tuple[Score, list[Occurrence]], chance, t: int, zone: str) -> None:
    one, events = made
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert worth(one, shuffled, [], t, zone) == worth(one, events, [], t, zone)


@given(_logs(), INSTANTS, ZONES)
def test_what_comes_later_changes_no_past_value(made: tuple[Score, list[Occurrence]], t: int, zone: str) -> None:
    one, events = made
    known = [(rule, moment) for rule, moment in events if moment <= t]
    assert worth(one, known, [], t, zone) == worth(one, events, [], t, zone)


@given(_logs(), INSTANTS, ZONES)
def test_one_more_event_changes_the_awards_of_its_period_alone(
    made: tuple[Score, list[Occurrence]], moment: int, zone: str
) -> None:
    """So a store may keep awards and add to them, and has what a new computation gives."""
    one, events = made
    per = one.rules[0].per
    before, after = awards(one, events, zone), awards(one, [*events, (0, moment)], zone)
    if per is None:
        assert after == sorted([*before, (moment, one.rules[0].points)])
    else:
        assert _outside(before, moment, per, zone) == _outside(after, moment, per, zone)


@given(_logs(), ZONES)
def test_no_rule_gives_more_in_a_period_than_it_may(made: tuple[Score, list[Occurrence]], zone: str) -> None:
    one, events = made
    for number, rule in enumerate(one.rules):
        if rule.cap is None or rule.per is None:
            continue
        totals: dict[int, float] = {}
        for moment, points in awards(one, [event for event in events if event[0] == number], zone):
            period = period_start(_day(moment, zone), rule.per)
            totals[period] = totals.get(period, 0) + abs(points)
        assert all(total <= rule.cap for total in totals.values())


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.sampled_from(["day", "week", "month", "year"]))
def test_periods_hold_their_days(day: date, per: str) -> None:
    start = to_date(period_start(epoch_day(day), per))
    assert start <= day
    same = {
        "day": start == day,
        "week": start.isocalendar()[:2] == day.isocalendar()[:2] and start.weekday() == 0,
        "month": (start.year, start.month, start.day) == (day.year, day.month, 1),
        "year": (start.year, start.month, start.day) == (day.year, 1, 1),
    }
    assert same[per]


def _day(moment: int, zone: str) -> int:
    return epoch_day(datetime.fromtimestamp(moment // 1_000_000, ZoneInfo(zone)).date())


def _outside(given_: list[tuple[int, float]], moment: int, per: str, zone: str) -> list[tuple[int, float]]:
    period = period_start(_day(moment, zone), per)
    return [award for award in given_ if period_start(_day(award[0], zone), per) != period]
