"""Notes: the six-field template, what a note is tied to, and what was noted on a record and around it (P7, P9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from dsl.diagnostics.articles import article
from dsl.diagnostics.suggest import did_you_mean
from dsl.program.conversations import PERSON
from dsl.schema.model import Schema

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..metrics.people import NAME
from ..operators import arguments
from ..project.loading import Loaded, Settings
from ..store import inbox
from ..store.ids import bucket_of, record_id
from ..store.names import folded, link_table, quoted
from ..store.session import FOR_EVER, Session
from ..store.values import Storage, stored_pair
from ..talks.notes import to_notes
from .snippets import expanded

FIELDS = ("channel", "contact", "person_in_charge", "conversation", "decisions", "shared_matters")
_LABELS = {
    "en": ("Channel", "Contact", "Person in charge", "Conversation", "Decisions", "Shared matters"),
    "ja": ("連絡手段", "連絡先", "担当者", "会話内容", "決定事項", "共有事項"),
}
_PHONE = ("電話", "phone", "telefon", "téléphone")  # within the words of a channel
_PHONE_WORDS = ("tel", "tel.", "call")  # all of its words
_NEAR = ("company", "deal")  # they show what was done with their contacts (P9)
_LONGEST = 100_000  # characters of a note


@dataclass(frozen=True, slots=True)
class Noted:
    """What was asked for. `tied`: (object, record id); `lacking`: objects it should be tied to and is not."""

    id: int
    body: str
    tied: tuple[tuple[str, int], ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """`at` in µs; `of`: the contact it is on where that is not the record asked about (P9)."""

    id: int
    at: int
    owner: str | None
    body: str
    contact_id: int | None
    of: str | None


def labels(settings: Settings) -> dict[str, str]:
    """The six fields by name as the account's language calls them."""
    language = settings.project.account.locale[:2].lower()
    return dict(zip(FIELDS, _LABELS.get(language, _LABELS["en"]), strict=True))


def template(settings: Settings, fields: Mapping[str, str] | None = None) -> str:
    """The six lines, filled in as far as `fields` say; a name may be a label too. Raises UnknownName."""
    given = {_field(name): text.strip() for name, text in (fields or {}).items()}
    return "\n".join(f"{label}: {given.get(name, '')}".rstrip() for name, label in labels(settings).items())


def add(
    session: Session,
    loaded: Loaded,
    of: str,
    record: int,
    who: Actor,
    fields: Mapping[str, str] | None = None,
    text: str = "",
    ties: Sequence[tuple[str, int]] = (),
) -> Noted:
    """Ask for a note on a record: the template with `fields`, then `text`, in which a line `#suc` becomes its snippet.
    `ties`: (object, id) of further records it is about. Raises UnknownName, InvalidInput, NotAllowed."""
    schema = loaded.schema
    permit(session, who, "note", About(of, (record,)))
    contact = record if of == PERSON else next((id_ for other, id_ in ties if other == PERSON), None)
    words = [template(loaded, _completed(session, loaded, fields, contact, who))] if fields else []
    words += [expanded(session, loaded, text.strip("\n"), "note", contact, who)] if text.strip() else []
    body = "\n".join(words)
    if not body.strip():
        raise InvalidInput("the note says nothing", "write `--text` or `--field channel=..`")
    if len(body) > _LONGEST:
        raise InvalidInput(f"the note is longer than {_LONGEST:,} characters", "write several")
    tied = tuple(dict.fromkeys([(of, record), *ties]))
    links = [(other, id_, _way(schema, other)) for other, id_ in tied]
    name = f"note {uuid4().hex}"
    note, at, order = record_id("note", name), inbox.present(session), inbox.now()
    values: dict[str, Storage] = stored_pair("body", schema.objects["note"].properties["body"].type, body)
    if "owner" in schema.objects["note"].properties and who.name in loaded.project.users:
        values["owner"] = who.name
    rows = [inbox.record_row("note", name, values, at=at, rank=order)]
    rows += [inbox.link_row(other, id_, way, note, at=at, rank=order) for other, id_, way in links]
    with acting(session, who, "note", About(of, (record,), None, {"note": str(note)})):
        arguments.still_there(session, *tied)
        inbox.put(session, rows)
    return Noted(note, body, tied, lacking(schema, body, tied))


