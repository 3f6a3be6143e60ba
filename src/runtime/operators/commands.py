"""What operators ask of enrollments: pause, resume, unenroll (S40, S41). Asked through the inbox only: the engine, the
one writer of its tables, applies it at the next tick. A rep asks for enrollments that they began, an operator for any;
NotAllowed otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dsl.program.codec import decode

from ..access.audit import About, acting
from ..access.roles import Actor
from ..reading.awaited import EnrollmentKey
from ..store import inbox
from ..store.ids import bucket_of
from ..store.session import Row, Session
from ..store.tables import ENDED
from ..store.values import Storage

_PAUSED = "paused"
_AT_ONCE = 300  # keys per look-up; SQLite takes no more than some 32,000 parameters


@dataclass(frozen=True, slots=True)
class Asked:
    """`asked` enrollments have a row in the inbox now. Nothing was asked for the others: `ended` were over already,
    `unknown` are none of the store's, `already` are paused (or not) as they are to be, or were asked to be. What
    somebody else asked for and the next tick takes in comes first: `leaving` end then, `otherwise` are resumed or
    paused."""

    asked: int = 0
    ended: int = 0
    unknown: int = 0
    leaving: int = 0
    already: int = 0
    otherwise: int = 0


def pause(
    session: Session, keys: Iterable[EnrollmentKey], who: Actor, until: int | None = None, at: int | None = None
) -> Asked:
    """Stop the clock of each, until `until` (µs) or until resumed; what is left of a wait is kept (S40)."""
    return _ask(session, "pause", keys, who, until, at)


def resume(session: Session, keys: Iterable[EnrollmentKey], who: Actor, at: int | None = None) -> Asked:
    """Let paused ones go on."""
    return _ask(session, "resume", keys, who, None, at)


def unenroll(session: Session, keys: Iterable[EnrollmentKey], who: Actor, at: int | None = None) -> Asked:
    """End each with `unenrolled(manual)`. That is final (S44) and changes no figure (M24)."""
    return _ask(session, "unenroll", keys, who, None, at)


def _ask(
    session: Session, kind: str, keys: Iterable[EnrollmentKey], who: Actor, until: int | None, at: int | None
) -> Asked:
    """One inbox row per enrollment that goes on. Acts of one present keep their order."""
    wanted = list(dict.fromkeys(keys))
    moment = at if at is not None else inbox.present(session)
    order = inbox.now()
    known = [row for i in range(0, len(wanted), _AT_ONCE) for row in _look_up(session, wanted[i : i + _AT_ONCE])]
    going = [row for row in known if row[5] not in ENDED]
    objects = {program: decode(program).object for program in {row[4] for row in going}}
    payload = {"by": who.name, "until": until}
    with acting(
        session, who, kind, _about(going, set(objects.values()), until), all(row[6] == who.name for row in known)
    ):
        said = _said_before(session, going)
        found = [_found(kind, row, said.get((bucket_of(row[1]), row[0]))) for row in going]
        meant = (row for row, becomes in zip(going, found, strict=True) if becomes == "asked")
        inbox.put(session, (_row(kind, row, objects[row[4]], payload, moment, order) for row in meant))
    return Asked(ended=len(known) - len(going), unknown=len(wanted) - len(known), **Counter(found))


def _found(kind: str, row: Row, said: str | None) -> str:
    """What becomes of a wish, by the field of `Asked`. `said`: what was asked for before and waits for the next tick,
    which obeys one of both."""
    if said == "unenroll":
        return "leaving"
    if kind == "unenroll":
        return "asked"
    if said is not None:
        return "already" if said == kind else "otherwise"
    return "already" if (kind == "pause") == (row[5] == _PAUSED) else "asked"


def _said_before(session: Session, going: Sequence[Row]) -> dict[tuple[int, Storage], str]:
    """What people asked for of these enrollments and no tick has taken in yet; an end before all else."""
    buckets = {bucket_of(row[1]) for row in going}
    told: dict[tuple[int, Storage], str] = {}
    for kind in ("pause", "resume", "unenroll"):
        for (bucket, key), payload in inbox.asked_already(session, kind, buckets).items():
            if key.startswith(f"{kind}:"):  # by hand: a pause that ends by itself waits for its day
                told[bucket, payload.get("enrollment")] = kind
    return told


def _about(going: Sequence[Row], objects: set[str], until: int | None) -> About:
    """For the log: one name and one object, where all have the same."""
    names = {f"{row[2]} {row[3]}" for row in going}
    return About(
        objects.pop() if len(objects) == 1 else None,
        [row[1] for row in going],
        names.pop() if len(names) == 1 else None,
        {"until": until} if until is not None else None,
    )


def _row(
    kind: str, found: Row, object_name: str, payload: dict[str, str | int | None], at: int, order: int
) -> inbox.InboxRow:
    enrollment, record, definition, name, *_ = found
    key = f"{kind}:{enrollment}:{order}"
    mine = {**payload, "enrollment": enrollment}
    return inbox.row(kind, object_name, record, f"{definition} {name}", mine, at=at, rank=order, key=key)


def _look_up(session: Session, keys: Sequence[EnrollmentKey]) -> list[Row]:
    values: dict[str, object] = {}
    for i, key in enumerate(keys):
        values |= {f"b{i}": key.bucket, f"i{i}": key.id}
    wanted = ", ".join(f"(:b{i}, :i{i})" for i in range(len(keys)))
    return session.bound(
        "SELECT e.id, e.contact_id, d.kind, d.name, v.program, e.status, e.enrolled_by FROM segue_enrollment e "
        "JOIN segue_definition d ON d.id = e.definition_id JOIN segue_version v ON v.id = e.version_id "
        f"WHERE (e.bucket, e.id) IN (VALUES {wanted})",
        values,
    )
