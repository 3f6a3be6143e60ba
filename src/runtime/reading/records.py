"""Records of any object of the schema: a list, a page at a time, and one with all that is known and linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dsl.schema.model import Kind, ObjectType, Property, Schema

from ..metrics.people import NAME
from ..store.ids import bucket_of, id_in, record_id
from ..store.names import begins_with, both_names, folded, folded_column, link_table, quoted
from ..store.objects import stored_properties
from ..store.session import Session, placeholders
from .paging import Key

LINKED = 50  # records shown of one association
SORTED = 20_000  # records that a list still sorts by name
_CHANGES = 200
_NAMED = ("name", "subject")
_BOTH = ("first_name", "last_name")
_SEARCHED = ("name", "subject", "domain", "email", "first_name", "last_name")
_SHOWN = {"contact": ("email", "lifecycle_stage", "owner"), "company": ("domain", "industry", "owner")}
_TELLING = (Kind.CHOICE, Kind.USER, Kind.MONEY, Kind.DATE, Kind.NUMBER)
_ALSO = ("country", "phone", "last_activity_at", "created_at")
_MOST = 9  # properties in a list


class RecordKey(NamedTuple):
    bucket: int
    id: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    """`values` are those of `columns_of` its object, as they are stored."""

    key: RecordKey
    name: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A record at the other end of an association, by the name the association has here."""

    association: str
    object: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One property that changed, by the words it had and has; `cause` is the import or step that wrote it."""

    at: int
    property: str
    old: str | None
    new: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that is known of one record: its properties in the schema's order, the first of what is linked to it, and
    its last changes, the newest first."""

    name: str
    external_id: str
    properties: tuple[tuple[Property, object], ...]
    linked: tuple[Linked, ...]
    changes: tuple[Change, ...]


def name_sql(schema: Schema, of: str) -> str:
    """What a record is called, in SQL over `p`, its row, and `t`, a row with its bucket and contact_id; "#id" of one
    that is gone or has no name."""
    if of == "contact":
        return NAME
    named = next((name for name in _NAMED if name in schema.objects[of].properties), None)
    said = f"NULLIF(p.{quoted(named)}, ''), " if named else ""
    return f"coalesce({said}p.external_id, '#' || CAST(t.contact_id AS TEXT))"


def columns_of(object_type: ObjectType) -> tuple[Property, ...]:
    """The properties that a list of such records shows beside their names, those first that tell most."""
    there = {p.name: p for p in stored_properties(object_type)}
    telling = (p.name for p in there.values() if p.type.kind in _TELLING)
    wanted = dict.fromkeys((*_SHOWN.get(object_type.name, ()), *telling, *_ALSO))
    return tuple(there[name] for name in wanted if name in there)[:_MOST]


def count_records(session: Session, schema: Schema, of: str, begins: str = "") -> int:
    where, values = _chosen(schema, of, begins)
    return int(session.bound(f"SELECT count(*) FROM {quoted(of)} c WHERE {where}", values)[0][0])


