"""Where a record stands: by the store, and by what waits in its inbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import orjson

from dsl.diagnostics.suggest import did_you_mean
from dsl.schema import moves
from dsl.schema.model import Association, Pipeline, Schema

from ..errors import InvalidInput, UnknownName
from ..query.needs import lacks, needed
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import link_table, quoted
from ..store.session import Session, placeholders


@dataclass(frozen=True, slots=True)
class Place:
    """A record in its pipeline. `pipeline` and `stage` are None where nobody said; `known` is what some stage
    needs and this record has: properties with a value, associations that lead somewhere."""

    object: str
    id: int
    pipeline: str | None = None
    stage: str | None = None
    owner: str | None = None
    known: frozenset[str] = frozenset()

    def said(self, name: str, value: str | None) -> Place:
        """As it is when that property has that value."""
        match name:
            case "pipeline":
                return replace(self, pipeline=value)
            case "stage":
                return replace(self, stage=value)
            case "owner":
                return replace(self, owner=value, known=_known(self, name, value))
        return replace(self, known=_known(self, name, value))


def _known(stands: Place, name: str, value: str | None) -> frozenset[str]:
    return stands.known - {name} if value is None else stands.known | {name}


def pipelined(schema: Schema, of: str) -> str:
    """`of` if it is an object with pipelines. Raises UnknownName."""
    there = sorted({p.object for p in schema.pipelines.values()})
    if of not in there:
        raise UnknownName(f"`{of}` has no pipelines", did_you_mean(of, there) or "declare them in schema.yaml")
    return of


def pipeline_of(schema: Schema, of: str, name: str | None) -> Pipeline:
    """The pipeline with that name, or the only one. Raises UnknownName, InvalidInput."""
    there = {p.name: p for p in schema.pipelines_of(pipelined(schema, of))}
    if name is None and len(there) == 1:
        return next(iter(there.values()))
    listed = f"{of} has {', '.join(sorted(there))}"
    if name is None:
        raise InvalidInput("which pipeline?", f"say `--pipeline NAME`: {listed}")
    if name not in there:
        raise UnknownName(f"{of} has no pipeline `{name}`", did_you_mean(name, there) or listed)
    return there[name]


def place(session: Session, schema: Schema, of: str, id_: int) -> Place:
    """With all that was asked for and waits for the next tick; what lies later is not seen (X2)."""
    owner = '"owner"' if "owner" in schema.objects[of].properties else "NULL"
    names = needed(schema.pipelines_of(of))
    columns = "".join(f", {lacks(schema.objects[of], name, 'r')}" for name in names)
    sql = f'SELECT r."pipeline", r."stage", {owner}{columns} FROM {quoted(of)} r WHERE bucket = :bucket AND id = :id'
    rows = session.run(sql, bucket=bucket_of(id_), id=id_)
    stands = Place(of, id_)
    if rows:
        pipeline, stage, owned, *missing = rows[0]
        known = frozenset(name for name, no in zip(names, missing, strict=True) if not no)
        stands = Place(of, id_, pipeline, stage, owned, known)
    waiting = session.run(
        "SELECT kind, name, payload FROM segue_inbox WHERE bucket = :bucket AND id = :id AND object = :of AND at <= :at"
        " AND kind IN ('record', 'set', 'move', 'link', 'unlink')"
        " ORDER BY at, CASE WHEN kind = 'record' THEN 0 ELSE 1 END, rank, key",
        bucket=bucket_of(id_), id=id_, of=of, at=inbox.present(session),
    )  # fmt: skip
    tied: dict[str, dict[int, bool]] = {}
    for kind, name, payload in waiting:
        said = orjson.loads(payload)
        if kind == "set":
            stands = stands.said(name, said.get("v"))
        elif kind == "record":
            for given in ("pipeline", "stage", "owner", *names):
                stands = stands.said(given, said[given]) if given in said else stands
        elif kind in ("link", "unlink"):
            tied.setdefault(name, {})[said["to"]] = kind == "link"
        elif said.get("from") == stands.stage:
            stands = stands.said("stage", said.get("to"))
    for name in tied.keys() & set(names):
        some = any(tied[name].values()) or _others(session, schema.objects[of].associations[name], id_, tied[name])
        stands = replace(stands, known=_known(stands, name, "" if some else None))
    return stands


def _others(session: Session, association: Association, id_: int, but: Collection[int]) -> bool:
    """Whether the record is tied by it to any but these."""
    table, values = quoted(link_table(association.owner, association.name)), dict[str, object]()
    others = f"to_id NOT IN ({placeholders('but', list(but), values)})"
    sql = f"SELECT 1 FROM {table} WHERE bucket = :bucket AND id = :id AND {others} LIMIT 1"
    return bool(session.bound(sql, values | {"bucket": bucket_of(id_), "id": id_}))


def tied_to(session: Session, association: Association, id_: int) -> set[int]:
    """The ids that a record is tied to by an association, with all that was asked for from its own end."""
    table, bucket = quoted(link_table(association.owner, association.name)), bucket_of(id_)
    found = {
        int(to) for (to,) in session.run(f"SELECT to_id FROM {table} WHERE bucket = :b AND id = :id", b=bucket, id=id_)
    }
    waiting = session.run(
        "SELECT kind, payload FROM segue_inbox WHERE bucket = :bucket AND id = :id AND object = :of AND name = :name"
        " AND at <= :at AND kind IN ('link', 'unlink') ORDER BY at, rank, key",
        bucket=bucket, id=id_, of=association.owner, name=association.name, at=inbox.present(session),
    )  # fmt: skip
    for kind, payload in waiting:
        to = {int(orjson.loads(payload)["to"])}
        found = found - to if kind == "unlink" else found | to if association.many else to
    return found


def lacking(pipeline: Pipeline, to: str, known: Collection[str]) -> tuple[str, ...]:
    """What the stage needs and is not there."""
    return tuple(name for name in moves.needs(pipeline, to) if name not in known)


def check_needs(pipeline: Pipeline, to: str, known: Collection[str], called: str) -> None:
    """Raises InvalidInput where a property that the stage needs has no value, or an association leads nowhere."""
    if names := lacking(pipeline, to, known):
        verb = pipeline.object if pipeline.object in ("ticket", "deal") else ""
        hint = f"`segue {verb} set` gives it values and ties" if verb else "give it a value, or tie it to one, first"
        raise InvalidInput(f"{called} cannot stand in `{to}` without {', '.join(names)}", hint)


def check_move(schema: Schema, stands: Place, to: str, called: str) -> None:
    """Raises InvalidInput where the rules of its pipeline do not let it go there: why, and where it may go (P8)."""
    pipeline = schema.pipelines.get((stands.object, stands.pipeline or ""))
    if pipeline is None:
        raise InvalidInput(
            f"{stands.object} `{called}` stands in no pipeline of the schema",
            f"set its `pipeline` first: {', '.join(sorted(p.name for p in schema.pipelines_of(stands.object)))}",
        )
    if stands.stage == to:
        raise InvalidInput(f"{stands.object} `{called}` stands in `{to}` already")
    why = moves.refused(pipeline, stands.stage, to)
    if not why:
        check_needs(pipeline, to, stands.known, f"{stands.object} `{called}`")
        return
    ways = moves.allowed(pipeline, stands.stage)
    where = f"from `{stands.stage}`" if stands.stage else "from nowhere"
    raise InvalidInput(
        f"{stands.object} `{called}` cannot be moved to `{to}`: {why}",
        f"{where} it may go to {', '.join(ways)}" if ways else f"{where} it may go nowhere",
    )
