"""The properties of a record as people read them: stage and pipeline by their labels, another record by its name."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.schema.model import Kind, Property, Schema

from ..store.session import Session
from .records import names_of
from .values import shown


def worded(
    session: Session, schema: Schema, of: str, properties: Sequence[tuple[Property, object]], zone: str
) -> tuple[tuple[Property, str], ...]:
    """Those that have a value, in their order."""
    stands = {p.name: str(value) for p, value in properties if value is not None}
    labels = labels_of(schema, of, stands.get("pipeline", ""), stands.get("stage", ""))

    def words(p: Property, value: object) -> str:
        if isinstance(value, int) and p.type.kind is Kind.RECORD:
            return names_of(session, schema, p.type.target or "", [value])[value]
        return labels.get(p.name) or shown(value, p.type, zone)

    return tuple((p, words(p, value)) for p, value in properties if value is not None)


def labels_of(schema: Schema, of: str, pipeline: str, stage: str) -> dict[str, str]:
    """What the pipeline and the stage of a record are called, by the name of the property; only what the schema has."""
    known = schema.pipelines.get((of, pipeline))
    if known is None:
        return {}
    named = {one.name: one.label for one in known.stages}
    return {"pipeline": known.label} | ({"stage": named[stage]} if stage in named else {})
