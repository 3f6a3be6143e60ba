"""The figures of the screens, each beside the SQL that a person who knows this store would write for it: without
filters, other people's mail, classes that may be missing, or several versions. Both must come to the same."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dsl.schema.model import Schema
from runtime.metrics import DealFigures, Filters, deal_overview, sequence_rates, step_funnel, template_performance
from runtime.metrics.conversions import conversions
from runtime.metrics.filters import clock
from runtime.pipelines.cards import Which, board
from runtime.reading.definitions import definitions, segments
from runtime.reading.records import count_records
from runtime.reading.tasks import count_tasks
from runtime.reading.ways import goals, ways
from runtime.store.session import Row, Session

ONE = "trial_follow_up"


@dataclass(frozen=True)
class Compared:
    """One figure; each side gives the same numbers in the same form."""

    name: str
    ours: Callable[[Session], object]
    hand: Callable[[Session], object]


def compared(schema: Schema) -> tuple[Compared, ...]:
    return (
        Compared("statuses", _statuses, lambda s: _nested(_by_hand(s, _STATUSES))),
        Compared("sequences", _rates, _rates_by_hand),
        Compared("steps of one sequence", _funnel, _funnel_by_hand),
        Compared("e-mails of one sequence", _templates, _templates_by_hand),
        Compared("deals of sequences", lambda s: _deals(s, schema), _deals_by_hand),
        Compared("goals of workflows", lambda s: dict(goals(s)), lambda s: dict(_by_hand(s, _GOALS))),
        Compared("conversions of workflows", lambda s: _conversions(s, schema), _conversions_by_hand),
        Compared("ways of a workflow", _ways, lambda s: sorted(n for (n,) in _by_hand(s, _WAYS))),
        Compared("members of segments", lambda s: sorted(x.members for x in segments(s)), _members_by_hand),
        Compared("board of tickets", lambda s: _columns(s, schema, "ticket"), lambda s: dict(_by_hand(s, _TICKETS))),
        Compared("board of deals", lambda s: _columns(s, schema, "deal"), lambda s: dict(_by_hand(s, _STAGES))),
        Compared("open tasks", count_tasks, lambda s: s.one("SELECT count(*) FROM segue_task WHERE state = 'open'")),
        Compared("contacts named", lambda s: count_records(s, schema, "contact", "kowal"), lambda s: s.one(_NAMED)),
    )


def measured(session: Session, of: Compared, runs: int) -> dict[str, float]:
    """Milliseconds, the best of some runs in turn: of the processor on SQLite, which works in this process, else of the
    clock. Raises AssertionError where they differ."""
    ours, hand = float("inf"), float("inf")
    for _ in range(runs):
        mine, took = _timed(session, of.ours)
        ours = min(ours, took)
        theirs, took = _timed(session, of.hand)
        hand = min(hand, took)
        assert mine == theirs, f"{of.name}: {mine} is not {theirs}"
    return {"ours": ours, "by hand": hand, "ratio": round(ours / max(hand, 0.01), 2)}


def _timed(session: Session, question: Callable[[Session], object]) -> tuple[object, float]:
    clock_of = time.process_time if session.dialect == "sqlite" else time.perf_counter
    start = clock_of()
    found = question(session)
    return found, round((clock_of() - start) * 1_000, 2)


def _by_hand(session: Session, sql: str, **values: object) -> list[Row]:
    """On PostgreSQL without the marks that keep SQLite from an index: its planner goes by its own figures."""
    plain = sql if session.dialect == "sqlite" else re.sub(r"(e\.)?bucket >= 0 AND |\+(?=[a-z])", "", sql)
    return session.bound(plain, values)


def _nested(rows: list[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, status, n in rows:
        found.setdefault(name, {})[status] = n
    return found


def _statuses(session: Session) -> object:
    return {line.name: dict(line.statuses) for line in definitions(session) if line.statuses}


def _rates(session: Session) -> object:
    return {
        r.name: [r.enrolled, r.opened.count, r.clicked.count, r.replied.count, r.meetings.count]
        for r in sequence_rates(session)
        if r.enrolled
    }


def _rates_by_hand(session: Session) -> object:
    names: dict[int, str] = dict(session.run("SELECT id, name FROM segue_definition WHERE kind = 'sequence'"))
    return {names[id_]: counted for id_, *counted in _by_hand(session, _RATES)}


def _funnel(session: Session) -> object:
    steps = step_funnel(session, ONE)
    return sorted((s.places[0][1], s.reached, s.executed, s.waiting + s.left, dict(s.standing)) for s in steps)


def _funnel_by_hand(session: Session) -> object:
    standing: dict[int, dict[str, int]] = {}
    for block, status, _, n in _by_hand(session, _STANDING):
        of_block = standing.setdefault(block, {})
        of_block[status] = of_block.get(status, 0) + n
    taken = _by_hand(session, _STEPS)
    return sorted((b, reached, done, sum(standing[b].values()), standing[b]) for b, reached, done in taken)


def _templates(session: Session) -> object:
    found = template_performance(session, Filters(sequences=(ONE,)))
    return {
        t.template: [t.sent, t.opened.count, t.clicked.count, t.replied.count, t.meetings.count]
        for t in found
        if t.sent
    }


def _templates_by_hand(session: Session) -> object:
    found = {template: [*counted, 0, 0] for template, *counted in _by_hand(session, _LETTERS)}
    for nr, reason in enumerate(("reply", "meeting"), 3):
        for template, n in _by_hand(session, _credited(reason)):
            found[template][nr] = n
    return found


def _ways(session: Session) -> object:
    return sorted(way.count for way in ways(session, "onboarding"))


def _conversions(session: Session, schema: Schema) -> object:
    return {c.name: [c.enrolled, c.mailed.count, c.met.count if c.met else 0] for c in conversions(session, schema)}


def _conversions_by_hand(session: Session) -> object:
    names: dict[int, str] = dict(session.run("SELECT id, name FROM segue_definition"))
    return {names[id_]: counted for id_, *counted in _by_hand(session, _CONVERTED, now=clock(session))}


def _members_by_hand(session: Session) -> object:
    counted: dict[int, int] = dict(
        session.run("SELECT segment_id, count(*) FROM segue_membership WHERE left_at IS NULL GROUP BY 1")
    )
    return sorted(counted.get(id_, 0) for (id_,) in session.run("SELECT id FROM segue_segment"))


def _columns(session: Session, schema: Schema, of: str) -> object:
    return {column.stage: column.count for column in board(session, schema, of, Which()).columns if column.count}


def _deals(session: Session, schema: Schema) -> object:
    found = deal_overview(session, schema)
    assert found, "the schema has deals"
    return {name: _of_deals(one) for name, one in {**found.sequences, "": found.total}.items()}


def _of_deals(one: DealFigures) -> list[int]:
    money = one.revenue
    figures = (one.created, money.deals, one.closed, one.won, one.lost)
    return [one.won.base, *(of.count for of in figures), money.amount]


def _deals_by_hand(session: Session) -> object:
    names: dict[int, str] = {0: "", **dict(session.run("SELECT id, name FROM segue_definition"))}
    both = " UNION ALL ".join(_DEALS_OF.format(of=of, by=by) for of, by in _GROUPS)
    rows = _by_hand(session, f"{_DEALS} {both}", now=clock(session))
    found: dict[str, dict[str, list[int]]] = {}
    for kind, of, *numbers in rows:
        found.setdefault(names[of], {})[kind] = [n or 0 for n in numbers]
    return {name: _in_line(of_kinds) for name, of_kinds in found.items()}


def _in_line(of_kinds: dict[str, list[int]]) -> list[int]:
    """In the order of `_of_deals`; a sequence without deals has no line of them."""
    (base, *_), (created, won_deals, amount), closed = (of_kinds.get(k, [0, 0, 0]) for k in ("base", "owned", "closed"))
    return [base, created, won_deals, *closed, amount]


_STATUSES = (
    "SELECT d.name, q.status, q.n FROM (SELECT definition_id, status, count(*) AS n FROM segue_enrollment"
    " GROUP BY 1, 2) q JOIN segue_definition d ON d.id = q.definition_id WHERE d.kind = 'sequence'"
)


# Somebody enrolled twice is one person; the bits are those of `runtime.store.seen`.
_RATES = (
    "SELECT definition_id, count(*), sum(o), sum(c), sum(r), sum(m) FROM (SELECT definition_id,"
    " max(CAST((seen & 3) <> 0 AS INTEGER)) AS o, max(CAST((seen & 8) <> 0 AS INTEGER)) AS c,"
    " max(CAST((seen & 128) <> 0 OR (status = 'unenrolled' AND reason = 'reply') AS INTEGER)) AS r,"
    " max(CAST((seen & 256) <> 0 OR (status = 'unenrolled' AND reason = 'meeting') AS INTEGER)) AS m"
    " FROM segue_enrollment"
    " WHERE bucket >= 0 AND +definition_id < 10 GROUP BY bucket, contact_id, definition_id) q GROUP BY 1"
)
_STANDING = "SELECT block, status, reason, count(*) FROM segue_enrollment e WHERE +e.definition_id = 1 GROUP BY 1, 2, 3"
_STEPS = (
    "SELECT block, count(*), sum(done) FROM (SELECT block, max(done) AS done FROM ("
    "SELECT s.block, e.bucket, e.contact_id, CASE WHEN s.outcome = 'created' THEN 0 ELSE 1 END AS done"
    " FROM segue_enrollment e CROSS JOIN segue_step s WHERE e.bucket >= 0 AND +e.definition_id = 1"
    " AND s.bucket = e.bucket AND s.enrollment_id = e.id AND s.what <> 'switch'"
    " UNION ALL SELECT e.block, e.bucket, e.contact_id, 0 FROM segue_enrollment e WHERE e.bucket >= 0"
    " AND +e.definition_id = 1) t GROUP BY bucket, contact_id, block) q GROUP BY 1"
)


def _credited(reason: str) -> str:
    """In this store both are the end of the enrollment."""
    return (
        "SELECT m.template, count(*) FROM segue_enrollment e CROSS JOIN segue_outbox m WHERE e.definition_id = 1"
        f" AND e.status = 'unenrolled' AND e.reason = '{reason}' AND m.bucket = e.bucket AND m.enrollment_id = e.id"
        " AND m.ordinal = (SELECT max(x.ordinal) FROM segue_outbox x WHERE x.bucket = e.bucket"
        " AND x.enrollment_id = e.id AND x.settled_at <= e.ended_at) GROUP BY 1"
    )


_LETTERS = (
    "SELECT template, count(*), sum(seen & 1), sum(CAST((seen & 8) <> 0 AS INTEGER)) FROM segue_outbox"
    " WHERE definition_id = 1 AND state = 'sent' GROUP BY 1"
)
# As somebody would who knows that no deal changes its pipeline, none was there before its history and none lost its
# people; somebody may have several deals and several enrollments.
_DEALS = """WITH pair AS MATERIALIZED (SELECT l.bucket, l.id AS contact_id, d.bucket AS deal_bucket, d.id AS deal_id,
 d.created_at, d.amount, d.stage, (SELECT o.id FROM segue_enrollment o WHERE o.bucket = l.bucket AND o.contact_id = l.id
 AND o.definition_id < 10 AND o.enrolled_at <= d.created_at ORDER BY o.enrolled_at DESC LIMIT 1) AS owner
 FROM link_contact_deal l CROSS JOIN deal d WHERE d.bucket = l.to_bucket AND d.id = l.to_id),
 owned AS MATERIALIZED (SELECT e.definition_id, e.contact_id, p.deal_id, p.amount, p.stage = 'won' AS won,
 p.created_at <= coalesce(e.ended_at, :now) AS meanwhile FROM pair p CROSS JOIN segue_enrollment e
 WHERE e.bucket = p.bucket AND e.id = p.owner),
 closed AS MATERIALIZED (SELECT e.definition_id, e.contact_id, h.new = 'won' AS won FROM pair p
 CROSS JOIN segue_property_history h CROSS JOIN segue_enrollment e WHERE h.bucket = p.deal_bucket AND h.object = 'deal'
 AND h.id = p.deal_id AND h.property = 'stage' AND h.new IN ('won', 'lost') AND e.bucket = p.bucket
 AND e.contact_id = p.contact_id AND +e.definition_id < 10 AND e.enrolled_at <= h.at
 AND h.at <= coalesce(e.ended_at, :now) AND (p.owner IS NULL OR p.owner = e.id OR e.definition_id = (SELECT
 o.definition_id FROM segue_enrollment o WHERE o.bucket = p.bucket AND o.id = p.owner)))"""
_GROUPS = (("0", ""), ("definition_id", " GROUP BY 2"))
_DEALS_OF = """SELECT 'base', {of}, count(*), 0, 0 FROM (SELECT DISTINCT bucket, contact_id, {of} AS definition_id
 FROM segue_enrollment WHERE bucket >= 0 AND +definition_id < 10) q{by}
 UNION ALL SELECT 'owned', {of}, count(DISTINCT CASE WHEN meanwhile THEN contact_id END),
 count(DISTINCT CASE WHEN won THEN deal_id END), sum(CASE WHEN won THEN amount END) FROM owned{by}
 UNION ALL SELECT 'closed', {of}, count(DISTINCT contact_id), count(DISTINCT CASE WHEN won THEN contact_id END),
 count(DISTINCT CASE WHEN NOT won THEN contact_id END) FROM closed{by}"""
_STAGES = "SELECT stage, count(*) FROM deal WHERE pipeline = 'sales' GROUP BY 1"
_GOALS = "SELECT +definition_id, count(*) FROM segue_enrollment WHERE reason = 'goal' GROUP BY 1"
_WAYS = (
    "SELECT count(*) FROM segue_enrollment e CROSS JOIN segue_step s WHERE e.definition_id = 11 AND s.bucket = e.bucket"
    " AND s.enrollment_id = e.id AND s.block IS NOT NULL GROUP BY s.block, s.what, s.outcome"
)
# Each was in a workflow once, and its mails came before its goal.
_CONVERTED = """SELECT definition_id, count(*), sum(mailed), sum(CASE WHEN mailed = 1 THEN met ELSE 0 END) FROM (
 SELECT e.definition_id, CAST(EXISTS (SELECT 1 FROM segue_outbox m WHERE m.bucket = e.bucket AND m.enrollment_id = e.id
 AND m.topic = 'news') AS INTEGER) AS mailed, CASE WHEN e.reason = 'goal' OR (e.status = 'finished' AND EXISTS (SELECT 1
 FROM segue_step s WHERE s.bucket = e.bucket AND s.enrollment_id = e.id AND s.what = 'goal' AND s.at <= :now))
 THEN 1 ELSE 0 END AS met FROM segue_enrollment e WHERE e.definition_id IN (11, 12)) q GROUP BY 1"""
_TICKETS = "SELECT stage, count(*) FROM ticket WHERE pipeline = 'support' GROUP BY 1"
_NAMED = (
    "SELECT count(*) FROM contact WHERE substr(first_name__n, 1, 5) = 'kowal' OR substr(last_name__n, 1, 5) = 'kowal'"
    " OR (email__n >= 'kowal' AND email__n < 'kowam')"
)


def every(session: Session, schema: Schema, runs: int) -> Iterator[tuple[str, dict[str, float]]]:
    for of in compared(schema):
        yield of.name, measured(session, of, runs)
