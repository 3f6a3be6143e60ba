"""Playbooks and the talks saved with them, as lists show them: figures by playbook, talks a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dsl.program.conversations import PERSON
from dsl.schema.model import Schema

from ..project.loading import Loaded
from ..reading.paging import Key
from ..reading.records import names_of
from ..store.ids import bucket_of
from ..store.session import Session
from .questions import asks
from .saved_talks import COLUMNS, Talk


@dataclass(frozen=True, slots=True)
class Playbook:
    """`talks` that were saved, `revisions` of them by later edits, `last` save (µs, None: never), `drafts` of whoever
    asks."""

    name: str
    label: str
    object: str
    questions: int
    talks: int
    revisions: int
    last: int | None
    drafts: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which talks: of one playbook, about one record or with that contact on the line; both, or all."""

    name: str | None = None
    object: str = ""
    record: int | None = None


@dataclass(frozen=True, slots=True)
class TalkLine:
    """`person` is who was on the line, "" where that is the record itself or nobody."""

    talk: Talk
    record: str
    person: str


def playbooks(session: Session, loaded: Loaded, user: str) -> list[Playbook]:
    """All of the project by name."""
    used = {row[0]: row[1:] for row in session.run(_USED)}
    drafts = "SELECT name, count(*) FROM segue_draft WHERE by_user = :user GROUP BY name"
    mine = {row[0]: int(row[1]) for row in session.run(drafts, user=user)}
    found = []
    for name, talk in loaded.program.talks("playbook").items():
        talks, edits, last = used.get(name, (0, 0, None))
        label, questions = talk.label or name, len(asks(talk))
        found.append(Playbook(name, label, talk.object, questions, int(talks), int(edits), last, mine.get(name, 0)))
    return found


def count_talks(session: Session, chosen: Chosen) -> int:
    where, values = _where(chosen)
    return int(session.bound(f"SELECT count(*) FROM segue_talk k WHERE {where}", values)[0][0])


def page_of_talks(
    session: Session,
    schema: Schema,
    chosen: Chosen,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[TalkLine]:
    """The newest first, of each its last revision; beyond the one whose `place_of_talk` is `after`."""
    where, values = _where(chosen)
    values |= {"limit": limit, "offset": offset} | {f"after{i}": value for i, value in enumerate(after or ())}
    beyond = f" AND (k.at, k.id) {'>' if back else '<'} (:after0, :after1)" if after is not None else ""
    way = "" if back else " DESC"
    columns = ", ".join(f"k.{name}" for name in COLUMNS.split(", "))
    rows = session.bound(
        f"SELECT {columns} FROM segue_talk k WHERE {where}{beyond}"
        f" ORDER BY k.at{way}, k.id{way} LIMIT :limit OFFSET :offset",
        values,
    )
    return _lines(session, schema, [Talk(*row) for row in rows])


def place_of_talk(line: TalkLine) -> Key:
    return line.talk.at, line.talk.id


def revisions(session: Session, talk: Talk) -> list[Talk]:
    """All of one talk, the newest first: those it replaced and itself."""
    found = [talk]
    columns = ", ".join(f"k.{name}" for name in COLUMNS.split(", "))
    while (before := found[-1].replaces) is not None:
        rows = session.run(
            f"SELECT {columns} FROM segue_talk k WHERE k.bucket = :bucket AND k.id = :id", bucket=talk.bucket, id=before
        )
        if not rows:
            break
        found.append(Talk(*rows[0]))
    return found


def _where(chosen: Chosen) -> tuple[str, dict[str, object]]:
    tests = [
        "k.kind = 'playbook' AND NOT EXISTS (SELECT 1 FROM segue_talk n WHERE n.bucket = k.bucket"
        " AND n.record_id = k.record_id AND n.replaces = k.id)"
    ]
    values: dict[str, object] = {}
    if chosen.name is not None:
        tests.append("k.name = :name")
        values["name"] = chosen.name
    if chosen.record is not None:
        about = "(k.bucket = :bucket AND k.object = :of AND k.record_id = :record)"
        tests.append(f"({about} OR k.contact_id = :record)" if chosen.object == PERSON else about)
        values |= {"bucket": bucket_of(chosen.record), "of": chosen.object, "record": chosen.record}
    return " AND ".join(tests), values


def _lines(session: Session, schema: Schema, talks: Sequence[Talk]) -> list[TalkLine]:
    """With the names of whom they are about, one question an object."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for talk in talks:
        wanted[talk.object].add(talk.record_id)
        if talk.contact_id is not None:
            wanted[PERSON].add(talk.contact_id)
    names = {of: names_of(session, schema, of, sorted(ids)) for of, ids in wanted.items()}
    return [
        TalkLine(
            talk,
            names[talk.object][talk.record_id],
            names[PERSON][talk.contact_id] if talk.contact_id not in (None, talk.record_id) else "",
        )
        for talk in talks
    ]


_USED = (
    "SELECT name, sum(CASE WHEN revision = 1 THEN 1 ELSE 0 END), sum(CASE WHEN revision > 1 THEN 1 ELSE 0 END), max(at)"
    " FROM segue_talk WHERE kind = 'playbook' GROUP BY name"
)
