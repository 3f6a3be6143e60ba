"""What has happened beyond mails, tasks and properties: calls, notes, new records, consent; read from the store."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass

from ..store.ids import made_sql
from ..store.names import link_table, quoted
from ..talks.notes import to_notes
from .happened import Key
from .stage import Stage


@dataclass(frozen=True, slots=True)
class Call:
    """A message to Slack or a call of a webhook; `words` are what it says, of a webhook its JSON."""

    source: Key
    who: int
    at: int
    kind: str
    channel: str
    words: str


@dataclass(frozen=True, slots=True)
class Made:
    """A record that the test has not given; `source`: the definition that made it, None where people did by hand."""

    object: str
    id: int
    source: Key | None


class Effects:
    """As of now, the oldest first. `keys` are the definitions by their numbers."""

    def __init__(self, stage: Stage, keys: dict[int, Key]) -> None:
        self.stage, self.session, self.keys = stage, stage.session, keys

    def calls(self) -> list[Call]:
        rows = self.session.run(
            "SELECT definition_id, contact_id, coalesce(settled_at, due), kind, template, payload FROM segue_outbox"
            " WHERE kind IN ('slack', 'webhook') AND state = 'sent' ORDER BY 3, bucket, enrollment_id, ordinal"
        )
        return [
            Call(self.keys[number], who, at, kind, channel, _words(kind, payload))
            for number, who, at, kind, channel, payload in rows
        ]

    def made(self) -> list[Made]:
        """Of all objects but notes, which have an expectation of their own."""
        by = {id_: self.keys[number] for id_, number in self.session.run(_BY_STEPS)}
        found = []
        for of in self.stage.program.schema.objects:
            if of != "note":
                rows = self.session.run(f"SELECT id FROM {quoted(of)} ORDER BY created_at, id")
                found += [Made(of, id_, by.get(id_)) for (id_,) in rows if id_ not in self.stage.given]
        return found

    def notes(self, of: str, id_: int) -> list[str]:
        """The words of the notes on a record."""
        link = to_notes(self.stage.program.schema, of)
        if link is None:
            return []
        rows = self.session.run(
            f"SELECT n.body FROM {quoted(link_table(of, link))} l JOIN note n ON n.bucket = l.to_bucket AND"
            " n.id = l.to_id WHERE l.bucket = :b AND l.id = :id ORDER BY n.created_at, n.id",
            b=id_ % 256,
            id=id_,
        )
        return [row[0] or "" for row in rows]

    def consent(self, id_: int, topic: str) -> str | None:
        """opted_in, opted_out, or None where nothing was said."""
        sql = "SELECT state FROM segue_consent WHERE bucket = :b AND id = :id AND topic = :topic"
        rows = self.session.run(sql, b=id_ % 256, id=id_, topic=topic)
        return str(rows[0][0]) if rows else None


_BY_STEPS = (
    f"SELECT {made_sql('s.bucket', 's.enrollment_id', 's.ordinal')}, e.definition_id FROM segue_step s"
    " JOIN segue_enrollment e ON e.bucket = s.bucket AND e.id = s.enrollment_id WHERE s.what = 'create'"
)


def _words(kind: str, payload: str) -> str:
    """Slack's own signs are written as entities; a person reads the signs."""
    if kind == "slack":
        return html.unescape(str(json.loads(payload)["text"]))
    return json.dumps(json.loads(payload), ensure_ascii=False)
