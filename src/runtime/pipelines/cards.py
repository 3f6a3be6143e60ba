"""Records in pipelines as lists and boards: counted, summed and cut into pages by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from dsl.schema.model import Kind, ObjectType, Pipeline, Property, Schema

from ..metrics.people import NAME
from ..query.needs import lacks, stands_without
from ..reading.paging import Key
from ..store.names import link_table, quoted
from ..store.objects import stored_properties
from ..store.session import FOR_EVER, Session, placeholders
from ..store.sums import halves, together
from .finding import Wanted, properties_sql, text_sql
from .places import pipeline_of, pipelined

STATES = ("open", "closed", "all")


@dataclass(frozen=True, slots=True)
class Card:
    """A record as a list or a board shows it. `amount` is its first property of money, in minor units; `since`: when it
    came into its stage (µs); until the next tick `asked`: the stage that it was asked to go to, and `given`: whom it
    was given to."""

    id: int
    external_id: str
    name: str
    pipeline: str | None
    stage: str | None
    owner: str | None
    contact: str | None
    amount: int | None
    created_at: int
    since: int
    asked: str | None
    given: str | None

    @property
    def key(self) -> Key:
        """Its place in a list."""
        return self.created_at, self.id


@dataclass(frozen=True, slots=True)
class Which:
    """All that are given must hold. `linked`: (association, id of the record at its end). `text`: whose name begins so,
    or whose id or any text it is. `lacking`: those that are without something that the schema asks of them, be it for
    their stage or of every such record: a tie (P9), a stage."""

    pipeline: str | None = None
    stage: str | None = None
    owner: str | None = None
    state: str = "all"
    linked: tuple[str, int] | None = None
    text: str = ""
    properties: Wanted = ()
    lacking: bool = False


def count(session: Session, schema: Schema, of: str, which: Which) -> int:
    """How many there are."""
    where, values = _where(schema, of, which)
    return int(session.bound(f"SELECT count(*) FROM {quoted(of)} r WHERE {where}", values)[0][0])


def cards(
    session: Session,
    schema: Schema,
    of: str,
    which: Which,
    after: Key | None = None,
    limit: int = 50,
    back: bool = False,
    skip: int = 0,
) -> list[Card]:
    """Those made last first. `after`: the key of a row, for the page behind it, with `back` the one before it from its
    end on; limit 0: all."""
    where, values = _where(schema, of, which)
    order, beyond = ("", ">") if back else (" DESC", "<")
    if after is not None:
        where += f" AND (r.created_at, r.id) {beyond} (:after_at, :after_id)"
        values |= {"after_at": after[0], "after_id": after[1]}
    rows = (
        f"SELECT r.* FROM {quoted(of)} r WHERE {where} ORDER BY r.created_at{order}, r.id{order}"
        " LIMIT :limit OFFSET :skip"
    )
    return _shown(session, schema, of, rows, order, values | {"limit": limit or FOR_EVER, "skip": skip})


def _shown(
    session: Session, schema: Schema, of: str, rows: str, order: str, values: Mapping[str, object]
) -> list[Card]:
    """The records of `rows`, which is SQL, each with what a card tells of it."""
    found = session.bound(
        f"SELECT {_columns(schema, of)} FROM ({rows}) r ORDER BY r.created_at{order}, r.id{order}", {**values, "of": of}
    )
    return [Card(*(*rest, _said(asked, "to"), _said(given, "v"))) for *rest, asked, given in found]


def _said(waiting: str | None, field: str) -> str | None:
    """Where a waiting move leads, or whom it is given to."""
    return orjson.loads(waiting)[field] if waiting else None


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of a board: how many stand there, the sum of their amounts, and those made last."""

    stage: str
    label: str
    closed: bool
    count: int
    amount: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`currency` of the amounts, None where the object has none; `astray`: how many stand in the pipeline in a stage
    that it does not have."""

    object: str
    pipeline: str
    label: str
    currency: str | None
    columns: tuple[Column, ...]
    astray: int


def board(session: Session, schema: Schema, of: str, which: Which, each: int = 10) -> Board:
    """A pipeline with `each` cards a stage; with `which.state` only its open or closed stages. Raises UnknownName,
    InvalidInput."""
    p = pipeline_of(schema, of, which.pipeline)
    which = replace(which, pipeline=p.name)
    where, values = _where(schema, of, which)
    amount = _amount(schema.objects[of])
    high, low = halves(f"r.{quoted(amount.name)}") if amount else ("0", "0")
    rows = session.bound(
        f"SELECT r.stage, count(*), {high}, {low} FROM {quoted(of)} r WHERE {where} GROUP BY r.stage", values
    )
    sums = {stage: (int(n), together(*amounts)) for stage, n, *amounts in rows}
    stages = [s for s in p.stages if which.state == "all" or s.closed == (which.state == "closed")]
    newest = _newest(session, schema, of, which, [s.name for s in stages if s.name in sums], each)
    columns = [Column(s.name, s.label, s.closed, *sums.get(s.name, (0, 0)), tuple(newest[s.name])) for s in stages]
    astray = sum(n for stage, (n, _) in sums.items() if stage not in {s.name for s in p.stages})
    currency = amount.type.currency if amount else None
    return Board(of, p.name, p.label, currency, tuple(columns), astray)


def _newest(
    session: Session, schema: Schema, of: str, which: Which, stages: Sequence[str], each: int
) -> Mapping[str, list[Card]]:
    """Those made last of each of the stages, `each` of one: by one statement, of which most is the same for all."""
    found: dict[str, list[Card]] = defaultdict(list)
    if not stages or not each:
        return found
    where, values = _where(schema, of, which)
    rows = " UNION ALL ".join(
        f"SELECT * FROM (SELECT r.* FROM {quoted(of)} r WHERE {where} AND r.stage = {stage}"
        " ORDER BY r.created_at DESC, r.id DESC LIMIT :each) of_stage"
        for stage in placeholders("column", stages, values).split(", ")
    )
    for card in _shown(session, schema, of, rows, " DESC", values | {"each": each}):
        found[card.stage or ""].append(card)
    return found


def closed_sql(pipelines: tuple[Pipeline, ...], values: dict[str, object]) -> str:
    """Whether the record `r` is closed, as its pipelines say."""
    parts = []
    for i, p in enumerate(pipelines):
        closing = [s.name for s in p.stages if s.closed]
        if closing:
            values[f"in{i}"] = p.name
            parts.append(f"(r.pipeline = :in{i} AND r.stage IN ({placeholders(f'closing{i}_', closing, values)}))")
    return f"coalesce({' OR '.join(parts)}, FALSE)" if parts else "FALSE"


def _where(schema: Schema, of: str, which: Which) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {}
    parts = ["1 = 1"]
    for name in ("pipeline", "stage", "owner"):
        value = getattr(which, name)
        if value is not None:
            parts.append(f"r.{name} = :{name}")
            values[name] = value
    if which.state != "all":
        closed = closed_sql(schema.pipelines_of(pipelined(schema, of)), values)
        parts.append(closed if which.state == "closed" else f"NOT {closed}")
    if which.linked is not None:
        name, id_ = which.linked
        association = schema.objects[of].associations[name]
        back = link_table(association.target, association.inverse)
        parts.append(
            f"(r.bucket, r.id) IN (SELECT l.to_bucket, l.to_id FROM {back} l WHERE l.bucket = :linked_bucket AND l.id ="
            " :linked)"
        )
        values |= {"linked": id_, "linked_bucket": id_ % 256}
    if which.text:
        parts.append(text_sql(schema.objects[of], title_of(schema.objects[of]), which.text, values))
    parts += properties_sql(schema, of, which.properties, values)
    if which.lacking:
        parts.append(_lacking(schema, of, values))
    return " AND ".join(parts), values


def _lacking(schema: Schema, of: str, values: dict[str, object]) -> str:
    def const(text: str) -> str:
        name = f"stage{len(values)}"
        values[name] = text
        return f":{name}"

    wanted = [a.name for a in schema.objects[of].associations.values() if a.required]
    wanted += [p.name for p in stored_properties(schema.objects[of]) if p.required]  # its stage, which no import said
    demanded = [lacks(schema.objects[of], name, "r") for name in wanted]
    return f"({' OR '.join([stands_without(schema, of, const, 'r'), *demanded])})"


def title_of(of: ObjectType) -> str | None:
    """The property that a record is called by."""
    return next((name for name in ("subject", "name") if name in of.properties), None)


def currency_of(schema: Schema, of: str) -> str | None:
    """The currency of what such records are worth; None where they have no amount."""
    amount = _amount(schema.objects[of])
    return amount.type.currency if amount else None


def _amount(of: ObjectType) -> Property | None:
    return next((p for p in of.properties.values() if p.type.kind is Kind.MONEY and p.derived is None), None)


def _columns(schema: Schema, of: str) -> str:
    object_type = schema.objects[of]
    title, amount = title_of(object_type), _amount(object_type)
    called = f"coalesce(r.{quoted(title)}, r.external_id)" if title else "r.external_id"
    owner = "r.owner" if "owner" in object_type.properties else "NULL"
    since = (
        "coalesce((SELECT max(h.at) FROM segue_property_history h WHERE h.bucket = r.bucket AND h.object = :of"
        " AND h.id = r.id AND h.property = 'stage'), r.created_at)"
    )
    return (
        f"r.id, r.external_id, {called}, r.pipeline, r.stage, {owner}, {_contact(object_type)},"
        f" {f'r.{quoted(amount.name)}' if amount else 'NULL'}, r.created_at, {since},"
        f" {_waiting('move', 'stage')}, {_waiting('set', 'owner')}"
    )


def _waiting(kind: str, name: str) -> str:
    """What was asked for last and no tick has taken in yet."""
    return (
        "(SELECT i.payload FROM segue_inbox i WHERE i.bucket = r.bucket AND i.id = r.id AND i.object = :of"
        f" AND i.kind = '{kind}' AND i.name = '{name}' ORDER BY i.at DESC, i.rank DESC, i.key DESC LIMIT 1)"
    )


def _contact(of: ObjectType) -> str:
    """The first contact it hangs together with."""
    association = of.associations.get("contact")
    if association is None or association.target != "contact":
        return "NULL"
    first = (
        f"SELECT l.to_bucket AS bucket, l.to_id AS contact_id FROM {link_table(of.name, 'contact')} l"
        " WHERE l.bucket = r.bucket AND l.id = r.id ORDER BY l.at, l.to_id LIMIT 1"
    )
    return f"(SELECT {NAME} FROM ({first}) t JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id)"
