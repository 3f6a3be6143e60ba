"""What a stage of a pipeline needs, as SQL: properties that have a value, associations that lead somewhere (P8, P9)."""

from __future__ import annotations

from collections.abc import Callable

from dsl.schema.model import ObjectType, Pipeline, Schema

from ..store.names import link_table, quoted

Const = Callable[[str], str]  # the SQL of a text


def lacks(of: ObjectType, name: str, r: str) -> str:
    """Whether the record `r` has no value of that property, or is tied to nothing by that association."""
    if name in of.associations:
        table = quoted(link_table(of.name, name))
        return f"NOT EXISTS (SELECT 1 FROM {table} k WHERE k.bucket = {r}.bucket AND k.id = {r}.id)"
    return f"{r}.{quoted(name)} IS NULL"


def stands_without(schema: Schema, of: str, const: Const, r: str) -> str:
    """Whether the record `r` stands in a stage without something that the stage needs."""
    parts = [
        f"({r}.pipeline = {const(pipeline.name)} AND {r}.stage = {const(stage.name)}"
        f" AND ({' OR '.join(lacks(schema.objects[of], name, r) for name in stage.needs)}))"
        for pipeline in schema.pipelines_of(of)
        for stage in pipeline.stages
        if stage.needs
    ]
    return f"({' OR '.join(parts)})" if parts else "FALSE"


def needed(pipelines: tuple[Pipeline, ...]) -> tuple[str, ...]:
    """All that some stage needs."""
    return tuple(sorted({name for pipeline in pipelines for stage in pipeline.stages for name in stage.needs}))
