"""Alters tables of a store that has rows: add, rename, give a column another type. Runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import orjson
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Index, Table

from dsl.schema import minor_digits
from dsl.schema.model import Kind, Type

from ..times import zones
from . import meta
from .names import folded_column, quoted
from .objects import property_columns
from .session import Session
from .values import Storage, encode_value, stored_pair

_EXAMPLES = 5
_ROWS_AT_ONCE = 5_000


class Rewriting:
    """The operations a change is made of. Each does nothing where it is done already."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.operations = Operations(MigrationContext.configure(session.connection))

    def create(self, table: Table) -> None:
        table.create(self.session.connection, checkfirst=True)

    def add(self, table: str, column: Column[Any]) -> None:
        self.operations.add_column(table, column)

    def index(self, index: Index) -> None:
        index.create(self.session.connection, checkfirst=True)

    def rename(self, table: str, old: str, new: str, text: bool) -> None:
        """A property, its history and the facts about it that still wait."""
        pairs = [(old, new), (folded_column(old), folded_column(new))] if text else [(old, new)]
        for before, after in pairs:
            self._rename_column(table, before, after)
        for sql in (
            "UPDATE segue_property_history SET property = :new WHERE object = :object AND property = :old",
            "UPDATE segue_inbox SET name = :new WHERE kind IN ('set', 'add') AND object = :object AND name = :old",
        ):
            self.session.run(sql, object=table, old=old, new=new)
        self._rename_in_inbox(table, dict(pairs))

    def redo(self, table: str, name: str, old: Type, new: Type, default: object | None) -> None:
        """Make the column anew, with its values converted and what is missing set to the default."""
        columns = property_columns(name, new, default)
        there = [name, folded_column(name)] if old.kind is Kind.TEXT else [name]
        aside = [f"{column}__old" for column in there]
        self._drop_indexes(table, there)
        for column, other in zip(there, aside, strict=True):
            self._rename_column(table, column, other)
        for added in columns:
            self.operations.add_column(table, added)
        self._fill(table, name, aside[0], old, new, default)
        for other in aside:
            self.session.run(f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(other)}")
        meta.write(self.session, meta.REWRITTEN, "yes")

    def _fill(self, table: str, name: str, source: str, old: Type, new: Type, default: object | None) -> None:
        key = key_of(table)
        fallback = None if default is None else encode_value(new, default)
        names = list(stored_pair(name, new, None))
        sets = ", ".join(f"{quoted(n)} = :v{i}" for i, n in enumerate(names))
        where = " AND ".join(f"{quoted(k)} = :k{i}" for i, k in enumerate(key))
        batch: list[dict[str, object]] = []
        for *own, value in self.session.run(f"SELECT {', '.join(key)}, {quoted(source)} FROM {quoted(table)}"):
            found = fallback if value is None else converted(old, new, value)
            values = stored_pair(name, new, found)
            row: dict[str, object] = {f"v{i}": values[n] for i, n in enumerate(names)}
            batch.append(row | {f"k{i}": k for i, k in enumerate(own)})
        for start in range(0, len(batch), _ROWS_AT_ONCE):
            self.session.many(f"UPDATE {quoted(table)} SET {sets} WHERE {where}", batch[start : start + _ROWS_AT_ONCE])

    def _rename_column(self, table: str, old: str, new: str) -> None:
        self.session.run(f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(old)} TO {quoted(new)}")

    def _drop_indexes(self, table: str, columns: list[str]) -> None:
        """SQLite drops no column that has an index; the wanted one is made anew by the next comparison."""
        from sqlalchemy import inspect

        for index in inspect(self.session.connection).get_indexes(table):
            if set(columns) & set(index["column_names"]):
                self.session.run(f"DROP INDEX {quoted(str(index['name']))}")

    def _rename_in_inbox(self, table: str, names: dict[str, str]) -> None:
        rows = self.session.run(
            "SELECT bucket, at, key, fields, payload FROM segue_inbox WHERE kind = 'record' AND object = :object",
            object=table,
        )
        changed = []
        for bucket, at, key, fields, payload in rows:
            if not set(names) & set(fields.split(",")):
                continue
            values = {names.get(n, n): v for n, v in orjson.loads(payload).items()}
            shape = ",".join(sorted(names.get(n, n) for n in fields.split(",")))
            text = orjson.dumps(values).decode()
            changed.append({"bucket": bucket, "at": at, "key": key, "fields": shape, "payload": text})
        self.session.many(
            "UPDATE segue_inbox SET fields = :fields, payload = :payload"
            " WHERE bucket = :bucket AND at = :at AND key = :key",
            changed,
        )


