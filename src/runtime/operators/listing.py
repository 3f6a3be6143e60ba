"""Lists of the command line that the terminal app does not ask for: members, chosen enrollments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.diagnostics.suggest import did_you_mean
from dsl.schema.model import Schema

from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..metrics.filters import Filters, narrowing
from ..metrics.people import COMPANY, NAME
from ..reading import reasons
from ..reading.awaited import EnrollmentKey, awaiting
from ..reading.values import instant
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import FOR_EVER, Session, placeholders
from . import commands
from .arguments import company, known, record, user
from .commands import Asked

STATUSES = ("pending", "active", "waiting_task", "paused", "errored", "finished", "unenrolled")  # S43


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    external_id: str
    name: str
    since: int

    def row(self, zone: str) -> tuple[str, ...]:
        return f"#{self.id}", self.external_id, self.name, instant(self.since, zone)


@dataclass(frozen=True, slots=True)
class Members:
    """`shown` are the first of `count`."""

    segment: str
    count: int
    shown: tuple[Member, ...]


def members(session: Session, schema: Schema, segment: str, limit: int = 50) -> Members:
    """Who is in a segment now, by id. Raises UnknownName."""
    rows = session.run(
        "SELECT id, name, object FROM segue_segment WHERE kind IN ('segment', 'static')"
        " ORDER BY name, CASE WHEN vanished_at IS NULL THEN 0 ELSE 1 END, id"
    )
    found = next((row for row in rows if row[1] == segment), None)
    if found is None:
        hint = did_you_mean(segment, [row[1] for row in rows])
        raise UnknownName(
            f"there is no segment `{segment}` in the store", hint or "`segue run` makes those of the rules"
        )
    inside = "FROM segue_membership m WHERE m.segment_id = :segment AND m.left_at IS NULL"
    count = session.one(f"SELECT count(*) {inside}", segment=found[0])
    name = NAME if found[2] == "contact" else _name_of(schema, found[2])
    sql = (
        f"SELECT t.contact_id, coalesce(p.external_id, ''), {name}, t.joined_at FROM"
        f" (SELECT m.bucket, m.id AS contact_id, m.joined_at {inside} ORDER BY m.id LIMIT :limit) t"
        f" LEFT JOIN {quoted(found[2])} p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY t.contact_id"
    )
    shown = session.run(sql, segment=found[0], limit=limit or FOR_EVER)
    return Members(segment, count, tuple(Member(*row) for row in shown))


def _name_of(schema: Schema, of: str) -> str:
    named = next((n for n in ("name", "subject") if n in schema.objects[of].properties), None)
    return f"coalesce(p.{quoted(named)}, '')" if named else "''"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An enrollment as the command line lists it. `id` names it in `--pause` and the like; `words` say the reason to
    people, with what was noted beside it; `awaits` what was asked of it and waits for the next tick (`pausing`)."""

    bucket: int
    id: int
    definition: str
    contact_id: int
    contact: str
    company: str | None
    status: str
    reason: str | None
    enrolled_at: int
    last_step: str | None
    last_step_at: int | None
    due: int | None
    words: str
    object: str = "contact"
    awaits: str = ""

    @property
    def key(self) -> EnrollmentKey:
        return EnrollmentKey(self.bucket, self.id)


@dataclass(frozen=True, slots=True)
class Choice:
    """SQL of which rows `t` of segue_enrollment are meant. `narrow`: somebody said whose, not just all."""

    where: str
    values: dict[str, object]
    narrow: bool


def choose(
    session: Session,
    schema: Schema,
    definition: str | None,
    statuses: tuple[str, ...],
    contact: str | None,
    by: str | None = None,
    companies: Sequence[str] = (),
) -> Choice:
    """What is written on the command line, looked up in the store. `by`: who enrolled them; `companies`: by name or id.
    Raises UnknownName."""
    values: dict[str, object] = {}
    parts = ["1 = 1"]
    if definition is not None:
        ids = _definitions(session, definition)
        parts.append(f"t.definition_id IN ({placeholders('d', ids, values)})")
    if statuses:
        for status in statuses:
            known("status", status, STATUSES)
        parts.append(f"t.status IN ({placeholders('s', statuses, values)})")
    if contact is not None:
        id_ = record(session, schema, "contact", contact)
        values |= {"bucket": bucket_of(id_), "contact": id_}
        parts.append("t.bucket = :bucket AND t.contact_id = :contact")
    if by is not None:
        values["by"] = user(session, (), by)
        parts.append("t.enrolled_by = :by")
    parts += narrowing(Filters(companies=tuple(company(session, text) for text in companies)), values, "t")
    narrow = any(one is not None for one in (definition, contact, by)) or bool(companies)
    return Choice(" AND ".join(parts), values, narrow)


