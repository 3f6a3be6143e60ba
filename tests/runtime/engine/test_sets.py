"""Work is done on sets, and costs what changes: no timed test, but counts of statements, of the database's own steps,
and its plans. A contact is only looked at when something about it changed or is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store import inbox
from runtime.store.session import Row, Session
from runtime.store.statistics import analyse
from runtime.store.store import Store
from runtime.times.zones import DAY, HOUR, MINUTE, parse_local
from tests.runtime.engine.harness import PROJECT, compiled

START = parse_local("2026-03-02T09:00", "Europe/Warsaw")
LIVELY = 300  # people to whom something happens; the others are just there
RULES = """
segment paying of contact { plan = paid and lifecycle_stage != other }
segment fresh of contact { created_at within 1 hour }
segment looking of contact { has viewed_page within 2 days and not in segment paying }
segment keen of contact { has viewed_page(path starts with "/p") at least 2 times within 2 days or any deal (won) }
segment renewing of contact { renewal within next 3 days and renewal is known }
segment often of contact { count(viewed_page within 2 days) > visits or last(viewed_page).path = "/p1" }
segment lately of contact { last(viewed_page).at between 2 days ago and 1 day ago or last_activity_at in last week }
segment after of contact { has viewed_page(path = "/p1") since first(viewed_page(path = "/p0")) }
segment once of contact { was ever in segment looking and plan was ever trial and was ever in workflow short }
segment moved of contact { plan changed within 2 days or count(deal (won)) > visits or tags contains any [a, b] }
score heat of contact {
  give 5 when viewed_page(path = "/p1"), at most 20 per week
  take 2 when in segment paying
  decay: half every 2 days
}
score steady of contact { give 3 when viewed_page  take 1 when purchased  expire: after 4 days }
segment hot of contact { score(heat) >= 4 or score(steady) > visits }
segment cooled of contact { score(heat) fell by 2 within 2 days or score(steady) rose by 3 within 1 day }
segment periods of contact { (renewal in this week and renewal >= 3 days ago) or email matches "^c[0-9]+@" }
sequence long of contact {
  when: manually  sender: rep  window: 09:00-17:00  tasks_at: 08:00  exclusive: false
  goal: plan = paid  stop_when: any deal (won)  suppress: in segment keen  stop_company_on: replied
  send intro
  wait until viewed_page up to 1 day else { task call "Call {{ contact.full_name }}" without waiting }
  if visits > 3 { notify rep "{{ contact.full_name }} came" } else { set visits = 4 }
  enroll in workflow short
  wait until in segment renewing up to 2 days
  task todo "Look"
}
sequence dynamic of contact {
  when: in segment looking  sender: rep  priority: 3  grace: 1 business day
  automated { send case  wait 1 business day  send last }
  rep_led when clicked_email or opened_email { task call "Now"  wait 4 hours  send intro as task }
}
workflow short of contact { when: manually  set plan = trial  unenroll from sequence dynamic }
workflow seen of contact {
  when: viewed_page(path = "/p0")  again: after 1 hour
  set company.industry = "seen"
  send receipt
}
workflow made of contact {
  when: viewed_page(path = "/p1")
  create ticket { subject = "{{ contact.full_name }}" worth = last(purchased).amount } as help
  link help to contact
  assign help.owner round_robin team desk
  log note "{{ help.subject }}"
  if help.owner = rep { set visits = count(ticket) }
  wait until help.stage = closed up to 1 hour
  unlink contact from help
  send receipt to every company.contact (visits >= 0)
}
workflow helped of ticket { when: created  add 1 EUR to worth }
workflow turned of contact { when: plan becomes trial  wait 20 minutes  if in sequence long { exit "inside" } }
sequence idle of contact { when: manually  sender: rep  exclusive: false  wait 300 days  send intro }
"""
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)"
BIG = re.compile(
    r'(?:FROM|JOIN|UPDATE|INTO)\s+"?(segue_enrollment|segue_step|segue_activity|segue_membership|segue_consent'
    r'|segue_property_history|segue_award|segue_fading|segue_task|segue_outbox|contact|segue_created|company|deal|ticket|note|event_\w+|link_\w+)"?(?:\s+(?:AS\s+)?(\w+))?'
)
ALIAS = re.compile(r"^(?:SCAN|BLOOM FILTER ON) (\S+)(?: USING (?:COVERING )?INDEX (\S+))?")
# They hold only what has not left yet, and the few whose outcome nobody knows.
SMALL_INDEXES = {"segue_outbox_open", "segue_outbox_unknown"}


class Crowd:
    """`people` contacts, all inside `idle`; only the first LIVELY of them ever do anything."""

    def __init__(self, people: int) -> None:
        program = compiled(RULES, project=PROJECT + "teams: {desk: [rep, amy]}\n")
        self.store = Store.memory(program.schema)
        self.engine = Engine(self.store, program, MemoryChannel())
        self.session = self.engine.session
        with self.session.transaction():
            self._people(people)
        self.engine.go_live(START, confirmed=frozenset({"dynamic"}))
        with self.session.transaction():
            self._inside(people)

    def close(self) -> None:
        self.engine.close()
        self.store.close()

    def _people(self, people: int) -> None:
        self.session.run(
            "INSERT INTO contact (bucket, id, external_id, created_at, email, email__n, visits, lifecycle_stage)"
            f" {NUMBERS} SELECT n % 256, n, 'c' || n, :t, 'c' || n || '@x.example', 'c' || n || '@x.example', n"
            f" % 7, 'lead'"
            " FROM numbers",
            people=people,
            t=START - 400 * DAY,
        )
        self.session.run(
            f"INSERT INTO company (bucket, id, external_id, created_at, name, name__n) {NUMBERS}"
            " SELECT n % 256, n, 'o' || n, :t, 'o' || n, 'o' || n FROM numbers",
            people=people,
            t=START - 400 * DAY,
        )
        for a, b in (("contact_company", "n % 256, n, n % 256, n"), ("company_contact", "n % 256, n, n % 256, n")):
            self.session.run(
                f"INSERT INTO link_{a} (bucket, id, to_bucket, to_id, at) {NUMBERS} SELECT {b}, 0 FROM numbers",
                people=people,
            )

    def _inside(self, people: int) -> None:
        live = next(d for d in self.engine.rules.live if d.definition.name == "idle")
        self.session.run(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status, block, due,"
            f" waited, ordinal, enrolled_at, entered_at, by_hand, sender, zone, person_zone) {NUMBERS}"
            " SELECT n % 256, n, n, :d, :v, 1, 'active', 1, :due, TRUE, 1, :t, :t, FALSE, 'rep', 'UTC', 'UTC'"
            " FROM numbers",
            people=people, d=live.id, v=live.version_id, due=START + 300 * DAY, t=START - DAY,
        )  # fmt: skip

    def live_through(self, lively: int = LIVELY, days: int = 6) -> None:
        """What the lively ones do, and the days it takes to see all of it through."""
        self._put(row for n in range(1, lively + 1) for row in _acts(n))
        self.engine.run(START + DAY)
        self._put(self._engaged())
        self.engine.run(START + 2 * DAY)
        self._put(self._worked())
        self.engine.run(START + days * DAY)

    def _put(self, rows: Iterator[inbox.InboxRow]) -> None:
        """In a session of its own: what the world does is no part of what is measured."""
        known = [row._replace(received_at=row.at) for row in rows]
        with self.store.session() as world, world.transaction():
            inbox.put(world, known)

    def _read(self, sql: str) -> list[Row]:
        with self.store.session() as world:
            return world.run(sql)

    def _engaged(self) -> Iterator[inbox.InboxRow]:
        """Every second automated mail is opened."""
        sent = "SELECT contact_id, enrollment_id, ordinal FROM segue_outbox WHERE automated AND contact_id % 4 = 0"
        for contact, enrollment, ordinal in self._read(sent):
            of = {"enrollment": enrollment, "ordinal": ordinal}
            at = START + DAY + HOUR
            yield inbox.event_row("opened_email", contact, f"open {contact}", of, at=at, class_="human")

    def _worked(self) -> Iterator[inbox.InboxRow]:
        """Every task there is by now is done."""
        for contact, enrollment, ordinal in self._read("SELECT contact_id, enrollment_id, ordinal FROM segue_task"):
            of = {"enrollment": enrollment, "ordinal": ordinal, "state": "done"}
            yield inbox.command_row("task", "contact", contact, None, at=START + 2 * DAY + HOUR, **of)


def _acts(n: int) -> Iterator[inbox.InboxRow]:
    t = START + 10 * MINUTE
    yield inbox.command_row("enroll", "contact", n, "sequence long", at=t, by="rep", hand=True)
    if n % 2 == 0:
        for i in range(2):
            path = {"path": f"/p{i}", "path__n": f"/p{i}"}
            yield inbox.event_row("viewed_page", n, f"{n}/{i}", path, at=t + (i + n % 3) * HOUR)
    if n % 5 == 0:
        yield inbox.event_row("replied", n, f"r{n}", {}, at=t + 30 * HOUR)
    if n % 3 == 0:
        yield inbox.set_row("contact", n, "renewal", "2026-03-07", at=t + HOUR)
        yield inbox.set_row("contact", n, "plan", "paid", at=t + 50 * HOUR)
    if n % 7 == 0:
        deal = {"name": "d", "name__n": "d", "pipeline": "sales", "stage": "won"}
        yield inbox.record_row("deal", f"d{n}", deal, at=t + 40 * HOUR)
        yield inbox.link_row("contact", n, "deal", inbox.record_id("deal", f"d{n}"), at=t + 40 * HOUR)
        yield inbox.command_row("pause", "contact", n, "sequence long", at=t + 20 * HOUR, by="rep")
        yield inbox.command_row("resume", "contact", n, "sequence long", at=t + 26 * HOUR, by="rep")


@pytest.fixture(scope="module")
def crowds() -> Iterator[dict[int, Crowd]]:
    made = {people: Crowd(people) for people in (LIVELY, 20 * LIVELY)}
    yield made
    for one in made.values():
        one.close()


@contextmanager
def heard(session: Session) -> Iterator[dict[str, int]]:
    """The statements run inside, each with the steps of the database's own machine that it took."""
    raw, steps, statements = session.connection.connection.driver_connection, [0], {}
    ask = session._asked

    def count() -> int:
        steps[0] += 1
        return 0

    def asked(raw_: object, sql: str, values: object) -> object:
        before = steps[0]
        cursor = ask(raw_, sql, values)
        statements[sql] = statements.get(sql, 0) + steps[0] - before
        return cursor

    assert raw is not None
    raw.set_progress_handler(count, 1)
    session._asked = asked
    try:
        yield statements
    finally:
        raw.set_progress_handler(None, 1)
        session._asked = ask


