"""Where a record stands: by the store, and by what waits in its inbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import orjson

from dsl.diagnostics.suggest import did_you_mean
from dsl.schema import moves
from dsl.schema.model import Pipeline, Schema

from ..errors import InvalidInput, UnknownName
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A record in its pipeline. `pipeline` and `stage` are None where nobody said; `known` are those of the properties
    that some stage needs which have a value."""

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
    needed = sorted({name for p in schema.pipelines_of(of) for stage in p.stages for name in stage.needs})
    columns = "".join(f", {quoted(name)}" for name in needed)
    sql = f'SELECT "pipeline", "stage", {owner}{columns} FROM {quoted(of)} WHERE bucket = :bucket AND id = :id'
    rows = session.run(sql, bucket=bucket_of(id_), id=id_)
    pipeline, stage, owned, *held = rows[0] if rows else (None, None, None)
    known = frozenset(name for name, value in zip(needed, held, strict=bool(rows)) if value is not None)
    stands = Place(of, id_, pipeline, stage, owned, known)
    waiting = session.run(
        "SELECT kind, name, payload FROM segue_inbox WHERE bucket = :bucket AND id = :id AND object = :of AND at <= :at"
        " AND kind IN ('record', 'set', 'move') ORDER BY at, CASE WHEN kind = 'record' THEN 0 ELSE 1 END, rank, key",
        bucket=bucket_of(id_), id=id_, of=of, at=inbox.present(session),
    )  # fmt: skip
    for kind, name, payload in waiting:
        said = orjson.loads(payload)
        if kind == "set":
            stands = stands.said(name, said.get("v"))
        elif kind == "record":
            for given in ("pipeline", "stage", "owner", *needed):
                stands = stands.said(given, said[given]) if given in said else stands
        elif said.get("from") == stands.stage:
            stands = stands.said("stage", said.get("to"))
    return stands


def check_needs(pipeline: Pipeline, to: str, known: Collection[str], called: str) -> None:
    """Raises InvalidInput where a property that the stage needs has no value."""
    lacking = [name for name in moves.needs(pipeline, to) if name not in known]
    if lacking:
        raise InvalidInput(f"{called} cannot stand in `{to}` without {', '.join(lacking)}", "give it a value first")


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
