"""What a new schema changes in a store: compared to the shape it was made from and to the tables it really has.

The shape tells types, options and currencies, the tables tell what is there: a migration that was interrupted, or that
somebody did by hand, is gone on with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Index, Table, inspect

from dsl.schema.model import Kind, ObjectType, Property, Schema, Type

from .names import event_table, folded_column, link_table, quoted
from .objects import crm_metadata, property_columns, stored_events, stored_properties
from .rewriting import Rewriting, counted, in_use, rows_of_options, unfit_rows
from .session import Session
from .shape import Shape, schema_shape
from .tables import metadata
from .values import encode_value


@dataclass(frozen=True, slots=True)
class Change:
    """`words` for people; `do` makes it. `needed`: the schema cannot be used before it is made."""

    words: str
    do: Callable[[Rewriting], None] = field(default=lambda rewriting: None, compare=False)
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change is not made, and up to five of the rows that do not fit, in words."""

    words: str
    rows: tuple[str, ...] = ()


class Comparison:
    """`changes` and `refusals` in the order of the schema, `shape`: what the store is to remember afterwards."""

    def __init__(self, session: Session, schema: Schema, stored: Shape) -> None:
        self.session, self.schema, self.stored = session, schema, stored
        self.crm = crm_metadata(schema)
        inspector = inspect(session.connection)
        # Everything in two queries: PostgreSQL takes 10 ms to tell about one table.
        columns, indexes = inspector.get_multi_columns(), inspector.get_multi_indexes()
        self.there = {name: {c["name"] for c in found} for (_, name), found in columns.items()}
        self.indexed = {name: {tuple(i["column_names"]) for i in found} for (_, name), found in indexes.items()}
        self.tables = set(self.there)
        self.changes: list[Change] = []
        self.refusals: list[Refusal] = []
        self.shape = schema_shape(schema)
        self._own_tables()
        for of in schema.objects.values():
            self._object(of)
        self._events()
        self._indexes()
        self._kept()

    # --- tables -------------------------------------------------------------------------------

    def _own_tables(self) -> None:
        for table in metadata.sorted_tables:
            if table.name not in self.tables:
                self._create(table, f"add table {table.name}")
                continue
            there = self._columns(table.name)
            for column in table.columns:
                if column.name not in there:
                    words = f"add column {table.name}.{column.name}"
                    self._add_columns(words, table.name, [column._copy()])

    def _object(self, of: ObjectType) -> None:
        stored = self.stored["objects"].get(of.name)
        if of.name not in self.tables:
            self._refuse_rename(of)
            self._create(self.crm.tables[of.name], f"add object {of.name}")
        else:
            self._properties(of, stored or {"properties": {}, "links": {}})
        for association in of.associations.values():
            self._association(of, association.name, (stored or {"links": {}})["links"].get(association.name))

    def _refuse_rename(self, of: ObjectType) -> None:
        """Ids are made from the object's name, so with records it has to keep it."""
        if of.was and of.was in self.tables and (count := counted(self.session, of.was)):
            words = f"object {of.was} cannot be renamed to {of.name}: its {count} records have ids made from its name"
            self.refusals.append(Refusal(words + "; keep the name and change its label"))

    def _properties(self, of: ObjectType, stored: Shape) -> None:
        there = self._columns(of.name)
        for p in stored_properties(of):
            if p.name == "created_at":
                continue
            before = stored["properties"].get(p.name)
            if p.name not in there and p.was and p.was in there and p.was not in of.properties:
                self._rename(of, p, stored["properties"].get(p.was))
            elif p.name not in there or self._lacks_twin(p, there, before):
                words = f"add property {of.name}.{p.name} ({p.type})"
                columns = [c for c in property_columns(p.name, p.type, p.default) if c.name not in there]
                self._add_columns(words, of.name, columns)
            elif before is not None:
                if before.get("kept"):
                    self._add(f"property {of.name}.{p.name} is back, with the values it had")
                self._retype(of.name, p.name, p.type, before, p)

    @staticmethod
    def _lacks_twin(p: Property, there: set[str], before: Shape | None) -> bool:
        """A text whose folded column was not made; one that was no text gets it with its new type."""
        was_text = before is None or before["kind"] == Kind.TEXT
        return p.type.kind is Kind.TEXT and was_text and folded_column(p.name) not in there

    def _rename(self, of: ObjectType, p: Property, before: Shape | None) -> None:
        was = p.was or ""
        for name in readers(self.session, was):
            words = f"property {of.name}.{was} cannot be renamed to {p.name} yet: people inside {name} still need it"
            self.refusals.append(Refusal(words))
            return
        text = before is None or before["kind"] == Kind.TEXT
        self._add(f"rename property {of.name}.{was} to {p.name}", lambda r: r.rename(of.name, was, p.name, text))
        if before is not None and self._type_shape(before) != self._type_shape(self._wanted(of.name, p.name)):
            words = f"property {of.name}.{p.name} is renamed and of another type"
            self.refusals.append(Refusal(words + ": do one, migrate, then the other"))

    # --- one column ---------------------------------------------------------------------------

    def _retype(self, table: str, name: str, type_: Type, before: Shape, p: Property | None = None) -> None:
        """Another type, currency or target, options less, another default: each only where every row fits."""
        label = f"{table.removeprefix('event_')}.{name}"
        old = Type(Kind(before["kind"]), tuple(before.get("options", ())), before.get("currency"), before.get("target"))
        default = p.default if p else None
        if old.kind is not type_.kind:
            self._convert(table, name, label, old, type_, default)
            return
        if (old.currency, old.target) != (type_.currency, type_.target):
            self._refuse_if_used(table, name, f"{label} is in {old.currency or old.target}")
        gone = tuple(o for o in old.options if o not in type_.options)
        if gone:
            self._options(table, name, label, gone)
        if set(type_.options) - set(old.options):
            added = ", ".join(o for o in type_.options if o not in old.options)
            self._add(f"{label} may also be {added}", needed=False)
        if p is not None and before.get("default") != (None if default is None else encode_value(type_, default)):
            words = f"{label} has the default {default}" if default is not None else f"{label} has no default any more"
            self._add(words, lambda r: r.redo(table, name, type_, type_, default))

    def _convert(self, table: str, name: str, label: str, old: Type, new: Type, default: object | None) -> None:
        words = f"{label} changes from {old} to {new}"
        waiting = in_use(self.session, table, name)
        if waiting:
            words += f": {waiting} facts that wait in the inbox have the old type; run the engine first"
            self.refusals.append(Refusal(words))
            return
        count, rows = unfit_rows(self.session, table, name, old, new)
        if count:
            self.refusals.append(Refusal(f"{words}: {_rows(count)} not fit", tuple(rows)))
        else:
            self._add(words, lambda r: r.redo(table, name, old, new, default))

    def _options(self, table: str, name: str, label: str, gone: tuple[str, ...]) -> None:
        count, rows = rows_of_options(self.session, table, name, gone)
        words = f"{label} is no longer {' or '.join(gone)}"
        if count:
            self.refusals.append(Refusal(f"{words}: {_rows(count)} not fit", tuple(rows)))
        else:
            self._add(words, needed=False)

    def _refuse_if_used(self, table: str, name: str, words: str) -> None:
        used = self.session.one(f"SELECT count({quoted(name)}) FROM {quoted(table)}")
        if used or in_use(self.session, table, name):
            self.refusals.append(Refusal(f"{words}: {_rows(used)} not fit; add another property instead"))

    # --- links, events, indexes ---------------------------------------------------------------

    def _association(self, of: ObjectType, name: str, before: Shape | None) -> None:
        association, table = of.associations[name], link_table(of.name, name)
        if table not in self.tables:
            self._create(self.crm.tables[table], f"add association {of.name}.{name}")
            return
        if before is None:
            return
        if before["target"] != association.target and (count := counted(self.session, table)):
            words = f"association {of.name}.{name} leads to another object: {_rows(count)} not fit"
            self.refusals.append(Refusal(words))
        if before["many"] and not association.many:
            several = self.session.run(
                f"SELECT id, count(*) FROM {quoted(table)} GROUP BY bucket, id HAVING count(*) > 1 ORDER BY 2 DESC, 1"
            )
            if several:
                rows = tuple(f"{of.name} {id_} has {count}" for id_, count in several[:5])
                words = f"association {of.name}.{name} leads to one only: {_rows(len(several))} not fit"
                self.refusals.append(Refusal(words, rows))

    def _events(self) -> None:
        for kind in stored_events(self.schema):
            table, before = event_table(kind.name), self.stored["events"].get(kind.name)
            if table not in self.tables:
                self._create(self.crm.tables[table], f"add event {kind.name}")
                continue
            there = self._columns(table)
            for column in self.crm.tables[table].columns:
                if column.name not in there and not column.primary_key:
                    words = f"add field {kind.name}.{column.name}"
                    self._add_columns(words, table, [column._copy()])
            if before is None:
                continue
            if before["of"] != kind.of and (count := counted(self.session, table)):
                self.refusals.append(Refusal(f"event {kind.name} is of another object: {_rows(count)} not fit"))
            for f in kind.fields.values():
                if f.name in there and f.name in before["fields"]:
                    self._retype(table, f.name, f.type, before["fields"][f.name])

    def _indexes(self) -> None:
        for table in (*metadata.sorted_tables, *self.crm.sorted_tables):
            if table.name not in self.tables:
                continue
            there = self.indexed.get(table.name, set())
            for index in sorted(table.indexes, key=lambda i: str(i.name)):
                columns = tuple(c.name for c in index.columns)
                ours = index.info.get("dialect", self.session.dialect) == self.session.dialect
                if ours and columns not in there:
                    self._add_index(f"add an index on {table.name}.{columns[0]}", index)

    # --- what the schema has no more ----------------------------------------------------------

    def _kept(self) -> None:
        """Nothing is dropped: the store remembers what it keeps, and says so once."""
        self._keep("object", self.stored["objects"], self.shape["objects"])
        self._keep("event", self.stored["events"], self.shape["events"])
        for name, inner in (("objects", ("properties", "links")), ("events", ("fields",))):
            for owner, wanted in self.shape[name].items():
                before = self.stored[name].get(owner)
                for part in inner if before and not wanted.get("kept") else ():
                    word = {"properties": "property", "links": "association", "fields": "field"}[part]
                    renamed = self._renamed(owner) if part == "properties" else set()
                    left = {n: s for n, s in before[part].items() if n not in renamed}
                    self._keep(word, left, wanted[part], f"{owner}.")

    def _renamed(self, owner: str) -> set[str]:
        """Former names whose column is renamed by this change."""
        of, there = self.schema.objects[owner], self._columns(owner)
        return {p.was for p in of.properties.values() if p.was and p.was in there and p.name not in there}

    def _keep(self, word: str, stored: dict[str, Any], wanted: dict[str, Any], owner: str = "") -> None:
        for name, before in stored.items():
            if name not in wanted:
                wanted[name] = before | {"kept": True}
                if not before.get("kept"):
                    self._add(f"{word} {owner}{name} is kept until nothing reads it", needed=False)

    # --- small things -------------------------------------------------------------------------

    def _columns(self, table: str) -> set[str]:
        return self.there.get(table, set())

    def _wanted(self, owner: str, name: str) -> Shape:
        found: Shape = self.shape["objects"][owner]["properties"][name]
        return found

    @staticmethod
    def _type_shape(shape: Shape) -> Shape:
        return {k: v for k, v in shape.items() if k not in ("default", "options", "kept")}

    def _create(self, table: Table, words: str) -> None:
        self._add(words, lambda r: r.create(table))

    def _add_columns(self, words: str, table: str, columns: Sequence[Column[Any]]) -> None:
        def add(rewriting: Rewriting) -> None:
            for column in columns:
                rewriting.add(table, column)

        self._add(words, add)

    def _add_index(self, words: str, index: Index) -> None:
        self._add(words, lambda rewriting: rewriting.index(index))

    def _add(self, words: str, do: Callable[[Rewriting], object] = lambda r: None, needed: bool = True) -> None:
        def change(rewriting: Rewriting) -> None:
            do(rewriting)

        self.changes.append(Change(words, change, needed))


def readers(session: Session, name: str) -> Iterator[str]:
    """Definitions with people inside whose pinned version speaks of `name` (X26)."""
    rows = session.run(
        "SELECT DISTINCT d.kind, d.name FROM segue_version v JOIN segue_definition d ON d.id = v.definition_id"
        " WHERE v.program LIKE :name AND EXISTS (SELECT 1 FROM segue_enrollment e WHERE e.version_id = v.id"
        " AND e.ended_at IS NULL) ORDER BY 1, 2",
        name=f'%"{name}"%',
    )
    yield from (f"{kind} {definition}" for kind, definition in rows)


def _rows(count: int) -> str:
    return "1 row does" if count == 1 else f"{count} rows do"