def walked(session: Session, sql: str) -> list[str]:
    """The big tables that SQLite would read from end to end for this statement."""
    if not sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
        return []
    names = {alias or table: table for table, alias in BIG.findall(sql)} | {t: t for t, _ in BIG.findall(sql)}
    values = dict.fromkeys(re.findall(r":(\w+)", sql))
    found = []
    for row in session.bound(f"EXPLAIN QUERY PLAN {sql}", values):
        scan = ALIAS.match(row[3])
        if scan and scan[1] in names and scan[2] not in SMALL_INDEXES:
            found.append(f"{names[scan[1]]}: {row[3]}")
    return found


def test_a_tick_walks_no_big_table(crowds: dict[int, Crowd]) -> None:
    """...and takes the same steps however many people nothing happens to."""
    cost, plans = {}, {}
    for people, crowd in crowds.items():
        with heard(crowd.session) as statements:
            crowd.live_through()
        cost[people] = statements
        plans = {sql: found for sql in statements if (found := walked(crowd.session, sql))}
    assert not plans, "\n\n".join(f"{', '.join(found)}\n{sql}" for sql, found in plans.items())
    few, many = cost.values()
    assert few.keys() == many.keys()
    dearer = {sql: (few[sql], many[sql]) for sql in few if many[sql] > 1.2 * few[sql] + 500}
    assert not dearer, "\n\n".join(f"{steps}\n{sql}" for sql, steps in dearer.items())


