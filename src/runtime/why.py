"""Why somebody is in a definition, or is not: what its conditions say of them, and what was done so far."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.english import phrases
from dsl.program.codec import decode
from dsl.program.conditions import Condition, Happened
from dsl.program.definitions import Definition, OnChange, OnCondition, OnEvents

from . import arguments
from .errors import StoreError
from .metrics.people import NAME
from .metrics.steps import next_step
from .project import Loaded
from .proof import Part, Proof
from .query.scope import Scope
from .reading.values import instant
from .store.ids import bucket_of
from .store.names import quoted
from .store.session import Session
from .store.tables import ENDED


@dataclass(frozen=True, slots=True)
class Setting:
    """One of `when`, `only`, `goal`, `suppress`, `stop_when`, `stop_on`: what it says, and how it stands."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class StepTaken:
    at: int
    what: str
    name: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Life:
    """One enrollment. `due` is when it goes on; None where it rests at a mail or a task, or has ended."""

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


@dataclass(frozen=True, slots=True)
class Refused:
    at: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Why:
    """`at` is the store's clock: as of then everything here is said. `waiting`: facts of theirs still in the inbox."""

    contact_id: int
    contact: str
    definition: str
    live_since: int | None
    at: int
    zone: str
    settings: tuple[Setting, ...]
    refusals: tuple[Refused, ...]
    enrollments: tuple[Life, ...]
    summary: str
    waiting: int


def why(session: Session, loaded: Loaded, contact: str, name: str) -> Why:
    """Raises UnknownName, InvalidInput, StoreError for a store that was never run."""
    key = arguments.definition(loaded.program, name)
    d = loaded.program.definitions[key]
    id_ = arguments.record(session, loaded.schema, d.pinned.object, contact)
    clock = session.one("SELECT value FROM segue_meta WHERE key = 'clock'")
    if clock is None:
        raise StoreError("nothing has been run on this store yet", "`segue plan` shows what a run would do")
    row = session.run("SELECT id, activated_at FROM segue_definition WHERE kind = :k AND name = :n", k=key[0], n=key[1])
    number, since = row[0] if row else (None, None)
    lives = _lives(session, number, id_, d)
    scope = _scope(session, loaded)
    judged = _settings(Proof(session, scope, d.pinned.object, id_, int(clock), _last(session, number, id_)), d)
    refusals = _refusals(session, number, id_)
    return Why(
        id_, _name(session, d.pinned.object, id_), f"{key[0]} {key[1]}", since, int(clock), loaded.zone,
        judged, refusals, lives, _summary(d, since, judged, refusals, lives, loaded.zone), _waiting(session, id_),
    )  # fmt: skip


def _scope(session: Session, loaded: Loaded) -> Scope:
    """The store's numbers; those of rules never run are below zero, so that nobody is in them."""
    segments = "SELECT name, id FROM segue_segment WHERE kind IN ('segment', 'static')"
    definitions = "SELECT kind, name, id FROM segue_definition"
    numbers = dict.fromkeys(loaded.program.segments, -1) | dict(session.run(segments))
    ids = dict.fromkeys(loaded.program.definitions, -1) | {(k, n): i for k, n, i in session.run(definitions)}
    return Scope(loaded.program, session.dialect, numbers, ids)


def _name(session: Session, of: str, id_: int) -> str:
    name = NAME if of == "contact" else "p.external_id"
    sql = f"SELECT {name} FROM (SELECT :bucket AS bucket, :id AS contact_id) t LEFT JOIN {quoted(of)} p"
    return str(session.one(f"{sql} ON p.bucket = t.bucket AND p.id = t.contact_id", bucket=bucket_of(id_), id=id_))


# --- conditions -------------------------------------------------------------------------------


def _settings(proof: Proof, d: Definition) -> tuple[Setting, ...]:
    guards = d.guards
    named: list[tuple[str, tuple[Condition, ...]]] = [("when", _when(d))]
    for name, condition in (
        ("only", d.only),
        ("goal", guards.goal),
        ("suppress", guards.suppress),
        ("stop_when", guards.stop_when),
    ):
        if condition is not None:
            named.append((name, (condition,)))
    if guards.stop_on:
        inside = proof.enrollment is not None
        named.append(("stop_on", tuple(Happened(match, since_enrollment=inside) for match, _ in guards.stop_on)))
    found = [Setting(name, tuple(proof(c) for c in conditions)) for name, conditions in named if conditions]
    if not isinstance(d.trigger, OnEvents | OnCondition):
        found.insert(0, Setting("when", (_trigger(proof, d),)))
    return tuple(found)


