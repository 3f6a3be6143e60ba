"""Records that an import wrote into their table at once become known to the engine (decision 0022): as if they had come
through the inbox.

Where that would have gone otherwise they are put back there first: the clock has not come to their instant, or other
facts about the same record wait, which may be older.
"""

from __future__ import annotations

from dsl.schema.model import Kind, ObjectType

from ...query.scope import Scope
from ...store.dialect import json_object
from ...store.names import folded_column, quoted
from ...store.session import Session
from ..judging.touches import Touches
from ..rows import TO_INBOX


class Loads:
    """Nobody loads while a worker runs, so it is enough to look once."""

    def __init__(self, session: Session, scope: Scope, touches: Touches) -> None:
        self.session, self.scope, self.touches = session, scope, touches
        self._looked = False

    def __call__(self, t: int) -> None:
        """Take note of what was loaded, at the first instant that is worked."""
        if self._looked:
            return
        self._looked = True
        if self.session.one("SELECT 1 FROM segue_loaded LIMIT 1") is None:
            return
        loads = self.session.run(
            "SELECT DISTINCT name, object, fields FROM segue_inbox WHERE bucket = 0 AND kind = 'loaded'"
        )
        for number, name, fields in loads:
            self._load(int(number), self.scope.schema.objects[name], fields, t)
        self.session.run("DELETE FROM segue_inbox WHERE bucket = 0 AND kind = 'loaded'")

    def _load(self, load: int, of: ObjectType, fields: str, t: int) -> None:
        self._put_back(load, of, fields, t)
        rows = "SELECT l.bucket, l.id, l.at, CAST(NULL AS BIGINT) AS event_id, 0 AS live FROM segue_loaded l"
        self.touches.add(f"created {of.name}", f"{rows} WHERE l.load = :load", {"load": load})
        self.session.run("DELETE FROM segue_loaded WHERE load = :load", load=load)

    def _put_back(self, load: int, of: ObjectType, fields: str, t: int) -> None:
        names = [n for n in fields.split(",") if n in of.properties and of.properties[n].derived is None]
        pairs = [("external_id", "o.external_id")]
        for name in names:
            kind = of.properties[name].type.kind
            pairs.append((name, self._json(f"o.{quoted(name)}", kind)))
            if kind is Kind.TEXT:
                pairs.append((folded_column(name), f"o.{quoted(folded_column(name))}"))
        other = (
            "(l.bucket, l.id) IN (SELECT i.bucket, i.id FROM segue_inbox i WHERE i.kind = 'record'"
            " AND i.object = :object AND i.at <= :t)"
        )
        values = {"load": load, "object": of.name, "t": t}
        key = "'put back ' || CAST(l.load AS TEXT) || ' ' || CAST(l.id AS TEXT)"
        put = self.session.count(
            f"{TO_INBOX} SELECT o.bucket, l.at, {key}, l.rank, 'record', :object, o.id, NULL, :fields,"
            f" {json_object(self.session.dialect, pairs)}, FALSE, l.at"
            f" FROM segue_loaded l CROSS JOIN {quoted(of.name)} o"
            f" WHERE l.load = :load AND l.bucket = o.bucket AND l.id = o.id AND (l.at > :t OR {other})",
            values | {"fields": ",".join(names)},
        )
        if not put:
            return
        back = (
            "(bucket, id) IN (SELECT l.bucket, l.id FROM segue_loaded l JOIN segue_inbox i ON i.bucket = l.bucket"
            f" AND i.at = l.at AND i.key = {key} WHERE l.load = :load)"
        )
        self.session.run(f"DELETE FROM {quoted(of.name)} WHERE {back}", load=load)
        self.session.run(f"DELETE FROM segue_loaded WHERE load = :load AND {back}", load=load)

    def _json(self, column: str, kind: Kind) -> str:
        """A value as a payload has it: SQLite keeps a bool as a number."""
        if kind is Kind.BOOL and self.session.dialect == "sqlite":
            return f"CASE {column} WHEN 1 THEN json('true') WHEN 0 THEN json('false') END"
        return column
