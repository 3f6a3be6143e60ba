"""Why somebody is in a definition, or is not: what its conditions say of them, and what was done so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsl.english import phrases
from dsl.program.conditions import Condition, Happened
from dsl.program.conversations import KINDS as TALKS
from dsl.program.definitions import Definition, OnChange, OnCondition, OnDate, OnEvents, OnSchedule
from dsl.program.running import running

from ..errors import InvalidInput, StoreError
from ..metrics.people import NAME
from ..operators import arguments
from ..project.loading import Loaded
from ..project.scopes import scope_of
from ..reading.values import instant
from ..store import meta
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session
from .as_of import as_of
from .lives import Life, Refused, last, lives, refusals
from .proof import Part, Proof
from .starts import by_clock


@dataclass(frozen=True, slots=True)
class Setting:
    """One of `when`, `only`, `goal`, `suppress`, `stop_when`, `stop_on`: what it says, and how it stands."""

    name: str
    parts: tuple[Part, ...]


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


def why(session: Session, loaded: Loaded, contact: str, name: str, at: str | None = None) -> Why:
    """`at`: as things stood at that instant; one to come, as if nothing happened until then.

    Raises UnknownName, InvalidInput, StoreError for a store that was never run."""
    _runs(loaded, name)
    known = running(loaded.program)
    key = arguments.definition(loaded.program, name, known)
    d = known[key]
    of = d.pinned.object
    id_ = arguments.record(session, loaded.schema, of, contact)
    clock = meta.clock(session)
    if clock is None:
        raise StoreError("nothing has been run on this store yet", "`segue plan` shows what a run would do")
    t = clock if at is None else arguments.instant(at, loaded.zone, clock)
    row = session.run("SELECT id, activated_at FROM segue_definition WHERE kind = :k AND name = :n", k=key[0], n=key[1])
    number, since = row[0] if row else (None, None)
    past = t < int(clock)
    found = lives(session, number, id_, d, t, past, loaded.program.project)
    refused = refusals(session, number, id_, t)
    judged = _judged(session, loaded, d, id_, t, int(clock), number)
    live = since if since is not None and since <= t else None
    if live is None:
        summary = f"not live then: it went live {instant(since, loaded.zone)}" if since is not None else _NOT_LIVE
    else:
        summary = _summary(d, live, judged, refused, found, loaded.zone)
    waiting = _waiting(session, id_) if at is None else 0
    named = f"{key[0]} {key[1]}"
    return Why(id_, _name(session, of, id_), named, live, t, loaded.zone, judged, refused, found, summary, waiting)


def _runs(loaded: Loaded, name: str) -> None:
    """A definition the engine leaves out is in nobody's way. Raises InvalidInput."""
    kind, _, bare = name.strip().rpartition(" ")
    for left_out in loaded.left_out:
        if left_out.name == bare and kind in ("", left_out.kind) and left_out.kind in ("sequence", "workflow", *TALKS):
            raise InvalidInput(f"nobody is in it: {left_out.words}", "`segue explain` tells what it is to do")


def _judged(
    session: Session, loaded: Loaded, d: Definition, id_: int, t: int, clock: int, number: int | None
) -> tuple[Setting, ...]:
    scope, of, inside = scope_of(session, loaded), d.pinned.object, last(session, number, id_, t)
    if t >= clock:
        proof = Proof if t == clock else _Ahead
        return _settings(proof(session, scope, of, id_, t, inside), d)
    with as_of(session, loaded.schema, of, id_, t) as then:
        return _settings(Proof(then, replace(scope, dialect=then.dialect), of, id_, t, inside), d)


class _Ahead(Proof):
    """At an instant to come: who is in a segment then follows from its condition, as no run has come that far."""

    __slots__ = ()

    def __call__(self, c: Condition) -> Part:
        part = super().__call__(c)
        holds = _joined(part)
        return replace(part, holds=holds, because=part.because if holds == part.holds else "by then")


def _joined(part: Part) -> bool:
    """Whether it holds by what it is made of."""
    held = [one.holds for one in part.parts]
    match part.joined:
        case "and":
            return all(held)
        case "or":
            return any(held)
        case "not":
            return not held[0]
        case "is":
            return held[0]
    return part.holds


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
        stops = dict.fromkeys(match for match, _ in guards.stop_on)  # what ends everything may be written once more
        named.append(("stop_on", tuple(Happened(match, since_enrollment=inside) for match in stops)))
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
    """`PROPERTY becomes VALUE` as the value it has now; a schedule or a date by its next moment; `manually` never holds
    by itself."""
    if isinstance(d.trigger, OnChange):
        from dsl.program.conditions import Compare

        now = proof(Compare(d.trigger.field, "=", d.trigger.value))
        return Part(phrases.trigger(d), now.holds, now.because)
    if isinstance(d.trigger, OnSchedule | OnDate):
        since = proof.session.one(
            "SELECT activated_at FROM segue_definition WHERE kind = :kind AND name = :name", kind=d.kind, name=d.name
        )
        return Part(phrases.trigger(d), False, by_clock(proof, d, int(since or proof.at)))
    if d.kind in TALKS:
        return Part(f"a {d.kind} is saved", False, f"only a {d.kind} `{d.name}` that is saved starts it")
    by = f"`segue broadcast send {d.name}`" if d.kind == "broadcast" else "`segue enroll` or another definition"
    return Part("manually", False, f"only {by} starts it")


def _waiting(session: Session, id_: int) -> int:
    sql = "SELECT count(*) FROM segue_inbox WHERE bucket = :bucket AND id = :id"
    return int(session.one(sql, bucket=bucket_of(id_), id=id_))


# --- in one sentence --------------------------------------------------------------------------

_NOT_LIVE = "not live yet: the next `segue run` makes it so"


def _summary(
    d: Definition,
    since: int,
    settings: tuple[Setting, ...],
    refused: tuple[Refused, ...],
    found: tuple[Life, ...],
    zone: str,
) -> str:
    if found:
        latest = found[-1]
        reason = f" ({latest.words})" if latest.words else ""
        return f"{latest.status.replace('_', ' ')}{reason}, enrolled {instant(latest.enrolled_at, zone)}"
    if refused:
        return f"refused at {instant(refused[-1].at, zone)}: {refused[-1].words}"
    if settings and settings[0].name == "when" and any(part.holds for part in settings[0].parts):
        if isinstance(d.trigger, OnEvents):
            return "not enrolled: what starts it happened before it was live, or was imported as past (X1, X2)"
        return f"not enrolled: it matched already when the rule went live, {instant(since, zone)}, or was edited (X1)"
    if isinstance(d.trigger, OnSchedule | OnDate):
        return f"not enrolled: `{settings[0].parts[0].words}`, {settings[0].parts[0].because}"
    if not isinstance(d.trigger, OnEvents | OnCondition | OnChange):
        return f"not enrolled: {settings[0].parts[0].because}"
    return f"not enrolled: `when` does not hold{_deciding(settings)}"


def _deciding(settings: tuple[Setting, ...]) -> str:
    """The smallest part that made `when` false."""
    parts = settings[0].parts if settings and settings[0].name == "when" else ()
    if len(parts) != 1 or parts[0].joined == "" or parts[0].decisive is parts[0]:
        return ""
    part = parts[0].decisive
    return f", for `{part.words}` {'holds' if part.holds else 'does not'}{f' ({part.because})' if part.because else ''}"
