"""Random histories of a small CRM: late, early, out of order, delivered twice, before their record existed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.runtime.engine.conditions import CLASSED, segments
from tests.runtime.engine.crm import MINUTE, UTC, Fact
from tests.runtime.engine.dates import Moment

# Zone -> local days around which something odd happens to its clock.
ZONES = {
    "UTC": ["2026-02-26", "2026-12-29"],
    "Asia/Tokyo": ["2024-02-27", "2026-03-30"],
    "America/Sao_Paulo": ["2018-11-02", "2018-02-16"],  # no midnight; midnight twice
    "Pacific/Apia": ["2011-12-28"],  # no 30 December at all
    "Australia/Lord_Howe": ["2026-04-03", "2026-10-02"],  # half an hour
    "Africa/Cairo": ["2024-04-24", "2024-10-30"],
    "Asia/Beirut": ["2026-03-27", "2026-10-23"],
}
DAYS = 7
PEOPLE, COMPANIES, DEALS = ("ann", "bob", "cid"), ("acme", "bolt"), ("d1", "d2")
NAMES = {"contact": PEOPLE, "company": COMPANIES, "deal": DEALS}


def facts(rng: Random, start: Moment, zone: str) -> list[Fact]:
    """What happens to a few people, companies and deals, before the start and for DAYS after it, on full hours; a part
    of it comes late, and some is known before it happens."""
    found = [*beginnings(rng, start)]
    for _ in range(rng.randint(8, 45)):
        found.append(fact(rng, start, zone))
    unique: dict[object, Fact] = {}
    for f in found:  # two writes of one value at one instant have no order outside
        what = {"unlink": "link", "unenroll": "enroll", "record": "set"}.get(f.what, f.what)
        unique.setdefault((what, f.object, f.name, f.value[0] if what != "set" else None, f.at), f)
    kept = list(unique.values())
    for f in list(kept):
        if f.what == "event" and rng.randint(0, 9) == 0:  # delivered again
            kept.append(Fact(f.at, f.what, f.object, f.name, f.value, f.seen + timedelta(hours=rng.randint(0, 30))))
    return kept


_HAPPEN = ["purchased", "purchased", "viewed_page", "viewed_page", "downloaded", "clicked_email", "opened_email"]


def _hour(start: Moment, hours: int) -> Moment:
    return start + timedelta(hours=hours)


# Most of what happens lies in the days looked at; months and years reach back.
_SPANS = [(1, DAYS * 24 - 1)] * 4 + [(-72, 0), (-33 * 24, -27 * 24), (-367 * 24, -363 * 24)]


def hour(rng: Random) -> int:
    return rng.randint(*rng.choice(_SPANS))


def beginnings(rng: Random, start: Moment) -> list[Fact]:
    """Each record has a beginning, some in parts."""
    found = []
    for of, names in NAMES.items():
        for name in names:
            at = _hour(start, hour(rng))
            seen = _seen(rng, start, at)
            value: dict[str, object] = {"name": name} if of != "contact" else {"first_name": name}
            if of == "deal":
                value |= {"pipeline": "sales", "stage": rng.choice(["appointment", "won"])}
            if of == "contact" and rng.random() < 0.5:
                value |= {"plan": rng.choice(["free", "trial"])}
            found.append(Fact(at, "record", of, name, (value,), seen))
            if rng.randint(0, 3) == 0 and of == "contact":
                more = {"plan": "paid", "visits": rng.randint(0, 3)}
                found.append(Fact(at + timedelta(hours=rng.randint(1, 50)), "record", of, name, (more,), seen))
    return found


def _seen(rng: Random, start: Moment, at: Moment) -> Moment:
    """One in six is late, up to two days; some are told before they happen."""
    roll = rng.randint(0, 11)
    late = rng.choice([1, 5, 20, 47]) if roll < 2 else 0
    early = rng.choice([24, 100]) if roll == 11 else 0
    return max(start, at + timedelta(hours=late - early) - MINUTE)


def fact(rng: Random, start: Moment, zone: str) -> Fact:
    at = _hour(start, hour(rng))
    who = rng.choice(PEOPLE)
    seen = _seen(rng, start, at)
    what = rng.randint(-5, 15)
    if what < 7:
        kind = rng.choice(_HAPPEN)
        fields: dict[str, object] = {}
        if kind == "purchased":
            fields = {"amount": rng.choice([-300, 100, 400, 900])}
        elif kind == "viewed_page":
            fields = {"path": rng.choice(["/p", "/P/x", "/q"])}
        class_ = rng.choice(["human", "human", "machine"]) if kind in CLASSED else "human"
        return Fact(at, "event", "contact", who, (kind, 0, fields, class_), seen)
    if what < 11:
        day = (at.astimezone(ZoneInfo(zone)).date() + timedelta(days=rng.randint(-3, 5))).isoformat()
        name, value = rng.choice(
            [
                ("plan", rng.choice(["free", "trial", "paid", None])),
                ("visits", rng.randint(0, 4)),
                ("renewal", day),
                ("seen", _hour(at, rng.randint(-60, 60))),
                ("tags", rng.choice([";red;", ";red;blue;", ";green;", None])),
                ("vip", rng.random() < 0.5),
                ("first_name", rng.choice(["Ann", "bob", None])),
            ]
        )
        return Fact(at, "set", "contact", who, (name, value), seen)
    if what == 11:
        of, one = rng.choice([("company", "acme"), ("company", "bolt"), ("deal", "d1"), ("deal", "d2")])
        until = (at.astimezone(ZoneInfo(zone)).date() + timedelta(days=rng.randint(-3, 5))).isoformat()
        given = {
            "company": [("tier", rng.choice(["small", "large"])), ("until", until)],
            "deal": [("stage", rng.choice(["won", "lost"])), ("amount", 600), ("close_on", until)],
        }
        return Fact(at, "set", of, one, rng.choice(given[of]), seen)
    if what < 14:
        ends = [("contact", who, "company", COMPANIES), ("contact", who, "deal", DEALS),
                ("company", rng.choice(COMPANIES), "deal", DEALS),
                ("company", rng.choice(COMPANIES), "contact", PEOPLE)]  # fmt: skip
        of, one, association, others = rng.choice(ends)
        cut = rng.randint(0, 3) == 0
        return Fact(at, "unlink" if cut else "link", of, one, (association, rng.choice(others)), seen)
    if what == 14:
        state = rng.choice(["opted_in", "opted_out"])
        return Fact(at, "consent", "contact", who, ("news", state), seen)
    command = rng.choice(["enroll", "unenroll"])
    at = max(at, _hour(start, 1))
    return Fact(at, command, "contact", who, (("workflow", "work"),), start)


def case(rng: Random) -> tuple[tuple[str, ...], str, Moment, list[Fact]]:
    """Segments, zone, start and facts."""
    zone = rng.choice(list(ZONES))
    day = date.fromisoformat(rng.choice(ZONES[zone]))
    start = datetime(day.year, day.month, day.day, rng.randint(0, 23), tzinfo=UTC)
    return segments(rng), zone, start, facts(rng, start, zone)
