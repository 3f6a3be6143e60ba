"""Texts with merge fields for sets of enrollments: read in one statement, rendered, handed back in one (X36)."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from dsl.program.blocks import Merge, Text

from ...channels.templates import Renderer
from ...channels.values import Formats
from ...query.conditions import values_of
from ...query.scope import Params, Scope
from ...query.values import Values
from ...store.names import folded, folded_column, quoted
from ...store.session import Row, Session

_SENDER = {"sender.name": "label", "sender.email": "email", "sender.time_zone": "time_zone"}


class Texts:
    def __init__(self, session: Session, scope: Scope) -> None:
        self.session, self.scope = session, scope
        self.renderer = Renderer(Formats.of(scope.program.project), scope.schema)

    def choose(
        self, text: Text, object_name: str, rows: str, values: Mapping[str, object], now: int
    ) -> tuple[str, str]:
        """Fill the table `chosen` with the rendered text of the enrollments in `rows` (bucket, id); SQL of the text
        and of its folded form (X31), both on alias `c`."""
        if not any(isinstance(part, Merge) for part in text.parts):
            whole = "".join(str(part) for part in text.parts)
            self.session.bound(
                f"INSERT INTO chosen SELECT r.bucket, r.id, :whole, :folded FROM ({rows}) r",
                dict(values) | {"whole": whole, "folded": folded(whole)},
            )
            return "c.value", "c.folded"
        found = self.fields(text, object_name, rows, values, now)
        rendered = self.renderer.plain(text, [row[2:] for row in found])
        self.session.many(
            "INSERT INTO chosen (bucket, id, value, folded) VALUES (:bucket, :id, :value, :folded)",
            [
                {"bucket": r[0], "id": r[1], "value": v, "folded": folded(v)}
                for r, v in zip(found, rendered, strict=True)
            ],
        )
        return "c.value", "c.folded"

    def choose_many(
        self, texts: Mapping[str, Text], object_name: str, rows: str, values: Mapping[str, object], now: int
    ) -> None:
        """Fill the table `chosen` with a JSON object of several texts, each with its folded form beside it (X31)."""
        made: dict[tuple[int, int], dict[str, str]] = {}
        for name, text in texts.items():
            found = self.fields(text, object_name, rows, values, now)
            for r, words in zip(found, self.renderer.plain(text, [row[2:] for row in found]), strict=True):
                made.setdefault((r[0], r[1]), {}).update({name: words, folded_column(name): folded(words)})
        self.session.many(
            "INSERT INTO chosen (bucket, id, value) VALUES (:bucket, :id, :value)",
            [{"bucket": b, "id": id_, "value": orjson.dumps(words).decode()} for (b, id_), words in made.items()],
        )

    def fields(self, text: Text, object_name: str, rows: str, values: Mapping[str, object], now: int) -> list[Row]:
        """(bucket, id, merge values ..) of the enrollments in `rows`."""
        params = Params()
        columns = "".join(f", {sql}" for sql in self.columns(text, object_name, params))
        return self.session.bound(
            f"SELECT e.bucket, e.id{columns} FROM ({rows}) r CROSS JOIN segue_enrollment e CROSS JOIN"
            f" {quoted(object_name)} s"
            " WHERE e.bucket = r.bucket AND e.id = r.id AND s.bucket = e.bucket AND s.id = e.contact_id ORDER"
            " BY e.bucket, e.id",
            dict(values) | params.at(now),
        )

    def columns(self, text: Text, object_name: str, params: Params, record: str = "") -> list[str]:
        """SQL of each merge field's value; `s` is the record, `e` the enrollment. In a mail `s` is who gets it, and `r`
        the `record` that the one who sends it is about."""
        written = values_of(self.scope, object_name, params, "e")
        written.objects["r"] = record
        of = {record: "r"}
        merges = [part for part in text.parts if isinstance(part, Merge)]
        return [self._column(merge, written, params, of.get(merge.root, "s")) for merge in merges]

    def _column(self, merge: Merge, written: Values, params: Params, record: str) -> str:
        if merge.value is not None:
            return written.sql(merge.value, record)
        if merge.builtin in _SENDER:
            return f"(SELECT u.{_SENDER[merge.builtin]} FROM segue_user u WHERE u.name = e.sender)"
        project = self.scope.program.project
        account = {"account.name": project.name, "account.postal_address": project.account.postal_address}
        # Links are filled in by the mail itself, from its key.
        return params.const(account[merge.builtin]) if merge.builtin in account else "NULL"
