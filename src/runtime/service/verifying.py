"""What the engine keeps against what it should keep: every membership with a full recompute, every count of events with
the events, every planned turn of time with the values it follows from. It reads, and writes nothing.

One statement per kept condition: the symmetric difference of its members and of those for whom it is true at the
store's clock. A condition that reads a segment reads its kept members, which are compared themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dsl.diagnostics.suggest import did_you_mean
from dsl.program.conditions import Condition
from dsl.program.definitions import Program

from ..engine.going_live.catalogues import over_conditions
from ..engine.judging.dependencies import condition_hash, goes_otherwise, in_order
from ..engine.rules import Rules, Scored, trigger_condition
from ..errors import InvalidInput, UnknownName
from ..query.conditions import predicate
from ..query.scope import SEGMENT_NUMBERS, Scope
from ..query.sweeps import Sweep, sweeps
from ..store.at_one_moment import at_one_moment
from ..store.names import quoted
from ..store.session import Session
from ..store.sharing_out import shared_out
from . import verifying_counts, verifying_scores

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
    """Compare all that is kept, or only the segments and definitions named: shared out to as many processors as there
    are, all of them at one moment of the store. Raises UnknownName, InvalidInput (the store was never run)."""
    with at_one_moment(session) as readers:
        clock, t = _clock(session)
        scope = _scope(session, program)
        kept = _wanted(session, program, names)
        kinds = () if names else tuple(verifying_counts.kinds(session, program))
        scores = () if names else Rules(scope, [], [], {}).scores
        with shared_out(readers) as work:
            counts = [work.ask(_counted, kind) for kind in kinds]
            done = [] if names else [work.ask(_done)]
            conditions = [work.ask(_compared, scope, one, t) for one in kept]
            doubled = work.ask(_doubled)
            overdue = work.ask(_overdue, scope, kept, clock)
            awards = [work.ask(_score, scope, scored, t) for scored in scores]
            found = (*(one() for one in counts), *(one for each in done for one in each()))
            return Verified(
                clock,
                tuple(one() for one in conditions),
                tuple(one for one in found if one.count),
                doubled(),
                overdue(),
                tuple(one for each in awards if (one := each()).wrong or one.skipped),
            )


def _clock(session: Session) -> tuple[int, int]:
    """The store's clock, and the instant at which its conditions were judged: one that a worker is in, or that a crash
    cut short, has been judged already."""
    told: dict[str, str] = dict(session.run("SELECT key, value FROM segue_meta WHERE key IN ('clock', 'working')"))
    if "clock" not in told:
        raise InvalidInput("the store was never run, so nothing is kept", "`segue run` judges the segments")
    return int(told["clock"]), max(int(told["clock"]), int(told.get("working", 0)))


def _scope(session: Session, program: Program) -> Scope:
    numbers = dict.fromkeys(program.segments, -1) | dict(session.run(SEGMENT_NUMBERS))
    definitions = {(k, n): i for k, n, i in session.run("SELECT kind, name, id FROM segue_definition")}
    return Scope(program, session.dialect, numbers, definitions)


def _wanted(session: Session, program: Program, names: Collection[str]) -> list[_Kept]:
    every = _kept(session, program)
    known = [one.name for one in every]
    if missing := sorted(set(names) - set(known)):
        hint = did_you_mean(missing[0], known) or "`segue segments` lists all"
        raise UnknownName(f"nothing called `{missing[0]}` is kept in the store", hint)
    return [one for one in every if not names or one.name in names]


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


# --- counts of events, points -----------------------------------------------------------------


def _counted(session: Session, kind: verifying_counts.Kind) -> Checked:
    found = verifying_counts.counted(session, kind, FIRST)
    return Checked("event", found.name, "", 0, found.count, _wrong(found.wrong))


def _done(session: Session) -> list[Checked]:
    return [
        Checked("figures", f"of {found.name.removeprefix('segue_')}", "contact", 0, found.count, _wrong(found.wrong))
        for found in verifying_counts.done(session, FIRST)
    ]


def _score(session: Session, scope: Scope, scored: Scored, t: int) -> Checked:
    found = verifying_scores.compared(session, scope, scored, t, FIRST)
    return Checked("score", found.score, found.object, 0, found.count, _wrong(found.wrong), found.skipped)


def _wrong(told: Iterable[tuple[int, str]]) -> tuple[Wrong, ...]:
    return tuple(Wrong(id_, "", None, why) for id_, why in told)


# --- time -------------------------------------------------------------------------------------


def _overdue(session: Session, scope: Scope, kept: list[_Kept], t: int) -> tuple[str, ...]:
    """A planned turn may be early, never late (decision 0004)."""
    found = []
    planned: dict[str, int | None] = dict(session.run("SELECT part, at FROM segue_due"))
    parts = {s.part: s for one in kept if not one.edited for s in sweeps(scope, one.condition, one.object)}
    for part, sweep in parts.items():
        due, at = _turns(session, sweep, t), planned.get(part)
        if (at is not None and at <= t) or (due is not None and (at is None or at > due)):
            found.append(part)
    return tuple(found)


def _turns(session: Session, sweep: Sweep, t: int) -> int | None:
    first = session.one(f"SELECT min({sweep.column}) FROM {sweep.rows} {sweep.column} > :low", low=sweep.horizon(t))
    if first is None:
        return None
    return sweep.following(first if isinstance(first, int | str) else str(first), t)
