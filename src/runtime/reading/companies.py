"""What goes on at a company: the enrollments of its people, what they did last, and open tasks about any record."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.schema.model import Schema

from ..metrics.people import NAME
from ..store.ids import bucket_of
from ..store.names import link_table, quoted
from ..store.objects import TIMELINE
from ..store.session import Session
from .awaited import EnrollmentKey, awaiting, awaiting_tasks
from .paging import Key

_MOST = 200  # lines: what is shown at once, and not gone through


@dataclass(frozen=True, slots=True)
class EnrolledThere:
    """An enrollment of somebody who works there, or of the company itself (`contact_id` its own id)."""

    bucket: int
    id: int
    contact_id: int
    name: str
    definition: str
    status: str
    enrolled_at: int
    last_step: str | None
    awaits: str = ""  # as of `EnrollmentLine`

    @property
    def key(self) -> EnrollmentKey:
        return EnrollmentKey(self.bucket, self.id)


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody there did last."""

    at: int
    contact_id: int
    name: str
    event: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """`id` as of `tasks.Task`; `contact_id`: the record's."""

    id: str
    contact_id: int
    definition: str
    kind: str
    title: str
    assignee: str | None
    due_at: int | None
    awaits: str = ""


def count_enrolled_there(session: Session, schema: Schema, company: int) -> int:
    sql = f"SELECT count(*) FROM ({_people(schema)}) w JOIN segue_enrollment e ON {_THEIRS}"
    return int(session.bound(sql, _key(company))[0][0])


def enrolled_there(
    session: Session,
    schema: Schema,
    company: int,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[EnrolledThere]:
    """`limit` of them beyond the one at `after` (see `place_there`), those enrolled last first."""
    values = _key(company) | {"limit": limit, "offset": offset}
    values |= {f"after{i}": value for i, value in enumerate(after or ())}
    beyond = ""
    if after is not None:
        beyond = f" WHERE (e.enrolled_at, e.bucket, e.id) {'>' if back else '<'} (:after0, :after1, :after2)"
    way = "" if back else " DESC"
    rows = session.bound(
        f"SELECT t.bucket, t.id, t.contact_id, CASE WHEN t.contact_id = :id THEN :itself ELSE {NAME} END,"
        " d.kind || ' ' || d.name, t.status, t.enrolled_at, t.last_step FROM (SELECT e.* FROM"
        f" ({_people(schema)}) w JOIN segue_enrollment e ON {_THEIRS}{beyond}"
        f" ORDER BY e.enrolled_at{way}, e.bucket{way}, e.id{way} LIMIT :limit OFFSET :offset) t"
        " JOIN segue_definition d ON d.id = t.definition_id"
        " LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id"
        f" ORDER BY t.enrolled_at{way}, t.bucket{way}, t.id{way}",
        values | {"itself": "the company itself"},
    )
    return awaiting(session, [EnrolledThere(*row) for row in rows])


def place_there(line: EnrolledThere) -> Key:
    return line.enrolled_at, line.bucket, line.id


def heard_of(session: Session, schema: Schema, company: int) -> list[Heard]:
    """The last things that happened to the people who work there, the newest first."""
    rows = session.bound(
        f"SELECT t.at, t.contact_id, {NAME}, t.event FROM (SELECT v.at, v.event, v.bucket, v.record_id AS contact_id"
        f" FROM ({_people(schema)}) w JOIN {TIMELINE} v ON v.bucket = w.bucket AND v.record_id = w.id"
        " AND v.object = 'contact' ORDER BY v.at DESC, v.id LIMIT :limit) t"
        " LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY t.at DESC, t.contact_id, t.event",
        _key(company) | {"limit": _MOST},
    )
    return [Heard(*row) for row in rows]


def tasks_about(session: Session, id_: int) -> list[OpenTask]:
    """Open tasks about one record, those due first."""
    rows = session.run(
        "SELECT k.bucket || '.' || k.enrollment_id || '.' || k.ordinal, k.contact_id, d.kind || ' ' || d.name, k.kind,"
        " k.title, k.assignee, k.due_at FROM segue_enrollment e"
        " JOIN segue_task k ON k.bucket = e.bucket AND k.enrollment_id = e.id JOIN segue_definition d"
        " ON d.id = k.definition_id WHERE e.bucket = :bucket AND e.contact_id = :id AND k.state = 'open'"
        " ORDER BY k.due_at IS NULL, k.due_at, k.enrollment_id, k.ordinal LIMIT :limit",
        bucket=bucket_of(id_), id=id_, limit=_MOST,
    )  # fmt: skip
    return awaiting_tasks(session, [OpenTask(*row) for row in rows])


_THEIRS = "e.bucket = w.bucket AND e.contact_id = w.id"


def _key(company: int) -> dict[str, object]:
    return {"bucket": bucket_of(company), "id": company}


def _people(schema: Schema) -> str:
    """Bucket and id of each contact of a company, by whatever association, and of the company itself."""
    itself = "SELECT c.bucket, c.id FROM company c WHERE c.bucket = :bucket AND c.id = :id"
    tables = [
        quoted(link_table("company", a.name))
        for a in schema.objects["company"].associations.values()
        if a.target == "contact"
    ]
    links = (f"SELECT l.to_bucket, l.to_id FROM {t} l WHERE l.bucket = :bucket AND l.id = :id" for t in tables)
    return " UNION ".join([itself, *links])
