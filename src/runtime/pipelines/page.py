"""One record in its pipeline: its values, how it came here, where it may go, and what it is tied to (P9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dsl.schema import moves
from dsl.schema.model import Association, ObjectType, Pipeline, Property

from ..engine.intake.moves import LOST
from ..metrics.people import NAME
from ..operators import arguments
from ..project.loading import Settings
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import link_table, quoted
from ..store.objects import stored_properties
from ..store.session import Session
from .cards import title_of
from .places import Place, lacking, pipelined, place


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage it stood in from `since` (µs) until `until` (None: still)."""

    stage: str | None
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class LostMove:
    """A move that was not made, as somebody else had moved it from `decided_on` meanwhile."""

    at: int
    by: str
    decided_on: str | None
    to: str
    stood: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """What it hangs together with by one association: how many, and the first of them by name. `lacking`: the schema
    wants one (`warning` or `error`), and there is none (P9)."""

    association: str
    object: str
    count: int
    names: tuple[str, ...]
    lacking: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """`stands`, `owner`: its stage and owner with all that waits; `may_go_to` from there by the rules of its pipeline.
    `lacking`: what it has not got and such a stage, or its own, needs. `waiting`: how many rows of its inbox are to be
    taken in now. `properties` in the store's encoding."""

    object: str
    id: int
    external_id: str
    name: str
    pipeline: str | None
    stage: str | None
    stands: str | None
    owner: str | None
    closed: bool
    properties: tuple[tuple[Property, Any], ...]
    stays: tuple[Stay, ...]
    lost: tuple[LostMove, ...]
    ties: tuple[Tie, ...]
    may_go_to: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]]
    waiting: int


def page(session: Session, settings: Settings, of: str, text: str, names: int = 5) -> Page:
    """`text`: an id or external id; of each association the first `names`. Raises UnknownName."""
    schema = settings.schema
    object_type = schema.objects[pipelined(schema, of)]
    id_ = arguments.record(session, schema, of, text)
    key: dict[str, object] = {"bucket": bucket_of(id_), "id": id_}
    properties = stored_properties(object_type)
    columns = ", ".join(quoted(p.name) for p in properties)
    rows = session.bound(f"SELECT external_id, {columns} FROM {quoted(of)} WHERE bucket = :bucket AND id = :id", key)
    external_id, *values = rows[0] if rows else (text, *(None for _ in properties))
    said: dict[str, Any] = {p.name: value for p, value in zip(properties, values, strict=True)}
    stands = place(session, schema, of, id_)
    pipeline = schema.pipelines.get((of, stands.pipeline or ""))
    title = title_of(object_type)
    ways = moves.allowed(pipeline, stands.stage) if pipeline is not None else ()
    waiting = "SELECT count(*) FROM segue_inbox WHERE bucket = :bucket AND id = :id AND object = :of AND at <= :at"
    return Page(
        of, id_, str(external_id), str(said.get(title or "") or external_id), said.get("pipeline"), said.get("stage"),
        stands.stage, stands.owner, pipeline is not None and said.get("stage") in moves.closing(pipeline),
        tuple(zip(properties, values, strict=True)),
        _stays(session, of, key, said.get("stage"), said.get("created_at")), _lost(session, of, id_),
        tuple(_tie(session, schema.objects[a.target], a, key, names) for a in object_type.associations.values()),
        ways, _lacking(pipeline, stands, ways),
        int(session.one(waiting, **key, of=of, at=inbox.present(session))),
    )  # fmt: skip


def _lacking(pipeline: Pipeline | None, stands: Place, ways: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """By stage, where there is something."""
    stages = (*((stands.stage,) if stands.stage is not None else ()), *ways) if pipeline is not None else ()
    lack = {to: lacking(pipeline, to, stands.known) for to in stages if pipeline is not None}
    return {to: names for to, names in lack.items() if names}


def _stays(
    session: Session, of: str, key: dict[str, object], stage: str | None, created_at: int | None
) -> tuple[Stay, ...]:
    """From the first stage to the present one."""
    if created_at is None:
        return ()
    rows = session.bound(
        "SELECT at, old FROM segue_property_history WHERE bucket = :bucket AND object = :of AND id = :id"
        " AND property = 'stage' ORDER BY at, seq",
        key | {"of": of},
    )
    begins = [created_at, *(at for at, _ in rows)]
    stages = [*(old for _, old in rows), stage]
    return tuple(Stay(s, a, b) for s, a, b in zip(stages, begins, [*begins[1:], None], strict=True))


def _lost(session: Session, of: str, id_: int) -> tuple[LostMove, ...]:
    rows = session.run(
        "SELECT at, by_user, detail FROM segue_audit WHERE record_id = :id AND object = :of AND act = :act"
        " ORDER BY at, id",
        id=id_, of=of, act=LOST,
    )  # fmt: skip
    told = [(at, by, orjson.loads(detail)) for at, by, detail in rows]
    return tuple(LostMove(at, by, d.get("from"), d.get("to", ""), d.get("stood")) for at, by, d in told)


def _tie(session: Session, target: ObjectType, a: Association, key: dict[str, object], most: int) -> Tie:
    linked = f"FROM {link_table(a.owner, a.name)} l WHERE l.bucket = :bucket AND l.id = :id"
    count = int(session.bound(f"SELECT count(*) {linked}", key)[0][0])
    if not count:
        return Tie(a.name, a.target, 0, (), a.required)
    title = title_of(target)
    called = (
        NAME if a.target == "contact" else f"coalesce(p.{quoted(title)}, p.external_id)" if title else "p.external_id"
    )
    rows = session.bound(
        f"SELECT {called} FROM (SELECT l.to_bucket AS bucket, l.to_id AS contact_id, l.at {linked}"
        f" ORDER BY l.at DESC, l.to_id LIMIT :most) t JOIN {quoted(a.target)} p ON p.bucket = t.bucket"
        " AND p.id = t.contact_id ORDER BY t.at DESC, t.contact_id",
        key | {"most": most},
    )
    return Tie(a.name, a.target, count, tuple(str(row[0]) for row in rows), None)