def _definitions(session: Session, text: str) -> list[int]:
    kind, _, name = text.strip().rpartition(" ")
    rows = session.run("SELECT id, kind, name FROM segue_definition ORDER BY name")
    found = [row[0] for row in rows if row[2] == name and kind in ("", row[1])]
    if not found:
        hint = did_you_mean(name, sorted({row[2] for row in rows}))
        raise UnknownName(
            f"the store knows no sequence or workflow `{text}`", hint or "`segue run` brings those of the rules"
        )
    return found


def act(session: Session, choice: Choice, acts: Sequence[str], who: Actor, until: int | None = None) -> Asked:
    """Ask for one act on all that are chosen and have not ended. `until` ends a pause (µs). Raises InvalidInput."""
    if len(acts) > 1:
        raise InvalidInput(f"`--{acts[0]}` and `--{acts[1]}` exclude each other", "one at a time")
    if not choice.narrow:
        raise InvalidInput(
            f"`--{acts[0]}` of everybody is refused", "name a definition, `--company`, `--contact` or `--by`"
        )
    which = {"resume": "t.status = 'paused'"}.get(acts[0], "t.ended_at IS NULL")
    rows = session.bound(
        f"SELECT t.bucket, t.id FROM segue_enrollment t WHERE {choice.where} AND {which}", choice.values
    )
    keys = [EnrollmentKey(*row) for row in rows]
    match acts[0]:
        case "pause":
            return commands.pause(session, keys, who, until)
        case "resume":
            return commands.resume(session, keys, who)
    return commands.unenroll(session, keys, who)


def enrollments(session: Session, choice: Choice, limit: int = 50) -> tuple[int, list[Chosen]]:
    """How many enrollments fit, and the newest of them."""
    values = choice.values | {"limit": limit or FOR_EVER}
    where = choice.where
    count = session.bound(f"SELECT count(*) FROM segue_enrollment t WHERE {where}", choice.values)[0][0]
    chosen = f"SELECT * FROM segue_enrollment t WHERE {where} ORDER BY t.enrolled_at DESC, t.bucket, t.id LIMIT :limit"
    sql = (
        f"SELECT t.bucket, t.id, d.kind || ' ' || d.name, t.contact_id, {NAME}, {COMPANY}, t.status, t.reason,"
        f" t.enrolled_at, t.last_step, t.last_step_at, t.due, t.detail FROM ({chosen}) t JOIN segue_definition d"
        " ON d.id = t.definition_id LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id"
        " ORDER BY t.enrolled_at DESC, t.bucket, t.id"
    )
    found = [Chosen(*(*row, reasons.stands(row[7], detail))) for *row, detail in session.bound(sql, values)]
    return count, awaiting(session, found)


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """One who was refused entry, when and why (S31). `words` say the reason to people."""

    definition: str
    contact_id: int
    contact: str
    at: int
    reason: str
    detail: str | None
    words: str
    object: str = "contact"


def refused(session: Session, choice: Choice, limit: int = 50) -> tuple[int, list[NotEnrolled]]:
    """How many were refused, and the newest of them. Raises InvalidInput where the choice asks for more than a
    definition or a contact, which is all that is known of a refusal."""
    if "t.status" in choice.where or "t.enrolled_by" in choice.where:
        raise InvalidInput("who was refused has no status and nobody's name", "`--refused` goes without the two")
    count = session.bound(f"SELECT count(*) FROM segue_refusal t WHERE {choice.where}", choice.values)[0][0]
    order = "t.at DESC, t.bucket, t.contact_id, t.definition_id"
    chosen = f"SELECT * FROM segue_refusal t WHERE {choice.where} ORDER BY {order} LIMIT :limit"
    sql = (
        f"SELECT d.kind || ' ' || d.name, t.contact_id, {NAME}, t.at, t.reason, t.detail FROM ({chosen}) t"
        " JOIN segue_definition d ON d.id = t.definition_id"
        f" LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}"
    )
    rows = session.bound(sql, choice.values | {"limit": limit or FOR_EVER})
    return count, [NotEnrolled(*(*row, reasons.refused(row[4]))) for row in rows]
