"""`wait until DATE - D` (X13, X17; domain W14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from dsl.program.conditions import Duration, Unit
from tests.runtime.engine.dates import add
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld
from tests.runtime.engine.oracle.clocks import clock, micros

SEEN = SCHEMA.replace("renewal: {type: date}", "renewal: {type: date}\n      seen: {type: datetime}")
MOVED = """workflow w of contact { when: manually  wait until WHEN else { set visits = 9  exit "no" }
    set visits = 1 }"""


@pytest.mark.parametrize(
    ("when", "renewal", "on"),
    [
        ("renewal - 1 day", "2026-03-10", "03-09 00:00"),
        ("renewal - 1 day at 9:00", "2026-03-10", "03-09 09:00"),
        ("renewal + 2 weeks at 09:00", "2026-03-10", "03-24 09:00"),
        ("renewal - 1 month at 09:00", "2026-04-30", "03-30 09:00"),
        ("renewal + 1 month at 09:00", "2026-02-28", "03-28 09:00"),
        ("renewal - 1 month", "2026-05-31", "04-30 00:00"),
        ("renewal - 2 hours", "2026-03-10", "03-09 22:00"),
        ("renewal + 3 business days at 09:00", "2026-03-06", "03-11 09:00"),
        ("renewal - 3 business days at 09:00", "2026-03-15", "03-11 09:00"),
        ("renewal - 1 business day at 09:00", "2026-03-16", "03-13 09:00"),
        # Warsaw has no 02:30 on 29 March, and two of them on 25 October.
        ("renewal - 1 day at 02:30", "2026-03-30", "03-29 03:30"),
        ("renewal + 1 day at 02:30", "2026-10-24", "10-25 02:30"),
    ],
)
def test_x17_a_date_is_moved_on_the_clock_of_the_enrollment(
    worlds: MakeWorld, when: str, renewal: str, on: str
) -> None:
    w = worlds(MOVED.replace("WHEN", when)).contact("ann", renewal=renewal)
    w.enroll("ann", "workflow w", at="03-03 12:00").run_to("11-01 00:00")
    assert (w.steps("ann")[1], w.value("ann", "visits")) == ((on, "wait", None, "happened"), 1)


def test_x17_a_moved_date_that_is_past_or_missing_takes_else(worlds: MakeWorld) -> None:
    """The moment counts, not the date: the day before tomorrow has begun."""
    w = worlds(MOVED.replace("WHEN", "renewal - 1 day at 09:00"))
    for name, renewal in (("ann", "2026-03-04"), ("bob", None), ("cy", "2026-03-05")):
        w.contact(name, renewal=renewal).enroll(name, "workflow w", at="03-03 12:00")
    w.run_to("03-06 00:00")
    assert [w.steps(n)[1] for n in ("ann", "bob", "cy")] == [
        ("03-03 12:00", "wait", None, "timeout"),
        ("03-03 12:00", "wait", None, "timeout"),
        ("03-04 09:00", "wait", None, "happened"),
    ]


def test_x17_a_moved_date_that_changes_is_planned_anew(worlds: MakeWorld) -> None:
    """The next purchase a month before it is due: whoever buys meanwhile is waited for anew."""
    w = worlds(
        "workflow w of contact { when: purchased  wait until last(purchased).at + 5 months at 09:00 else {}"
        "  set visits = 1 }"
    )
    for name in ("ann", "bob"):
        w.contact(name).event(name, "purchased", at="2026-03-31 10:00")
    w.run_to("06-01 00:00").event("bob", "purchased", at="06-30 23:30").run_to("12-31 00:00")
    assert [w.steps(n)[1][0] for n in ("ann", "bob")] == ["08-31 09:00", "11-30 09:00"]


LENGTHS = [
    Duration(-1, Unit.MONTHS),
    Duration(1, Unit.MONTHS),
    Duration(-1, Unit.DAYS),
    Duration(2, Unit.DAYS),
    Duration(-3, Unit.BUSINESS_DAYS),
    Duration(4, Unit.BUSINESS_DAYS),
    Duration(-30, Unit.HOURS),
]


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "Australia/Lord_Howe"])
@pytest.mark.parametrize("length", LENGTHS, ids=lambda d: f"{d.n}_{d.unit}")
def test_x17_moved_instants_are_what_plain_python_finds(worlds: MakeWorld, zone: str, length: Duration) -> None:
    """Many at once, around both nights on which the clock is put forward or back (30 minutes at Lord Howe)."""
    hours = length.unit is Unit.HOURS
    moved = f"{'-' if length.n < 0 else '+'} {abs(length.n)} {length.unit.replace('_', ' ')}"
    rules = f'workflow w of contact {{ when: manually  wait until seen {moved} else {{ exit "past" }} }}'
    if not hours:
        rules += f'workflow v of contact {{ when: manually  wait until seen {moved} at 02:15 else {{ exit "past" }} }}'
    w = worlds(rules, schema=SEEN, project=PROJECT.replace("Europe/Warsaw", zone))
    random, tz = Random(f"{zone} {length}"), ZoneInfo(zone)
    begun, seen = datetime.fromtimestamp(w.now / 1_000_000, UTC), {}
    nights = [date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25), date(2026, 12, 31)]
    for i in range(60):
        day = random.choice(nights) + timedelta(days=random.randint(-4, 4))
        base = day if random.random() < 0.5 or hours else back(day, length)
        at = clock(base, random.randrange(0, 24 * 60), tz) + timedelta(hours=random.choice([0, 0, 1]))
        seen[f"c{i}"] = at = max(at, begun + timedelta(days=80))
        w.contact(f"c{i}", seen=micros(at)).enroll(f"c{i}", "workflow w", at="03-02 09:00")
        if not hours:
            w.enroll(f"c{i}", "workflow v", at="03-02 09:00")
    w.run_to("03-02 10:00")
    found = {
        (w.names[contact], name): due
        for contact, name, due in w.sql(
            "SELECT e.contact_id, d.name, e.due FROM segue_enrollment e, segue_definition d"
            " WHERE d.id = e.definition_id"
        )
    }
    expected = {(name, "w"): micros(shifted(at, length, None, tz)) for name, at in seen.items()}
    if not hours:
        expected |= {(name, "v"): micros(shifted(at, length, 135, tz)) for name, at in seen.items()}
    assert found == expected


def back(day: date, length: Duration) -> date:
    return by_days(day, Duration(-length.n, length.unit))


def shifted(at: datetime, length: Duration, minute: int | None, zone: ZoneInfo) -> datetime:
    if length.unit is Unit.HOURS:
        return at + timedelta(hours=length.n)
    local = at.astimezone(zone)
    return clock(by_days(local.date(), length), local.hour * 60 + local.minute if minute is None else minute, zone)


def by_days(day: date, length: Duration) -> date:
    if length.unit is not Unit.BUSINESS_DAYS:
        return add(day, length)
    left = abs(length.n)
    while left:
        day += timedelta(days=1 if length.n > 0 else -1)
        left -= day.weekday() < 5
    return day