def _when(d: Definition) -> tuple[Condition, ...]:
    match d.trigger:
        case OnEvents(events):
            return tuple(Happened(match) for match in events)
        case OnCondition(condition):
            return (condition,)
    return ()


def _trigger(proof: Proof, d: Definition) -> Part:
    """`PROPERTY becomes VALUE` as the value it has now; `manually` never holds by itself."""
    if isinstance(d.trigger, OnChange):
        from dsl.program.conditions import Compare

        now = proof(Compare(d.trigger.field, "=", d.trigger.value))
        return Part(phrases.trigger(d), now.holds, now.because)
    return Part("manually", False, "only `segue enroll` or another definition starts it")


# --- what happened ----------------------------------------------------------------------------


def _last(session: Session, number: int | None, id_: int) -> tuple[int, int] | None:
    rows = session.run(
        "SELECT bucket, id FROM segue_enrollment WHERE bucket = :bucket AND contact_id = :id AND definition_id = :d"
        " ORDER BY nr DESC LIMIT 1",
        bucket=bucket_of(id_), id=id_, d=number,
    )  # fmt: skip
    return (rows[0][0], rows[0][1]) if rows else None


def _lives(session: Session, number: int | None, id_: int, d: Definition) -> tuple[Life, ...]:
    rows = session.run(
        "SELECT e.bucket, e.id, e.nr, e.status, e.reason, e.detail, e.enrolled_at, e.enrolled_by, e.sender, e.zone,"
        " e.due, e.block, v.hash, v.program FROM segue_enrollment e JOIN segue_version v ON v.id = e.version_id"
        " WHERE e.bucket = :bucket AND e.contact_id = :id AND e.definition_id = :d ORDER BY e.nr",
        bucket=bucket_of(id_), id=id_, d=number,
    )  # fmt: skip
    found = []
    for bucket, enrollment, nr, status, reason, detail, at, by, sender, zone, due, block, hash_, program in rows:
        over = status in ENDED
        found.append(
            Life(
                f"{bucket}.{enrollment}",
                nr,
                status,
                ": ".join(t for t in (reason, detail) if t),
                at,
                by or "",
                sender or "",
                zone,
                due,
                "" if over else next_step(decode(program), block),
                hash_ != d.version,
                _steps(session, bucket, enrollment),
            )
        )
    return tuple(found)


def _steps(session: Session, bucket: int, enrollment: int) -> tuple[StepTaken, ...]:
    rows = session.run(
        "SELECT at, what, name, outcome, detail FROM segue_step WHERE bucket = :bucket AND enrollment_id = :id"
        " ORDER BY ordinal",
        bucket=bucket,
        id=enrollment,
    )
    return tuple(StepTaken(at, what, name or "", outcome, detail or "") for at, what, name, outcome, detail in rows)


def _refusals(session: Session, number: int | None, id_: int) -> tuple[Refused, ...]:
    rows = session.run(
        "SELECT at, reason, detail FROM segue_refusal WHERE bucket = :bucket AND contact_id = :id"
        " AND definition_id = :d ORDER BY at",
        bucket=bucket_of(id_), id=id_, d=number,
    )  # fmt: skip
    return tuple(Refused(at, reason, detail or "") for at, reason, detail in rows)


def _waiting(session: Session, id_: int) -> int:
    sql = "SELECT count(*) FROM segue_inbox WHERE bucket = :bucket AND id = :id"
    return int(session.one(sql, bucket=bucket_of(id_), id=id_))


# --- in one sentence --------------------------------------------------------------------------


def _summary(
    d: Definition,
    since: int | None,
    settings: tuple[Setting, ...],
    refusals: tuple[Refused, ...],
    lives: tuple[Life, ...],
    zone: str,
) -> str:
    if since is None:
        return "not live yet: the next `segue run` makes it so"
    if lives:
        last = lives[-1]
        reason = f" ({last.reason})" if last.reason else ""
        return f"{last.status.replace('_', ' ')}{reason}, enrolled {instant(last.enrolled_at, zone)}"
    if refusals:
        return f"refused at {instant(refusals[-1].at, zone)}: {refusals[-1].reason}"
    if settings and settings[0].name == "when" and any(part.holds for part in settings[0].parts):
        if isinstance(d.trigger, OnEvents):
            return "not enrolled: what starts it happened before it was live, or was imported as past (X1, X2)"
        return f"not enrolled: it matched already when the rule went live, {instant(since, zone)}, or was edited (X1)"
    return "not enrolled: `when` does not hold"
