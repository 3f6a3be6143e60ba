"""Random reports over random tickets: what the databases find is what plain Python finds, to the last figure (P14)."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from runtime.reports import Reports
from runtime.store.session import Session
from tests.runtime.engine.harness import compiled
from tests.runtime.reports import oracle
from tests.runtime.reports.conftest import Open
from tests.runtime.reports.oracle import Asked, Ticket

DAY = 86_400_000_000
HOUR = DAY // 24
# Warsaw's clock jumps at 01:00 UTC on 29 March and 25 October 2026; a year ends; time before 1970; far away.
EDGES = (1_774_746_000_000_000, 1_792_890_000_000_000, 1_798_758_000_000_000, -DAY * 400, 0, 4_102_444_800_000_000)
NOW = 1_798_800_000_000_000


def random_ticket(random: Random) -> Ticket:
    number = random.choice((random.randrange(-(10**17), 10**17), Decimal(random.randrange(-(10**6), 10**6)) / 1000, 7))
    amount = random.choice((random.randrange(-(2**62), 2**62), random.randrange(-300, 30_000), 2**62))
    return {
        "owner": random.choice((None, "rep", "amy")),
        "kind": random.choice((None, "mail", "Mail", "電話")),
        "priority": random.choice(oracle.PRIORITIES),
        "until": random.choice((None, "2025-12-31", "2026-01-01", "2026-03-29", "2028-02-29")),
        "seen": random.choice((None, _moment(random))),
        "level": random.choice((None, number)),
        "worth": random.choice((None, amount)),
        "created_at": _moment(random),
    }


def _moment(random: Random) -> int:
    edges = EDGES[:3] if random.random() < 0.8 else EDGES
    return random.choice(edges) + random.choice((-HOUR, -1, 0, 1, HOUR, 2 * HOUR, -3 * DAY, 40 * DAY))


def random_report(random: Random) -> Asked:
    groups = [*oracle.PROPERTIES, *(f"{per}({name})" for per in oracle.PERIODS for name in oracle.TIMES)]
    figures = ["count", *(f"{function}({name})" for function in oracle.FUNCTIONS for name in oracle.NUMBERS)]
    by = random.sample(groups, random.randrange(4))
    measures = random.sample(figures, random.randrange(1, 4))
    return Asked(
        random.choice((None, *oracle.WHERE)),
        tuple(by),
        tuple(measures),
        random.choice((None, (random.choice(by + measures), random.random() < 0.5))),
        random.choice((None, random.randrange(1, 7))) if by else None,
        random.choice((None, (random.randrange(1, 500), random.choice(oracle.PERIODS)))),
    )


def text_of(asked: Asked) -> str:
    parts = [f"measure: {', '.join(asked.measures)}"]
    if asked.where:
        parts.append(f"where: {asked.where}")
    if asked.by:
        parts.append(f"by: {', '.join(asked.by)}")
    if asked.sort:
        parts.append(f"sort: {asked.sort[0]} {'descending' if asked.sort[1] else 'ascending'}")
    if asked.top:
        parts.append(f"top: {asked.top}")
    if asked.target:
        unit = " EUR" if "worth" in asked.measures[0] else ""
        parts.append(f"target: {asked.target[0]}{unit} per {asked.target[1]}")
    return "report r of ticket {\n" + "\n".join(parts) + "\n}"


@pytest.fixture
def session(opened: Open) -> Session:
    return opened(compiled("static segment none of contact").schema)


def fill(session: Session, found: list[Ticket]) -> None:
    session.run("DELETE FROM ticket")
    sql = (
        "INSERT INTO ticket (bucket, id, external_id, owner, kind, kind__n, priority, until, seen, level, worth,"
        " created_at) VALUES (:bucket, :id, :external_id, :owner, :kind, :kind__n, :priority, :until, :seen, :level,"
        " :worth, :created_at)"
    )
    rows = []
    for i, ticket in enumerate(found):
        level, kind = ticket["level"], ticket["kind"]
        number = float(level) if isinstance(level, Decimal) else level
        twin = {"kind__n": str(kind).casefold() if kind else None, "level": number}
        rows.append({**ticket, **twin, "bucket": i % 256, "id": i, "external_id": str(i)})
    session.many(sql, rows)


@pytest.mark.parametrize("seed", range(6))
def test_p14_a_report_is_what_plain_python_finds(session: Session, seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        tickets = [random_ticket(random) for _ in range(random.randrange(30))]
        fill(session, tickets)
        asked = random_report(random)
        result = Reports(session, compiled(text_of(asked)), NOW).run("r")
        found = [(row.keys, tuple(cell.value for cell in row.cells)) for row in result.rows]
        assert found == oracle.rows(asked, tickets), text_of(asked)
        progress = [(one.period, one.cell.value) for one in result.progress]
        assert progress == oracle.progress(asked, tickets), text_of(asked)