def counted_as_large(session: Session) -> None:
    """What the planner would know of a store with 200,000 rows in each big table: less than the million that it takes a
    table to have which it has not counted, like those a pass works in."""
    analyse(session)
    for table, index, stat in session.run("SELECT tbl, idx, stat FROM main.sqlite_stat1"):
        if BIG.match(f"FROM {table}") and index not in SMALL_INDEXES:
            stat = " ".join(("200000", *stat.split()[1:]))
            session.run("UPDATE main.sqlite_stat1 SET stat = :s WHERE tbl = :t AND idx IS :i", s=stat, t=table, i=index)
    session.run("ANALYZE main.sqlite_schema")  # read them again


def test_a_tick_walks_no_big_table_of_a_store_that_was_counted() -> None:
    """After an import the planner knows how large the tables are."""
    crowd = Crowd(LIVELY)
    with heard(crowd.session) as statements:
        crowd.live_through()
    counted_as_large(crowd.session)
    plans = {sql: found for sql in statements if (found := walked(crowd.session, sql))}
    crowd.close()
    assert not plans, "\n\n".join(f"{', '.join(found)}\n{sql}" for sql, found in plans.items())


def test_everything_was_seen() -> None:
    """The crowd goes through every kind of step, so that the plans above are those of all of them."""
    crowd = Crowd(LIVELY)
    crowd.live_through()
    session = crowd.session
    kinds = {row[0] for row in session.run("SELECT DISTINCT what FROM segue_step")}
    assert kinds >= {
        "entered",
        "send",
        "task",
        "notify",
        "set",
        "enroll",
        "unenroll",
        "wait",
        "branch",
        "switch",
        "create",
        "link",
        "unlink",
        "assign",
        "note",
        "ended",
    }
    reasons = {row[0] for row in session.run("SELECT DISTINCT reason FROM segue_enrollment")}
    crowd.close()
    assert reasons >= {"goal", "reply", "stop_when", "suppressed"}


