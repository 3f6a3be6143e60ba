"""Saving a talk: all of it in one transaction, or nothing (P5).

What was said stands in segue_talk and segue_answer at once. The note, what is written back to properties and the start
of what follows are rows of the inbox beside it: the engine's next tick takes them in, also after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import randbits

from dsl.schema.model import Kind

from ..query.said import column_of
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import folded
from ..store.session import Session
from ..store.values import Storage
from .notes import note_rows
from .questions import OUTCOME, Sitting, asks


@dataclass(frozen=True, slots=True)
class Written:
    """One answer that goes to a property: of which record, None where none is linked."""

    object: str
    record: int | None
    property: str
    value: Storage


@dataclass(frozen=True, slots=True)
class Saved:
    """A talk in the store. `written`: what went, or could not go, to properties; `follows`: whether anything does."""

    id: int
    kind: str
    name: str
    record_id: int
    contact_id: int | None
    at: int
    revision: int
    note_id: int | None
    answers: Mapping[str, Storage]
    written: tuple[Written, ...]
    follows: bool

    @property
    def answered(self) -> int:
        """How many questions were."""
        return len(self.answers.keys() - {OUTCOME})


@dataclass(frozen=True, slots=True)
class Before:
    """The revision that a new one replaces: its number and note stay, what it said already is not written again."""

    id: int
    revision: int
    note_id: int | None
    answers: Mapping[str, Storage]


def save(
    sitting: Sitting,
    answers: Mapping[str, Storage],
    by: str | None,
    before: Before | None = None,
    talk_id: int | None = None,
    note: bool = True,
    writes: Iterable[Written] | None = None,
) -> Saved:
    """In the caller's transaction. `answers` are checked ones, the outcome among them; `talk_id`: the same id is saved
    once. `writes`: what goes to properties where that is not simply each answer to its own."""
    assert sitting.record is not None
    talk, id_ = sitting.talk, talk_id or randbits(63) or 1
    revision = before.revision + 1 if before else 1
    noted = note_rows(sitting, answers, by, before.note_id if before else None, id_) if note else None
    note_id = noted.id if noted is not None else None
    _talk_row(sitting, id_, answers.get(OUTCOME), by, revision, before, note_id)
    _answer_rows(sitting, id_, answers)
    written = tuple(written_back(sitting, answers, before) if writes is None else writes)
    follows = talk.on_save is not None and before is None
    rows = [*(noted.rows if noted is not None else ()), *_property_rows(sitting, id_, written)]
    inbox.put(sitting.session, [*rows, *([started_by(sitting, id_, by)] if follows else [])])
    return Saved(
        id_, talk.kind, talk.name, sitting.record, sitting.person, sitting.at, revision, note_id, dict(answers),
        written, follows,
    )  # fmt: skip


def written_back(sitting: Sitting, answers: Mapping[str, Storage], before: Before | None = None) -> list[Written]:
    """Answers to questions that name a property, but those that an earlier revision gave just so: what became of the
    property since is newer (P3). Of two questions for one property the later one counts."""
    found: dict[tuple[str, int | None, str], Written] = {}
    for name, ask in asks(sitting.talk).items():
        target = ask.target
        if target is None or name not in answers or (before and before.answers.get(name) == answers[name]):
            continue
        record = sitting.target(target.path)
        found[(target.object, record, target.property)] = Written(target.object, record, target.property, answers[name])
    return list(found.values())


def _property_rows(sitting: Sitting, id_: int, written: Iterable[Written]) -> list[inbox.InboxRow]:
    """The key is the cause that the property's history names."""
    order, cause = inbox.now(), f"{sitting.talk.kind} {sitting.talk.name}"
    return [
        inbox.set_row(
            one.object, one.record, one.property, one.value,
            at=sitting.at, rank=order, key=f"{cause} {id_}/{one.object}.{one.property}",
        )
        for one in written
        if one.record is not None
    ]  # fmt: skip


def started_by(sitting: Sitting, id_: int, by: str | None) -> inbox.InboxRow:
    """What `on save` or `on submit` says begins at the next tick, for this talk and no other."""
    talk = sitting.talk
    assert sitting.record is not None
    payload: dict[str, Storage] = {"by": by, "hand": by is not None, "talk": id_}
    name = f"{talk.kind} {talk.name}"
    return inbox.row(
        "enroll", talk.object, sitting.record, name, payload, at=sitting.at, rank=inbox.now(), key=f"talk {id_}"
    )


def _talk_row(
    sitting: Sitting,
    id_: int,
    outcome: Storage,
    by: str | None,
    revision: int,
    before: Before | None,
    note_id: int | None,
) -> None:
    talk, record = sitting.talk, sitting.record
    assert record is not None
    sitting.session.bound(
        "INSERT INTO segue_talk (bucket, id, kind, name, object, record_id, contact_id, by_user, at, outcome, revision,"
        " replaces, note_id) VALUES (:bucket, :id, :kind, :name, :object, :record, :person, :by, :at, :outcome,"
        " :revision, :replaces, :note)",
        {
            "bucket": bucket_of(record), "id": id_, "kind": talk.kind, "name": talk.name, "object": talk.object,
            "record": record, "person": sitting.person, "by": by, "at": sitting.at, "outcome": outcome,
            "revision": revision, "replaces": before.id if before else None, "note": note_id,
        },
    )  # fmt: skip


def _answer_rows(sitting: Sitting, id_: int, answers: Mapping[str, Storage]) -> None:
    assert sitting.record is not None
    questions, bucket = asks(sitting.talk), bucket_of(sitting.record)
    sitting.session.many(
        "INSERT INTO segue_answer (bucket, talk_id, name, text, text_n, number, whole, day)"
        " VALUES (:bucket, :talk, :name, :text, :text_n, :number, :whole, :day)",
        [
            {"bucket": bucket, "talk": id_, "name": name, **_columns(questions[name].type.kind, value)}
            for name, value in answers.items()
            if name in questions
        ],
    )


def _columns(kind: Kind, value: Storage) -> dict[str, Storage]:
    kept: dict[str, Storage] = dict.fromkeys(("text", "text_n", "number", "whole", "day"))
    kept[column_of(kind)] = int(value) if isinstance(value, bool) else value
    if kind is Kind.TEXT:
        kept["text_n"] = folded(str(value))
    return kept


def replaced(session: Session, record: int, id_: int) -> int | None:
    """The revision that replaced a talk about a record; None where it is the last. It locks the talk until the
    transaction ends, so that of two who edit it at once the second one hears of the first."""
    values: dict[str, object] = {"b": bucket_of(record), "record": record, "id": id_}
    session.bound("UPDATE segue_talk SET revision = revision WHERE bucket = :b AND id = :id", values)
    sql = "SELECT min(id) FROM segue_talk WHERE bucket = :b AND record_id = :record AND replaces = :id"
    found = session.bound(sql, values)[0][0]
    return int(found) if found is not None else None
