"""What somebody removed from a store by hand: told when it is opened, not by the first statement that needs it."""

from __future__ import annotations

from collections.abc import Iterable

from dsl.schema.model import Schema

from ..errors import SchemaMismatch, StoreError
from .names import event_table, link_table
from .objects import stored_events
from .session import Session
from .tables import metadata

_COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master t CROSS JOIN pragma_table_info(t.name) c"
    " WHERE t.type = 'table'",
    "postgresql": "SELECT t.relname, c.attname FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
    " WHERE t.relkind = 'r' AND pg_table_is_visible(t.oid) AND c.attnum > 0 AND NOT c.attisdropped",
}
Columns = dict[str, set[str]]


def columns(session: Session) -> Columns:
    """The columns of each table there is."""
    found: Columns = {}
    for table, column in session.run(_COLUMNS[session.dialect]):
        found.setdefault(table, set()).add(column)
    return found


def refuse_lost_tables(there: Columns, store: str) -> None:
    """Raises StoreError where tables of our own are gone: an empty one instead would not say what it does not know."""
    lost = [table.name for table in metadata.sorted_tables if table.name not in there]
    if lost:
        raise StoreError(f"{store} is damaged: {_said(lost)} {_are(lost)} gone", "put a backup in its place")


def refuse_holes(there: Columns, schema: Schema, store: str) -> None:
    """Raises SchemaMismatch where columns of our own are gone, or tables of the schema that the store was made for."""
    lost = [f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns if c.name not in there[t.name]]
    lost += [table for table in _tables(schema) if table not in there]
    if lost:
        hint = "a backup has what stood there; `segue migrate` makes anew what it can, empty"
        raise SchemaMismatch(f"{store}: {_said(lost)} {_are(lost)} gone", hint)


def _tables(schema: Schema) -> Iterable[str]:
    yield from schema.objects
    yield from (event_table(kind.name) for kind in stored_events(schema))
    for of in schema.objects.values():
        yield from (link_table(of.name, association) for association in of.associations)


def _said(lost: list[str]) -> str:
    return ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")


def _are(lost: list[str]) -> str:
    return "is" if len(lost) == 1 else "are"