def page_of_records(
    session: Session,
    schema: Schema,
    of: str,
    begins: str = "",
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[RecordLine]:
    """`limit` records beyond the one of that key, in the order of their ids; with `begins` those whose name, address or
    domain begins so, ignoring case and width (X31)."""
    where, values = _chosen(schema, of, begins)
    values |= {"limit": limit, "offset": offset} | {f"after{i}": value for i, value in enumerate(after or ())}
    beyond = f" AND (c.bucket, c.id) {'<' if back else '>'} (:after0, :after1)" if after is not None else ""
    return _lines(session, schema, of, where + beyond, values, " DESC" if back else "")


def page_by_name(
    session: Session, schema: Schema, of: str, begins: str = "", limit: int = 50, offset: int = 0
) -> list[RecordLine]:
    """The same in the order of their names, case and width aside. All of them are sorted for a page, by no index: for
    no more than SORTED."""
    where, values = _chosen(schema, of, begins)
    there = {p.name for p in stored_properties(schema.objects[of])}
    known = {name: f"c.{quoted(folded_column(name))}" for name in (*_BOTH, *_NAMED) if name in there}
    whole = [f"ltrim({both_names(*(known[name] for name in _BOTH))})"] if known.keys() >= set(_BOTH) else []
    texts = [f"NULLIF({name}, '')" for name in (*whole, *(known[name] for name in _NAMED if name in known))]
    mail = [f"c.{quoted(folded_column('email'))}"] if "email" in there else []
    name = f"coalesce({', '.join([*texts, *mail, 'c.external_id'])})"
    return _lines(session, schema, of, where, values | {"limit": limit, "offset": offset}, name=name)


def records_named(session: Session, schema: Schema, of: str, text: str) -> list[RecordLine]:
    """Those with exactly that id (`#12`) or external id."""
    written = id_in(text)
    ids = [record_id(of, text.strip()), *([written] if written is not None else [])]
    values: dict[str, object] = {"limit": len(ids), "offset": 0}
    for i, id_ in enumerate(ids):
        values |= {f"b{i}": bucket_of(id_), f"i{i}": id_}
    where = " OR ".join(f"(c.bucket = :b{i} AND c.id = :i{i})" for i in range(len(ids)))
    return _lines(session, schema, of, where, values)


def names_of(session: Session, schema: Schema, of: str, ids: Sequence[int]) -> dict[int, str]:
    """What the records of these ids are called; "#id" of one that is gone. At most a page of them."""
    if not ids:
        return {}
    values: dict[str, object] = {}
    those = placeholders("i", ids, values)
    buckets = placeholders("b", sorted({bucket_of(id_) for id_ in ids}), values)
    rows = (
        session.bound(
            f"SELECT p.id, {name_sql(schema, of)} FROM (SELECT c.bucket, c.id AS contact_id FROM {quoted(of)} c"
            f" WHERE c.bucket IN ({buckets}) AND c.id IN ({those})) t"
            f" JOIN {quoted(of)} p ON p.bucket = t.bucket AND p.id = t.contact_id",
            values,
        )
        if of in schema.objects
        else []
    )
    return {id_: f"#{id_}" for id_ in ids} | {int(id_): str(name) for id_, name in rows}


def _lines(
    session: Session,
    schema: Schema,
    of: str,
    where: str,
    values: dict[str, object],
    way: str = "",
    name: str = "",
) -> list[RecordLine]:
    """`name`: SQL that they are sorted by before their ids."""
    columns = "".join(f", p.{quoted(p.name)}" for p in columns_of(schema.objects[of]))
    sorted_by = f", {name} AS segue_sorted" if name else ""
    rows = session.bound(
        f"SELECT p.bucket, p.id, {name_sql(schema, of)}{columns} FROM (SELECT c.*, c.id AS contact_id{sorted_by}"
        f" FROM {quoted(of)} c WHERE {where} ORDER BY {'segue_sorted, ' if name else ''}c.bucket{way}, c.id{way}"
        f" LIMIT :limit OFFSET :offset) t JOIN {quoted(of)} p ON p.bucket = t.bucket AND p.id = t.id"
        f" ORDER BY {'t.segue_sorted, ' if name else ''}p.bucket{way}, p.id{way}",
        values,
    )
    return [RecordLine(RecordKey(bucket, id_), name, tuple(rest)) for bucket, id_, name, *rest in rows]


def record_page(session: Session, schema: Schema, of: str, id_: int) -> RecordPage | None:
    """One record; None where there is none of that id."""
    properties = stored_properties(schema.objects[of])
    columns = "".join(f", p.{quoted(p.name)}" for p in properties)
    rows = session.run(
        f"SELECT {name_sql(schema, of)}, p.external_id{columns} FROM (SELECT :bucket AS bucket, :id AS contact_id) t"
        f" JOIN {quoted(of)} p ON p.bucket = t.bucket AND p.id = t.contact_id",
        bucket=bucket_of(id_),
        id=id_,
    )
    if not rows:
        return None
    name, external_id, *values = rows[0]
    found = tuple(zip(properties, values, strict=True))
    return RecordPage(name, external_id, found, _linked(session, schema, of, id_), _changes(session, of, id_))


def _linked(session: Session, schema: Schema, of: str, id_: int) -> tuple[Linked, ...]:
    """The first of each association, in the order the schema names them."""
    found: list[Linked] = []
    for association in schema.objects[of].associations.values():
        target = association.target
        rows = session.run(
            f"SELECT t.contact_id, {name_sql(schema, target)} FROM (SELECT l.to_bucket AS bucket, l.to_id AS contact_id"
            f" FROM {quoted(link_table(of, association.name))} l WHERE l.bucket = :bucket AND l.id = :id"
            f" ORDER BY l.to_bucket, l.to_id LIMIT {LINKED}) t LEFT JOIN {quoted(target)} p"
            " ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY t.bucket, t.contact_id",
            bucket=bucket_of(id_),
            id=id_,
        )
        found += [Linked(association.name, target, to, name) for to, name in rows]
    return tuple(found)


def _changes(session: Session, of: str, id_: int) -> tuple[Change, ...]:
    rows = session.run(
        "SELECT h.at, h.property, h.old, h.new, h.cause FROM segue_property_history h WHERE h.bucket = :bucket"
        f" AND h.object = :of AND h.id = :id ORDER BY h.at DESC, h.seq DESC, h.property LIMIT {_CHANGES}",
        bucket=bucket_of(id_),
        of=of,
        id=id_,
    )
    return tuple(Change(*row) for row in rows)


def _chosen(schema: Schema, of: str, begins: str) -> tuple[str, dict[str, object]]:
    wanted = folded(begins.strip())
    texts = [p.name for p in stored_properties(schema.objects[of]) if p.name in _SEARCHED]
    if not wanted or not texts:
        return "TRUE", {}
    tests = (begins_with(f"c.{quoted(folded_column(name))}", "begins") for name in texts)
    return f"({' OR '.join(tests)})", {"begins": wanted}
