"""The note that a talk leaves on its record, and on the person it was with (P5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.program.conversations import PERSON, Ask
from dsl.schema.model import Schema

from ..channels.values import Formats
from ..store import inbox
from ..store.ids import record_id
from ..store.names import folded, folded_column
from ..store.values import Storage
from .questions import OUTCOME, SCORE, Sitting, asks


@dataclass(frozen=True, slots=True)
class Noted:
    id: int
    rows: tuple[inbox.InboxRow, ...]


def note_rows(
    sitting: Sitting, answers: Mapping[str, Storage], by: str | None, known: int | None, talk_id: int
) -> Noted | None:
    """What puts the note into the inbox; with `known`, the note of an earlier revision, what replaces its words. None
    where the schema has no notes for such a record."""
    schema, at, talk = sitting.scope.schema, sitting.at, sitting.talk
    assert sitting.record is not None
    link = to_notes(schema, talk.object)
    if link is None:
        return None
    words = body(sitting, answers)
    if known is not None:
        cause = f"{talk.kind} {talk.name} {talk_id}/note"
        return Noted(known, (inbox.set_row("note", known, "body", words, at=at, rank=inbox.now(), key=cause),))
    name = f"talk {talk_id}"
    id_ = record_id("note", name)
    values: dict[str, Storage] = {"body": words, folded_column("body"): folded(words)}
    if by is not None and "owner" in schema.objects["note"].properties:
        values["owner"] = by
    rows = [
        inbox.record_row("note", name, values, at=at),
        inbox.link_row(talk.object, sitting.record, link, id_, at=at),
    ]
    theirs = to_notes(schema, PERSON) if sitting.person not in (None, sitting.record) else None
    if theirs is not None and sitting.person is not None:
        rows.append(inbox.link_row(PERSON, sitting.person, theirs, id_, at=at))
    return Noted(id_, tuple(rows))


def to_notes(schema: Schema, of: str) -> str | None:
    """The first association of an object that leads to notes."""
    if of not in schema.objects or "note" not in schema.objects:
        return None
    return next((a.name for a in schema.objects[of].associations.values() if a.target == "note"), None)


def body(sitting: Sitting, answers: Mapping[str, Storage]) -> str:
    """Title and outcome, then each question that was answered with its answer."""
    talk = sitting.talk
    title = talk.label or talk.name
    outcome = answers.get(OUTCOME) if OUTCOME not in asks(talk) else None
    lines = [f"{title}: {outcome}" if outcome else title]
    score = [asks(talk)[SCORE]] if talk.scale is not None else []
    for ask in (*score, *(item for item in sitting.shown(answers) if isinstance(item, Ask))):
        value = answers.get(ask.name)
        if value is not None:
            question = sitting.text(ask.question, answers)
            lines.append(f"{question}{'' if question[-1:] in '?？:：' else ':'} {said(sitting, ask, value)}")
    return "\n".join(lines)


def said(sitting: Sitting, ask: Ask, value: Storage) -> str:
    """An answer in the account's locale."""
    return Formats.of(sitting.scope.program.project).writer(ask.type)(value)
