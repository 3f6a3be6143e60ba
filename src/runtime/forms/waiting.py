"""Records as the next tick will leave them: what waits in the inbox counts too, so that of two forms that come before
it the second one loses nothing, and takes nothing from the first (X27).

The inbox is read before the tables: what a tick takes in meanwhile is seen in both, never in neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from dsl.schema.model import Kind, Property

from ..store.dialect import json_value
from ..store.ids import bucket_of, stable_hash
from ..store.names import folded_column, quoted
from ..store.session import Session
from ..store.values import Storage
from ..talks.questions import stored


def one_by_one(session: Session) -> None:
    """Of two who look here and then write, the second waits until the first has done so, in a transaction of its own:
    each sees what the other left. On SQLite its transaction waits."""
    if session.dialect == "postgresql":
        session.run("SELECT pg_advisory_xact_lock(:waiting)", waiting=stable_hash("waiting"))


def present(
    session: Session, of: str, id_: int, names: Sequence[str], properties: Mapping[str, Property], at: int
) -> dict[str, Storage]:
    """Those properties in the store's encoding; none of a record that is not even to come."""
    coming = session.run(
        f"SELECT kind, name, payload FROM segue_inbox WHERE {_OF_ONE} AND kind IN ('record', 'set') {_IN_ORDER}",
        bucket=bucket_of(id_), id=id_, of=of, at=at,
    )  # fmt: skip
    columns = ", ".join(quoted(name) for name in names)
    sql = f"SELECT {columns} FROM {quoted(of)} WHERE bucket = :bucket AND id = :id"
    rows = session.run(sql, bucket=bucket_of(id_), id=id_)
    found: dict[str, Storage] = {}
    for name, held in zip(names, rows[0] if rows else (), strict=bool(rows)):
        found[name] = stored(properties[name].type.kind, held) if held is not None else None
    for kind, name, payload in coming:
        said = orjson.loads(payload)
        given = {name: said.get("v")} if kind == "set" else said
        found |= {name: given[name] for name in names if name in given}
    return found


def tied(session: Session, of: str, id_: int, association: str, at: int) -> int | None:
    """The record at the end of a link that is to come, the last of them; None without one."""
    rows = session.run(
        f"SELECT payload FROM segue_inbox WHERE {_OF_ONE} AND kind = 'link' AND name = :name {_IN_ORDER}",
        bucket=bucket_of(id_), id=id_, of=of, name=association, at=at,
    )  # fmt: skip
    return int(orjson.loads(rows[-1][0])["to"]) if rows else None


def external_id(session: Session, of: str, property_: str, folded_text: str, at: int) -> str | None:
    """Of a record to come whose text is that, whatever its letters and width; None where none comes."""
    text, external = (
        json_value(session.dialect, "payload", name, Kind.TEXT) for name in (folded_column(property_), "external_id")
    )
    found = session.one(
        f"SELECT min({external}) FROM segue_inbox WHERE at <= :at AND kind = 'record' AND object = :of"
        f" AND {text} = :text",
        at=at, of=of, text=folded_text,
    )  # fmt: skip
    return str(found) if found is not None else None


_OF_ONE = "bucket = :bucket AND id = :id AND object = :of AND at <= :at"
_IN_ORDER = "ORDER BY at, CASE WHEN kind = 'record' THEN 0 ELSE 1 END, rank, key"
