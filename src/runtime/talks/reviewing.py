"""What saving a playbook would do, for whoever looks before they save: the note, the properties that change, what
follows (P3, P5). Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..channels.values import Formats
from ..project.loading import Loaded
from ..reading.records import names_of
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.values import Storage
from .answers import checked
from .following import follows
from .notes import body
from .opening import reader
from .questions import OUTCOME, Sitting, stored
from .saved_talks import Talk, answers_of
from .saving import Before, Written, written_back
from .sheets import Sheet, revised


@dataclass(frozen=True, slots=True)
class Change:
    """A property of a record, named as people know them; `old` and `new` in the account's locale, "" for nothing."""

    object: str
    record: str
    property: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Review:
    """`nowhere`: answers that go to no property, as no such record is linked; `follows`: sentences; `besides`: what
    else there is to know. `note` is "" where none is written."""

    note: str
    changes: tuple[Change, ...]
    nowhere: tuple[str, ...]
    follows: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()


def review(loaded: Loaded, at: Sitting, form: Sheet) -> Review:
    """Of a playbook that is saved for the first time. Raises InvalidInput as saving it would."""
    answers = checked(at, reader(at.session, loaded), form.typed, form.outcome or None, form.kept)
    seen = _review(at, answers, None)
    return replace(seen, follows=follows(at, answers))


def review_edit(loaded: Loaded, at: Sitting, talk: Talk, form: Sheet, before: Mapping[str, str]) -> Review:
    """Of a revision; `before` as `texts_of` gave it. What follows a save does not run again."""
    earlier = answers_of(at.session, talk, at.talk)
    said = revised(form, before)
    kept = {n: v for n, v in earlier.items() if n not in said and not (n == OUTCOME and at.talk.outcomes)}
    answers = checked(at, reader(at.session, loaded), said, form.outcome or talk.outcome, kept)
    return _review(at, answers, Before(talk.id, talk.revision, talk.note_id, earlier))


def _review(at: Sitting, answers: Mapping[str, Storage], before: Before | None) -> Review:
    written = written_back(at, answers, before)
    changes = (changed(at, one, one.record) for one in written if one.record is not None)
    nowhere = tuple(f"{one.object}.{one.property}" for one in written if one.record is None)
    return Review(body(at, answers), tuple(one for one in changes if one is not None), nowhere)


def changed(at: Sitting, one: Written, record: int) -> Change | None:
    """None where the record holds just that."""
    schema = at.scope.schema
    about = schema.objects[one.object].properties[one.property]
    rows = at.session.run(
        f"SELECT {quoted(one.property)} FROM {quoted(one.object)} WHERE bucket = :bucket AND id = :id",
        bucket=bucket_of(record),
        id=record,
    )
    old = stored(about.type.kind, rows[0][0]) if rows and rows[0][0] is not None else None
    if old == one.value:
        return None
    write = Formats.of(at.scope.program.project).writer(about.type)
    name = names_of(at.session, schema, one.object, [record])[record]
    return Change(one.object, name, about.label or one.property, "" if old is None else write(old), write(one.value))
