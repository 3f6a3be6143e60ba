"""What an object's pipelines give it: the properties `pipeline`, `stage`, `closed` and `won` (X33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..source import Span
from .model import Kind, ObjectType, Pipeline, Property, Type

STAGE_PROPERTIES = ("pipeline", "stage", "closed", "won")


def stage_properties(pipelines: Iterable[Pipeline], span: Span) -> dict[str, Property]:
    """The four properties a record has because it stands in a pipeline.

    `pipeline` has a default where there is but one. `stage` offers the stages of all pipelines; which of them
    fit the record's own pipeline is checked where both are written (X33). Closed and won are never stored.
    """
    pipelines = tuple(pipelines)
    names = tuple(p.name for p in pipelines)
    stages = tuple(dict.fromkeys(stage.name for p in pipelines for stage in p.stages))
    only = names[0] if len(names) == 1 else None
    return {
        "pipeline": Property("pipeline", Type(Kind.CHOICE, names), "Pipeline", True, only, span=span),
        "stage": Property("stage", Type(Kind.CHOICE, stages), "Stage", True, span=span),
        "closed": Property("closed", Type(Kind.BOOL), "Closed", True, derived="closed", span=span),
        "won": Property("won", Type(Kind.BOOL), "Won", True, derived="won", span=span),
    }


def with_stages(objects: Mapping[str, ObjectType], pipelines: Iterable[Pipeline]) -> dict[str, ObjectType]:
    """The objects, those with pipelines given their stage properties; a ticket is never won."""
    of_object: dict[str, list[Pipeline]] = {}
    for pipeline in pipelines:
        of_object.setdefault(pipeline.object, []).append(pipeline)
    result = dict(objects)
    for name, own in of_object.items():
        added = stage_properties(own, objects[name].span)
        if name == "ticket" and not any(stage.won for p in own for stage in p.stages):
            del added["won"]
        result[name] = replace(objects[name], properties={**objects[name].properties, **added})
    return result
