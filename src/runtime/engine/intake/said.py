"""What a deleted record leaves in talks (X9): that there was one, with its choices and numbers; no word of it."""

from __future__ import annotations

from ...store.names import folded_column, quoted
from ...store.session import Session

_DELETED = "(deleted)"


def forget(session: Session, of: str, gone: str, values: dict[str, object], notes: bool) -> None:
    """`gone`: SQL of the (bucket, id) of deleted records of an object, with its parameters. Of talks about them, and of
    those a deleted contact had, free texts go, and with `notes` the words of the note; so does all of a draft."""
    object_name = {"object": of}
    session.bound(
        f"DELETE FROM segue_draft WHERE (object = :object AND (record_id % 256, record_id) IN {gone})"
        + (f" OR (contact_id % 256, contact_id) IN {gone}" if of == "contact" else ""),
        values | object_name,
    )
    theirs = [f"SELECT k.* FROM segue_talk k WHERE k.object = :object AND (k.bucket, k.record_id) IN {gone}"]
    if of == "contact":
        theirs.append(f"SELECT k.* FROM segue_talk k WHERE (k.contact_id % 256, k.contact_id) IN {gone}")
    for talks in theirs:
        given = values | (object_name if ":object" in talks else {})
        session.bound(
            "UPDATE segue_answer SET text = NULL, text_n = NULL WHERE text_n IS NOT NULL AND (bucket, talk_id) IN"
            f" (SELECT t.bucket, t.id FROM ({talks}) t)",
            given,
        )
        if notes:
            _notes(session, f"(SELECT t.note_id % 256, t.note_id FROM ({talks}) t WHERE t.note_id IS NOT NULL)", given)


def _notes(session: Session, those: str, values: dict[str, object]) -> None:
    body = f"body = :deleted, {quoted(folded_column('body'))} = :deleted"
    session.bound(f"UPDATE note SET {body} WHERE (bucket, id) IN {those}", values | {"deleted": _DELETED})
    session.bound(
        f"DELETE FROM segue_property_history WHERE object = 'note' AND property = 'body' AND (bucket, id) IN {those}",
        values,
    )