def key_of(table: str) -> tuple[str, ...]:
    return ("bucket", "record_id", "at", "id") if table.startswith("event_") else ("bucket", "id")


def counted(session: Session, table: str) -> int:
    return int(session.one(f"SELECT count(*) FROM {quoted(table)}"))


def in_use(session: Session, table: str, name: str) -> int:
    """Facts about a property or field that wait in the inbox."""
    return sum(1 for _ in _waiting(session, table, name))


def unfit_rows(session: Session, table: str, name: str, old: Type, new: Type) -> tuple[int, list[str]]:
    """How many rows have a value that is none of the new type, and the first of them in words."""

    def wrong(value: Any) -> bool:
        try:
            converted(old, new, value)
        except ValueError:
            return True
        return False

    return _wrong_rows(session, table, name, wrong)


def rows_of_options(session: Session, table: str, name: str, gone: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many rows, or facts that wait, have one of the options that are gone, and the first of them in words."""

    def wrong(value: Any) -> bool:
        return any(option in gone for option in str(value).strip(";").split(";"))

    count, rows = _wrong_rows(session, table, name, wrong)
    waiting = [v for v in _waiting(session, table, name) if v is not None and wrong(v)]
    rows += [f"a fact that waits in the inbox: {v}" for v in waiting[: _EXAMPLES - len(rows)]]
    return count + len(waiting), rows


def _wrong_rows(session: Session, table: str, name: str, wrong: Callable[[Any], bool]) -> tuple[int, list[str]]:
    event = table.startswith("event_")
    who = "CAST(record_id AS TEXT)" if event else "external_id"
    values = [
        row[0]
        for row in session.run(
            f"SELECT DISTINCT {quoted(name)} FROM {quoted(table)} WHERE {quoted(name)} IS NOT NULL ORDER BY 1"
        )
        if wrong(row[0])
    ]
    count = 0
    rows: list[str] = []
    for value in values:
        where = f"FROM {quoted(table)} WHERE {quoted(name)} = :value"
        count += session.one(f"SELECT count(*) {where}", value=value)
        if len(rows) < _EXAMPLES:
            found = session.run(f"SELECT {who} {where} ORDER BY 1 LIMIT {_EXAMPLES - len(rows)}", value=value)
            rows += [f"{table.removeprefix('event_')} {own}: {value}" for (own,) in found]
    return count, rows


def _waiting(session: Session, table: str, name: str) -> Iterator[Any]:
    kind, object_name = ("event", table.removeprefix("event_")) if table.startswith("event_") else ("record", table)
    rows = session.run(
        "SELECT kind, name, fields, payload FROM segue_inbox"
        " WHERE object = :object AND (kind = :kind OR (kind IN ('set', 'add') AND name = :name))",
        object=object_name,
        kind=kind,
        name=name,
    )
    for what, _, fields, payload in rows:
        values = orjson.loads(payload)
        if what in ("set", "add"):
            yield values.get("v")
        elif name in fields.split(","):
            yield values.get(name)


def converted(old: Type, new: Type, value: Any) -> Storage:
    """A stored value of one type as another, by way of the text people would write for it; ValueError."""
    if old == new:
        return plain(value)
    return encode_value(new, _written(old, value))


def plain(value: Any) -> Storage:
    """What a driver gives back, as it is bound again."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else cast(Storage, value)


def _written(type_: Type, value: Any) -> object:
    match type_.kind:
        case Kind.MONEY:
            return str(Decimal(int(value)).scaleb(-minor_digits(type_.currency or "USD")))
        case Kind.BOOL:
            return "true" if value else "false"
        case Kind.DATETIME:
            moment: datetime = zones.to_datetime(int(value))
            return moment.isoformat()
        case Kind.MULTI_CHOICE:
            return str(value).strip(";")
    return str(plain(value))