def lacking(schema: Schema, body: str, tied: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """A talk by phone is tied to its deal (P7)."""
    to_deals = to_notes(schema, "deal") is not None
    return ("deal",) if to_deals and _by_phone(body) and all(of != "deal" for of, _ in tied) else ()


def listed(
    session: Session,
    schema: Schema,
    of: str,
    record: int,
    limit: int = 50,
    before: tuple[int, int] | None = None,
) -> list[Note]:
    """Notes of a record, the newest first; of a company or deal those of its contacts too (P9). `before`: instant and
    id of the last note of the page above."""
    way = _way(schema, of)
    own = (
        f"SELECT l.to_bucket, l.to_id, CAST(NULL AS BIGINT) AS contact_id FROM {quoted(link_table(of, way))} l"
        " WHERE l.bucket = :bucket AND l.id = :id"
    )
    far = _of_contacts(schema, of)
    below = "WHERE (n.created_at, n.id) < (:at, :note)" if before is not None else ""
    near = f"{own} UNION ALL {far}" if far else own
    last = before or (0, 0)
    rows = session.bound(
        "SELECT n.id, n.created_at, n.owner, n.body, t.contact_id, CASE WHEN t.contact_id IS NOT NULL THEN"
        f" {NAME} END FROM (SELECT w.to_bucket, w.to_id, CASE WHEN count(*) > count(w.contact_id) THEN NULL ELSE"
        f" min(w.contact_id) END AS contact_id FROM ({near}) w GROUP BY w.to_bucket, w.to_id) t JOIN note n ON"
        " n.bucket = t.to_bucket AND n.id = t.to_id LEFT JOIN contact p ON p.bucket = t.contact_id % 256 AND"
        f" p.id = t.contact_id {below} ORDER BY n.created_at DESC, n.id DESC LIMIT :limit",
        {
            "bucket": bucket_of(record), "id": record, "at": last[0], "note": last[1],
            "limit": limit or FOR_EVER,
        },
    )  # fmt: skip
    return [Note(id_, at, owner, body or "", contact, name) for id_, at, owner, body, contact, name in rows]


def ties_of(session: Session, settings: Settings, written: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """(object, id) of `deal`, `acme-renewal`. Raises UnknownName, InvalidInput."""
    found = []
    for of, text in written:
        arguments.known("object", of, settings.schema.objects)
        _way(settings.schema, of)
        found.append((of, arguments.record(session, settings.schema, of, text)))
    return found


def _way(schema: Schema, of: str) -> str:
    """The association that leads to notes. Raises InvalidInput."""
    if (way := to_notes(schema, of)) is not None:
        return way
    what = "no notes" if "note" not in schema.objects else f"no notes on {article(of)}"
    raise InvalidInput(f"the schema of this project has {what}", "`extends: standard` in schema.yaml brings them")


def _of_contacts(schema: Schema, of: str) -> str | None:
    """SQL of the notes of a record's contacts."""
    theirs = to_notes(schema, PERSON)
    if of not in _NEAR or theirs is None:
        return None
    way = next((a.name for a in schema.objects[of].associations.values() if a.target == PERSON), None)
    if way is None:
        return None
    return (
        f"SELECT m.to_bucket, m.to_id, c.to_id FROM {quoted(link_table(of, way))} c JOIN"
        f" {quoted(link_table(PERSON, theirs))} m ON m.bucket = c.to_bucket AND m.id = c.to_id"
        " WHERE c.bucket = :bucket AND c.id = :id"
    )


# --- the template ---------------------------------------------------------------------------------


def _field(name: str) -> str:
    """The field that a name or label means. Raises UnknownName."""
    wanted = folded(name.strip())
    for known in (FIELDS, *_LABELS.values()):
        for field, label in zip(FIELDS, known, strict=True):
            if folded(label) == wanted:
                return field
    hint = did_you_mean(name, FIELDS) or f"the fields are {', '.join(FIELDS)}"
    raise UnknownName(f"a note has no field `{name[:60]}`", hint)


def _completed(
    session: Session, loaded: Loaded, fields: Mapping[str, str] | None, contact: int | None, who: Actor
) -> dict[str, str]:
    """Who it was with, and who is in charge, where nothing else is said."""
    given = {_field(name): text for name, text in (fields or {}).items()}
    user = loaded.project.users.get(who.name)
    given.setdefault("person_in_charge", user.label if user is not None else who.name)
    if contact is not None and "contact" not in given:
        sql = f"SELECT {NAME} FROM (SELECT :bucket AS bucket, CAST(:id AS BIGINT) AS contact_id) t LEFT JOIN contact p"
        named = session.one(f"{sql} ON p.bucket = t.bucket AND p.id = t.contact_id", bucket=contact % 256, id=contact)
        given["contact"] = str(named)
    return given


def _by_phone(body: str) -> bool:
    return any(
        channel in _PHONE_WORDS or any(word in channel for word in _PHONE) for channel in map(folded, _channels(body))
    )


def _channels(body: str) -> Iterator[str]:
    """What stands behind `Channel:`, in any of the languages."""
    names = "|".join(re.escape(of[0]) for of in _LABELS.values())
    for line in body.splitlines():
        if found := re.match(rf"\s*(?:{names})\s*[:：]\s*(.+)", line, re.IGNORECASE):
            yield found[1].strip()
