"""What the engine keeps against what it should keep: every membership with a full recompute, every count of events with
the events, every planned turn of time with the values it follows from. It reads, and writes nothing.

One statement per kept condition: the symmetric difference of its members and of those for whom it is true at the
store's clock. A condition that reads a segment reads its kept members, which are compared themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dsl.diagnostics.suggest import did_you_mean
from dsl.program.conditions import Condition
from dsl.program.definitions import Program
from dsl.schema.model import EventKind

from ..engine.going_live.catalogues import over_conditions
from ..engine.judging.dependencies import condition_hash, goes_by, goes_otherwise, in_order
from ..engine.rules import trigger_condition
from ..errors import InvalidInput, UnknownName
from ..query.conditions import predicate
from ..query.scope import ACTED, SEGMENT_NUMBERS, Scope
from ..query.sweeps import Sweep, sweeps
from ..store import meta, seen
from ..store.names import event_table, quoted
from ..store.seen import Seen
from ..store.session import Session
from . import verifying_scores

FIRST = 20  # records told of each condition


@dataclass(frozen=True, slots=True)
class Wrong:
    """One record about which the store is wrong. `since`: when it joined, None where it is no member."""

    id: int
    external_id: str
    since: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One kept condition: `kind` is segment, `when:sequence`, `when:workflow` or points (of a rule of a score). `wrong`
    are the first of `count`; `skipped` says why it could not be compared."""

    kind: str
    name: str
    object: str
    members: int = 0
    count: int = 0
    wrong: tuple[Wrong, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """`counts`: records whose kept count, first or last event is not what the events say, or of whom enrollments or
    mails keep that they did something else (decision 0040); `doubled`: memberships that
    are open twice or end before they begin; `overdue`: parts that time has turned, or will turn, unnoticed; `scores`:
    records whose kept points, or the day on which these have faded, do not follow from what happened."""

    clock_at: int
    conditions: tuple[Checked, ...]
    counts: tuple[Checked, ...]
    doubled: int
    overdue: tuple[str, ...]
    scores: tuple[Checked, ...]

    @property
    def differences(self) -> int:
        return (
            sum(one.count for one in (*self.conditions, *self.counts, *self.scores)) + self.doubled + len(self.overdue)
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    kind: str
    name: str
    object: str
    condition: Condition
    edited: bool


def verify(session: Session, program: Program, names: Collection[str] = ()) -> Verified:
    """Compare all that is kept, or only the segments and definitions named. Raises UnknownName, InvalidInput (the store
    was never run)."""
    with _unmoving(session):
        told: dict[str, str] = dict(session.run("SELECT key, value FROM segue_meta WHERE key IN ('clock', 'working')"))
        if "clock" not in told:
            raise InvalidInput("the store was never run, so nothing is kept", "`segue run` judges the segments")
        # An instant that a worker is in, or that a crash cut short, has been judged already.
        t = max(int(told["clock"]), int(told.get("working", 0)))
        scope = _scope(session, program)
        kept = [one for one in _kept(session, program) if not names or one.name in names]
        if missing := sorted(set(names) - {one.name for one in kept}):
            hint = did_you_mean(missing[0], [one.name for one in _kept(session, program)])
            raise UnknownName(
                f"nothing called `{missing[0]}` is kept in the store", hint or "`segue segments` lists all"
            )
        counts = () if names else (*_counts(session, program), *_seen(session))
        return Verified(
            int(told["clock"]),
            tuple(_compared(session, scope, one, t) for one in kept),
            tuple(one for one in counts if one.count),
            _doubled(session),
            tuple(_overdue(session, scope, kept, int(told["clock"]))),
            () if names else tuple(_scores(session, scope, t)),
        )


@contextmanager
def _unmoving(session: Session) -> Iterator[None]:
    """All statements see the store of one moment, also while a worker runs."""
    session.run("BEGIN" if session.dialect == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        session.rollback()


def _scope(session: Session, program: Program) -> Scope:
    numbers = dict.fromkeys(program.segments, -1) | dict(session.run(SEGMENT_NUMBERS))
    definitions = {(k, n): i for k, n, i in session.run("SELECT kind, name, id FROM segue_definition")}
    return Scope(program, session.dialect, numbers, definitions)


def _kept(session: Session, program: Program) -> list[_Kept]:
    """The kept conditions of the rules, segments first and each after those it reads."""
    known = {(k, n): (i, h) for i, k, n, h in session.run("SELECT id, kind, name, hash FROM segue_segment")}
    otherwise = goes_otherwise(session, program)
    wanted: list[tuple[str, str, str, Condition | None]] = [
        ("segment", name, program.segments[name].object, program.segments[name].condition) for name in in_order(program)
    ]
    wanted += [
        (f"when:{kind}", name, d.pinned.object, trigger_condition(d))
        for (kind, name), d in sorted(program.definitions.items())
    ]
    for score in program.scores.values():
        wanted += [(*key, score.object, rule.condition) for key, rule in over_conditions(score)]
    found = []
    for kind, name, of, condition in wanted:
        if condition is not None:
            number, hash_ = known.get((kind, name), (-1, ""))
            edited = otherwise or hash_ != condition_hash(program, condition)
            found.append(_Kept(number, kind, name, of, condition, edited))
    return found


# --- memberships ------------------------------------------------------------------------------


def _compared(session: Session, scope: Scope, kept: _Kept, t: int) -> Checked:
    if kept.edited:
        return Checked(kept.kind, kept.name, kept.object, skipped="edited since the last run")
    judged = predicate(scope, kept.condition, kept.object)
    values = judged.at(t) | {"kept_id": kept.number}
    open_ = "m.segment_id = :kept_id AND m.left_at IS NULL"
    since = f"SELECT m.joined_at FROM segue_membership m WHERE {open_} AND m.bucket = s.bucket AND m.id = s.id"
    both = (
        f"SELECT s.id, s.external_id, CASE WHEN {judged.sql} THEN 1 ELSE 0 END AS held, ({since}) AS since"
        f" FROM {quoted(kept.object)} s"
    )
    gone = (
        f"SELECT m.id, '', 0, m.joined_at FROM segue_membership m WHERE {open_} AND NOT EXISTS (SELECT 1 FROM"
        f" {quoted(kept.object)} r WHERE r.bucket = m.bucket AND r.id = m.id)"
    )
    rows = session.bound(
        f"SELECT d.id, d.external_id, d.since, count(*) OVER () FROM (SELECT b.* FROM ({both}) b WHERE b.held <>"
        f" CASE WHEN b.since IS NULL THEN 0 ELSE 1 END UNION ALL {gone}) d ORDER BY d.id LIMIT {FIRST}",
        values,
    )
    members = session.one(f"SELECT count(*) FROM segue_membership m WHERE {open_}", kept_id=kept.number)
    wrong = tuple(Wrong(id_, name, since, _words(name, since)) for id_, name, since, _ in rows)
    return Checked(kept.kind, kept.name, kept.object, members, rows[0][3] if rows else 0, wrong)


def _words(name: str, since: int | None) -> str:
    if since is None:
        return "is no member, but the condition is true"
    return "is a member, but the condition is false" if name else "is a member, but there is no such record"


def _doubled(session: Session) -> int:
    return int(
        session.one(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM segue_membership m WHERE m.left_at IS NULL"
            " GROUP BY m.bucket, m.segment_id, m.id HAVING count(*) > 1) d)"
            " + (SELECT count(*) FROM segue_membership m WHERE m.left_at < m.joined_at)"
        )
    )


# --- counts of events -------------------------------------------------------------------------


def _counts(session: Session, program: Program) -> Iterator[Checked]:
    """Count, first and last of the human events of each kind, and of all acts together, per record. Where old events
    were vacuumed, more may have been counted, and from earlier on."""
    gone = {key.removeprefix("vacuumed ") for (key,) in session.run(_VACUUMED)}
    kinds: dict[str, tuple[EventKind, ...]] = {
        kind.name: (kind,) for kind in program.schema.events.values() if kind.builtin is None
    }
    if meta.read(session, "acts") == goes_by(program)["acts"]:  # else the next run counts them anew
        kinds[ACTED] = tuple(kind for (kind,) in kinds.values() if kind.act)
    for name, stored in kinds.items():
        events = " UNION ALL ".join(
            f"SELECT v.bucket, v.record_id, v.at FROM {quoted(event_table(kind.name))} v"
            + (" WHERE v.class = 'human'" if kind.classed else "")
            for kind in stored
        )
        both = (
            "SELECT e.record_id AS id, count(*) AS n, min(e.at) AS first, max(e.at) AS last, 0 AS kn, 0 AS kfirst,"
            f" 0 AS klast FROM ({events}) e GROUP BY e.bucket, e.record_id"
            " UNION ALL SELECT a.id, 0, 0, 0, a.count, a.first_at, a.last_at FROM segue_activity a WHERE"
            " a.event = :kind"
        )
        rows = session.run(
            "SELECT d.id, d.n, d.kn, count(*) OVER () FROM (SELECT q.id, sum(q.n) AS n, sum(q.kn) AS kn"
            f" FROM ({both}) q GROUP BY q.id HAVING {_LESS if gone & {k.name for k in stored} else _OTHER}) d"
            f" ORDER BY d.id LIMIT {FIRST}",
            kind=name,
        )
        wrong = tuple(Wrong(id_, "", None, _counted(int(n), int(kept))) for id_, n, kept, _ in rows)
        yield Checked("event", name, "", 0, rows[0][3] if rows else 0, wrong)


_VACUUMED = "SELECT key FROM segue_meta WHERE key LIKE 'vacuumed %'"
_OTHER = "sum(q.n) <> sum(q.kn) OR sum(q.first) <> sum(q.kfirst) OR sum(q.last) <> sum(q.klast)"
_LESS = "sum(q.n) > sum(q.kn) OR (sum(q.n) > 0 AND (sum(q.first) < sum(q.kfirst) OR sum(q.last) > sum(q.klast)))"


def _counted(events: int, kept: int) -> str:
    if events != kept:
        return f"has {events:,} such events, {kept:,} are counted"
    return "the first or the last event is not the one that is kept"


def _seen(session: Session) -> Iterator[Checked]:
    for table, count, first in seen.differences(session, FIRST):
        wrong = tuple(Wrong(id_, "", None, _kept_seen(kept, told)) for id_, kept, told in first)
        yield Checked("figures", f"of {table.removeprefix('segue_')}", "contact", 0, count, wrong)


def _kept_seen(kept: int, told: int) -> str:
    return f"did {_acts(told)}, but {_acts(kept)} is kept"


def _acts(bits: int) -> str:
    return ", ".join(str(one.name).lower() for one in Seen if bits & one) or "nothing"


def _scores(session: Session, scope: Scope, t: int) -> Iterator[Checked]:
    for one in verifying_scores.compared(session, scope, t, FIRST):
        wrong = tuple(Wrong(id_, "", None, why) for id_, why in one.wrong)
        if wrong or one.skipped:
            yield Checked("score", one.score, one.object, 0, one.count, wrong, one.skipped)


# --- time -------------------------------------------------------------------------------------


def _overdue(session: Session, scope: Scope, kept: list[_Kept], t: int) -> Iterator[str]:
    """A planned turn may be early, never late (decision 0004)."""
    planned: dict[str, int | None] = dict(session.run("SELECT part, at FROM segue_due"))
    parts = {s.part: s for one in kept if not one.edited for s in sweeps(scope, one.condition, one.object)}
    for part, sweep in parts.items():
        due, at = _turns(session, sweep, t), planned.get(part)
        if (at is not None and at <= t) or (due is not None and (at is None or at > due)):
            yield part


def _turns(session: Session, sweep: Sweep, t: int) -> int | None:
    first = session.one(f"SELECT min({sweep.column}) FROM {sweep.rows} {sweep.column} > :low", low=sweep.horizon(t))
    if first is None:
        return None
    return sweep.following(first if isinstance(first, int | str) else str(first), t)
