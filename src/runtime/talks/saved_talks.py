"""Talks that people save: read, listed, and edited, which makes a revision that replaces the one before (P5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dsl.program.conversations import PERSON, Conversation

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..operators.arguments import still_there
from ..project.loading import Loaded
from ..query.said import column_of
from ..store import inbox
from ..store.ids import bucket_of, id_in
from ..store.session import FOR_EVER, Session
from ..store.values import Storage
from . import saving
from .answers import checked
from .drafts import drop_in
from .opening import named, reader, sitting
from .questions import OUTCOME, Sitting, asks, stored
from .saving import Before, Saved, replaced

_ACT = "talk"
COLUMNS = "bucket, id, kind, name, object, record_id, contact_id, by_user, at, outcome, revision, replaces, note_id"


@dataclass(frozen=True, slots=True)
class Talk:
    """One revision of a saved talk, as segue_talk keeps it; `at` in µs."""

    bucket: int
    id: int
    kind: str
    name: str
    object: str
    record_id: int
    contact_id: int | None
    by_user: str | None
    at: int
    outcome: str | None
    revision: int
    replaces: int | None
    note_id: int | None

    @property
    def called(self) -> str:
        """How it is named on the command line: `121.4611686018427387`."""
        return f"{self.bucket}.{self.id}"


def save(
    loaded: Loaded,
    at: Sitting,
    answers: Mapping[str, object],
    outcome: str | None,
    who: Actor,
    draft: int | None = None,
    kept: Mapping[str, Storage] | None = None,
) -> Saved:
    """Save a playbook. `answers`: as they were typed, or as JSON has them; `kept`: more of them in the store's
    encoding, as far as they are asked; `draft`: where they were put aside, which is let go. Nothing is written unless
    all of it is right. Raises InvalidInput, NotAllowed."""
    session, talk, record = at.session, at.talk, at.record
    begin(at, who)
    right = checked(at, reader(session, loaded), answers, outcome, kept)
    about = About(talk.object, (record,) if record is not None else (), f"{talk.kind} {talk.name}")
    with acting(session, who, _ACT, about):
        still_there(session, *_whom(at))
        if draft is not None:
            drop_in(session, draft)
        return saving.save(_now(at), right, who.name)


def begin(at: Sitting, who: Actor) -> None:
    """Whether they may run it is asked before the first question is, and before an answer is judged. Raises
    NotAllowed."""
    records = (at.record,) if at.record is not None else ()
    permit(at.session, who, _ACT, About(at.talk.object, records, f"{at.talk.kind} {at.talk.name}"))


def found(session: Session, text: str) -> Talk:
    """The talk that people name as `121.4611686018427387`. Raises UnknownName."""
    bucket, _, number = text.strip().partition(".")
    values = {"bucket": id_in(bucket), "id": id_in(number)}
    if None not in values.values():
        rows = session.bound(f"SELECT {COLUMNS} FROM segue_talk WHERE bucket = :bucket AND id = :id", values)
        if rows:
            return Talk(*rows[0])
    raise UnknownName(f"there is no talk `{text}`", "`segue playbook talks RECORD` lists those of a record")


def of_record(session: Session, of: str, record: int, limit: int = 50) -> list[Talk]:
    """What playbooks saved about a record, or with a contact on the line: the last revision of each, newest first."""
    theirs = " OR (k.contact_id = :record)" if of == PERSON else ""
    rows = session.run(
        f"SELECT {', '.join(f'k.{c}' for c in COLUMNS.split(', '))} FROM segue_talk k WHERE k.kind = 'playbook'"
        f" AND ((k.bucket = :bucket AND k.object = :of AND k.record_id = :record){theirs})"
        " AND NOT EXISTS (SELECT 1 FROM segue_talk n WHERE n.bucket = k.bucket AND n.record_id ="
        " k.record_id AND n.replaces = k.id)"
        " ORDER BY k.at DESC, k.id LIMIT :limit",
        bucket=bucket_of(record), of=of, record=record, limit=limit or FOR_EVER,
    )  # fmt: skip
    return [Talk(*row) for row in rows]


def answers_of(session: Session, talk: Talk, conversation: Conversation) -> dict[str, Storage]:
    """What was answered, the outcome among it, in the store's encoding; of questions that are there today."""
    rows = session.run(
        "SELECT name, text, number, whole, day FROM segue_answer WHERE bucket = :bucket AND talk_id = :id",
        bucket=talk.bucket,
        id=talk.id,
    )
    kept = {name: dict(zip(("text", "number", "whole", "day"), row, strict=True)) for name, *row in rows}
    found: dict[str, Storage] = {}
    for name, ask in asks(conversation).items():
        value = kept.get(name, {}).get(column_of(ask.type.kind))
        if value is not None:
            found[name] = stored(ask.type.kind, value)
    return found | ({OUTCOME: talk.outcome} if talk.outcome is not None else {})


def sitting_of(session: Session, loaded: Loaded, talk: Talk) -> Sitting:
    """The conversation of a saved talk once more. Raises UnknownName where the rules have it no longer."""
    return sitting(session, loaded, named(loaded, talk.kind, talk.name), talk.record_id, talk.contact_id)


def edit(
    loaded: Loaded, at: Sitting, talk: Talk, answers: Mapping[str, object], outcome: str | None, who: Actor
) -> Saved:
    """A new revision: `answers` are what is said instead, all others stay; an empty one takes its answer away. Note and
    properties are written again, what follows a save is not. Raises InvalidInput, NotAllowed."""
    session, own = at.session, talk.by_user in (None, who.name)
    about = About(talk.object, (talk.record_id,), f"{talk.kind} {talk.name}", {"talk": talk.called})
    permit(session, who, _ACT, about, own)
    before = answers_of(session, talk, at.talk)
    kept = {
        name: value
        for name, value in before.items()
        if name not in answers and not (name == OUTCOME and at.talk.outcomes)
    }
    ended = outcome if outcome is not None else talk.outcome
    right = checked(at, reader(session, loaded), answers, ended, kept)
    with acting(session, who, _ACT, about, own):
        later = replaced(session, talk.record_id, talk.id)
        if later is not None:
            raise InvalidInput(f"the talk `{talk.called}` was edited already", f"edit `{talk.bucket}.{later}`")
        still_there(session, *_whom(at))
        return saving.save(_now(at), right, who.name, Before(talk.id, talk.revision, talk.note_id, before))


def _whom(at: Sitting) -> list[tuple[str, int]]:
    """The record it is about and who is on the line."""
    record = [(at.talk.object, at.record)] if at.record is not None else []
    return record + ([(PERSON, at.person)] if at.person not in (None, at.record) else [])


def _now(at: Sitting) -> Sitting:
    """A talk takes its time, and what is said in it holds from its end on."""
    return replace(at, at=inbox.present(at.session))