@pytest.mark.parametrize("days", [6])
def test_as_many_statements_for_ten_times_as_many_people(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """...but for mail, which leaves in slices: here all of it in one."""
    monkeypatch.setattr("runtime.engine.sending.dispatch.FIRST", 20_000)
    monkeypatch.setattr("runtime.engine.sending.dispatch.SLICE", 20_000)
    counts = [_statements(lively, days) for lively in (1_000, 10_000)]
    assert counts[0] == counts[1]


def test_a_slice_of_mail_costs_the_same_statements_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for size in (300, 100, 60):
        monkeypatch.setattr("runtime.engine.sending.dispatch.FIRST", size)
        monkeypatch.setattr("runtime.engine.sending.dispatch.SLICE", size)
        counts.append(_statements(300, 1))
    one, three, five = counts
    assert five - three == three - one > 0


def _statements(lively: int, days: int) -> int:
    crowd = Crowd(lively)
    before = crowd.session.statements
    crowd.live_through(lively, days)
    crowd.close()
    return crowd.session.statements - before


def test_a_full_walk_would_be_noticed(crowds: dict[int, Crowd]) -> None:
    session = next(iter(crowds.values())).session
    assert walked(session, "SELECT count(*) FROM contact c WHERE c.visits = 3") == ["contact: SCAN c"]
    assert walked(session, "UPDATE segue_enrollment AS e SET block = 1 WHERE e.block = 2")
    assert not walked(session, "SELECT 1 FROM contact c WHERE c.bucket = 1 AND c.id = 1")
