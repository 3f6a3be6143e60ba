"""Finds records by a property's value: those in the store, those that wait in its inbox, those of this import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from dsl.schema.model import Kind, Schema

from ..dialect import json_value
from ..names import folded, folded_column, quoted
from ..session import Session
from ..values import Storage

Index = dict[str, int | None]  # None: several records have the value


class Lookups:
    """One index per (object, property) asked for, read once and kept up while rows come in."""

    def __init__(self, session: Session, schema: Schema) -> None:
        self.session, self.schema = session, schema
        self._indexes: dict[tuple[str, str], Index] = {}
        self._columns: dict[str, list[tuple[str, Index]]] = {}

    def finder(self, object_name: str, property_name: str) -> Callable[[str], int]:
        """From a value to the record's id; ValueError where none or several have it. Case and width are ignored."""
        index = self._index(object_name, property_name)

        def find(text: str) -> int:
            key = folded(text)
            found = index.get(key, 0)
            if found:
                return found
            many = "more than one" if key in index else "no"
            raise ValueError(f"{many} {object_name} has {property_name} `{text}`")

        return find

    def note(self, object_name: str, id_: int, values: Mapping[str, Storage]) -> None:
        """A record of this import can be found at once."""
        for column, index in self._columns.get(object_name, ()):
            _put(index, values.get(column), id_)

    def _index(self, object_name: str, property_name: str) -> Index:
        known = self._indexes.get((object_name, property_name))
        if known is not None:
            return known
        index = self._indexes[object_name, property_name] = {}
        kind = self.schema.objects[object_name].properties[property_name].type.kind
        column = folded_column(property_name) if kind is Kind.TEXT else property_name
        self._columns.setdefault(object_name, []).append((column, index))
        for value, id_ in self._known(object_name, column, kind):
            _put(index, value, id_)
        return index

    def _known(self, object_name: str, column: str, kind: Kind) -> list[tuple[Storage, int]]:
        payload = json_value(self.session.dialect, "payload", column, kind)
        rows = self.session.run(
            f"SELECT {quoted(column)}, id FROM {quoted(object_name)} WHERE {quoted(column)} IS NOT NULL"
            f" UNION SELECT {payload}, id FROM segue_inbox"
            f" WHERE kind = 'record' AND object = :object AND {payload} IS NOT NULL",
            object=object_name,
        )
        return [(row[0], row[1]) for row in rows]


def _put(index: Index, value: Storage | Decimal, id_: int) -> None:
    if value is None:
        return
    key = folded(str(value))
    index[key] = id_ if index.get(key, id_) == id_ else None
