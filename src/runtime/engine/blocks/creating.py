"""`create` and `log note`: a record begins in the next pass, at the instant of its step. Its id follows from the step,
so a step that a crash undid makes the same record again, not a second one."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.blocks import Create, LogNote, Text
from dsl.program.conditions import Const, Value
from dsl.schema.model import Property

from ...query.values import Values
from ...store.dialect import json_joined, json_object
from ...store.ids import made_sql
from ...store.names import folded_column
from ...store.values import encode_value, stored_pair
from ..rows import TO_INBOX
from .moving import FROM, HERE, KEY, Group, Moving
from .written import Pairs, pairs

_ID = made_sql("e.bucket", "e.id", "e.ordinal + 1")
_HERE = f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}"


class Creating(Moving):
    def create(self, g: Group, block: Create, now: int) -> None:
        """What is not given takes the schema's default, and so does a value that is missing where one is due."""
        of, values = self.rules.scope.schema.objects[block.object], self.values(g)
        texts = {name: value for name, value in block.fields if isinstance(value, Text)}
        found: Pairs = []
        for name, value in block.fields:
            if not isinstance(value, Text):
                found += _given(values, value, of.properties[name])
        payload = json_object(self.session.dialect, found)
        if texts:
            self.texts.choose_many(texts, g.version.pinned.object, _HERE, g.values, now)
            payload = json_joined(self.session.dialect, payload, "c.value")
        names = ",".join(sorted(name for name, _ in block.fields))
        self._make(g, block.object, names, payload, self.rows(g, bool(texts)), values.params.at(now), now)
        if block.name is not None:
            self.session.bound(
                "INSERT INTO segue_created (bucket, enrollment_id, name, object, record_id)"
                f" SELECT e.bucket, e.id, :name, :object, {_ID} {FROM}"
                " ON CONFLICT (bucket, enrollment_id, name) DO UPDATE SET object = excluded.object,"
                " record_id = excluded.record_id",
                g.values | {"name": block.name, "object": block.object},
            )
        if texts:
            self.session.run("DELETE FROM chosen")
        self.step(g, block.next, now, "create", block.object)

    def log_note(self, g: Group, block: LogNote, now: int) -> None:
        """A note of the enroller's, on the record's timeline (X21)."""
        of, schema = g.version.pinned.object, self.rules.scope.schema
        words, folded = self.texts.choose(block.text, of, _HERE, g.values, now)
        found = [("body", words), (folded_column("body"), folded)]
        if "owner" in schema.objects["note"].properties:
            found.append(("owner", "coalesce(e.enrolled_by, e.sender)"))
        names = ",".join(sorted(name for name, _ in found if name != folded_column("body")))
        payload = json_object(self.session.dialect, found)
        self._make(g, "note", names, payload, self.rows(g, chosen=True), {}, now)
        self.session.run("DELETE FROM chosen")
        # The first association that leads to notes; the checker demands one.
        link = next(a.name for a in schema.objects[of].associations.values() if a.target == "note")
        self.session.bound(
            f"{TO_INBOX} SELECT e.bucket, :now, {KEY} || ' link', e.contact_id, 'link', :of, e.contact_id, :link, '',"
            f" {json_object(self.session.dialect, [('to', _ID)])}, TRUE, :now {FROM}",
            g.values | {"now": now, "of": of, "link": link},
        )
        self.step(g, block.next, now, "note", "")

    def _make(
        self, g: Group, of: str, names: str, payload: str, rows: str, values: Mapping[str, object], now: int
    ) -> None:
        self.session.bound(
            f"{TO_INBOX} SELECT {_ID} % 256, :now, {KEY}, e.contact_id, 'record', :of, {_ID}, NULL, :names,"
            f" {payload}, TRUE, :now"
            f" {rows}",
            g.values | dict(values) | {"now": now, "of": of, "names": names},
        )


def _given(values: Values, value: Value, into: Property) -> Pairs:
    found = pairs(values, value, into.type.kind, into.name)
    if into.default is None or isinstance(value, Const):
        return found
    default = stored_pair(into.name, into.type, encode_value(into.type, into.default, values.scope.zone))
    return [(name, f"coalesce({sql}, {values.params.const(default[name])})") for name, sql in found]
