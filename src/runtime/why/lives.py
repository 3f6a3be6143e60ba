"""Enrollments of one record in one definition: every step taken, skipped, deferred or refused, with reason and time."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.codec import decode
from dsl.program.definitions import Definition
from dsl.schema.model import Project

from ..metrics.steps import next_step
from ..reading import reasons
from ..store.ids import bucket_of
from ..store.session import Row, Session
from ..store.tables import ENDED
from .held import held


@dataclass(frozen=True, slots=True)
class StepTaken:
    """`due`: when what still waits in the outbox goes out at the earliest. `words`: why it was refused or put off."""

    at: int
    what: str
    name: str
    outcome: str
    detail: str
    due: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """One enrollment. `due` is when it goes on; None where it rests at a mail or a task, or has ended. `held` says what
    keeps the next step back until then, if it is not its own wait alone. `words` say the reason to people."""

    id: str
    nr: int
    status: str
    reason: str
    enrolled_at: int
    enrolled_by: str
    sender: str
    zone: str
    due: int | None
    next: str
    old_version: bool
    steps: tuple[StepTaken, ...]
    held: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    at: int
    reason: str
    detail: str
    words: str


def last(session: Session, number: int | None, id_: int, t: int) -> tuple[int, int] | None:
    rows = session.run(
        "SELECT bucket, id FROM segue_enrollment WHERE bucket = :bucket AND contact_id = :id AND definition_id = :d"
        " AND entered_at <= :t ORDER BY nr DESC LIMIT 1",
        bucket=bucket_of(id_), id=id_, d=number, t=t,
    )  # fmt: skip
    return (rows[0][0], rows[0][1]) if rows else None


def lives(
    session: Session, number: int | None, id_: int, d: Definition, t: int, past: bool, project: Project
) -> tuple[Life, ...]:
    """Those that began by `t`, the oldest first, as they stood then; `past`: `t` is before the store's clock."""
    rows = session.run(
        "SELECT e.bucket, e.id, e.nr, e.status, e.reason, e.detail, e.enrolled_at, e.enrolled_by, e.sender, e.zone,"
        " e.person_zone, e.due, e.block, e.ended_at, v.hash, v.program FROM segue_enrollment e JOIN segue_version v"
        " ON v.id = e.version_id WHERE e.bucket = :bucket AND e.contact_id = :id AND e.definition_id = :d"
        " AND e.entered_at <= :t ORDER BY e.nr",
        bucket=bucket_of(id_), id=id_, d=number, t=t,
    )  # fmt: skip
    return tuple(_life(session, row, d.version, t, past, project) for row in rows)


def _life(session: Session, row: Row, today: str, t: int, past: bool, project: Project) -> Life:
    bucket, enrollment, nr, status, reason, detail, at, by, sender, zone, hers, due, block, ended, hash_, program = row
    pinned = decode(program)
    if past and (ended is None or ended > t):
        status, reason, detail, due = "inside", None, None, None  # what it rested at is not kept
    over = past or status in ENDED
    return Life(
        f"{bucket}.{enrollment}",
        nr,
        status,
        ": ".join(words for words in (reason, detail) if words),
        at,
        by or "",
        sender or "",
        zone,
        due,
        "" if over else next_step(pinned, block),
        hash_ != today,
        _steps(session, bucket, enrollment, t),
        "" if over or due is None else held(pinned, block, due, (zone, hers or zone), project),
        reasons.ended(reason) if reason else "",
    )


def _steps(session: Session, bucket: int, enrollment: int, t: int) -> tuple[StepTaken, ...]:
    """A send that waits in the outbox says so at its last line: planned or deferred, why, and until when."""
    rows = session.run(
        "SELECT s.at, s.what, s.name, s.outcome, s.detail, s.block, o.state, o.reason, o.due FROM segue_step s"
        " LEFT JOIN segue_outbox o ON o.bucket = s.bucket AND o.enrollment_id = s.enrollment_id"
        " AND o.ordinal = s.ordinal AND o.settled_at IS NULL"
        " WHERE s.bucket = :bucket AND s.enrollment_id = :id AND s.at <= :t ORDER BY s.ordinal",
        bucket=bucket,
        id=enrollment,
        t=t,
    )
    waiting = [n for n, row in enumerate(rows) if row[6] is not None]
    put_off = {rows[n][5]: n for n in range(len(rows)) if rows[n][3] == "deferred"}
    stands = {put_off.get(rows[n][5], n) if len(waiting) == 1 else n: tuple(rows[n][6:]) for n in waiting}
    steps = []
    for n, (at, what, name, outcome, detail, *_) in enumerate(rows):
        state, reason, due = stands.get(n, (None, None, None))
        told = ": ".join(dict.fromkeys(w for w in (reason, detail) if w))
        off = what == "send" and (state or outcome) in ("refused", "deferred")
        words = reasons.held(reason or detail or "") if off else ""
        steps.append(StepTaken(at, what, name or "", state or outcome, told, due, words))
    return tuple(steps)


def refusals(session: Session, number: int | None, id_: int, t: int) -> tuple[Refused, ...]:
    rows = session.run(
        "SELECT at, reason, detail FROM segue_refusal WHERE bucket = :bucket AND contact_id = :id"
        " AND definition_id = :d AND at <= :t ORDER BY at",
        bucket=bucket_of(id_), id=id_, d=number, t=t,
    )  # fmt: skip
    return tuple(Refused(at, reason, detail or "", reasons.refused(reason)) for at, reason, detail in rows)
