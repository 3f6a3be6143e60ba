"""Pipelines with their stages, and subscription topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..diagnostics import Label, did_you_mean
from ..diagnostics.articles import article
from .model import ObjectType, Pipeline, Stage, Topic, TopicKind
from .names import Named, nfc
from .reading import Reading
from .shape_of_schema import PipelineShape, StageShape, TopicShape
from .stages import STAGE_PROPERTIES

Pipelines = dict[tuple[str, str], Pipeline]


def read_pipelines(
    shapes: Mapping[str, Mapping[str, PipelineShape]],
    base: Mapping[tuple[str, str], Pipeline],
    objects: Mapping[str, ObjectType],
    reading: Reading,
) -> Pipelines:
    """The project's pipelines; an object it declares none for keeps those of the base."""
    own: Pipelines = {}
    for object_name, pipelines in shapes.items():
        if object_name not in objects:
            span_path = ("pipelines", object_name)
            known = did_you_mean(object_name, objects)
            message = f"there is no object `{object_name}`"
            reading.problems.error("unknown-object", message, reading.key(*span_path), help=known)
            continue
        _check_properties(objects[object_name], reading)
        for name in reading.names(pipelines, Named.PIPELINE, "pipelines", object_name):
            own[object_name, name] = _pipeline(objects[object_name], name, pipelines[name], reading)
    declared = {object_name for object_name, _ in own}
    return {**{key: p for key, p in base.items() if key[0] not in declared}, **own}


def _check_properties(owner: ObjectType, reading: Reading) -> None:
    for name in STAGE_PROPERTIES:
        found = owner.properties.get(name)
        if found is not None and found.span.file and found.span != owner.span:
            message = f"`{name}` of {owner.name} comes from its pipelines"
            help = "leave it out, or use another name"
            reading.problems.error("computed-property", message, found.span, "declared anew", help=help)


def _pipeline(owner: ObjectType, name: str, shape: PipelineShape, reading: Reading) -> Pipeline:
    path = ("pipelines", owner.name, name)
    stages = tuple(_stages(shape.stages, path, reading))
    known = [stage.name for stage in stages]
    create_in = []
    for i, written in enumerate(shape.rules.create_in):
        if nfc(written) in known:
            create_in.append(nfc(written))
            continue
        span, help = reading.at(*path, "rules", "create_in", i), did_you_mean(written, known)
        reading.problems.error("unknown-stage", f"pipeline `{name}` has no stage `{written}`", span, help=help)
    label = shape.label or name.replace("_", " ").capitalize()
    rules = shape.rules
    return Pipeline(owner.name, name, label, stages, tuple(create_in), rules.skip, rules.back, reading.key(*path))


def _stages(shapes: list[StageShape], path: tuple[str, ...], reading: Reading) -> list[Stage]:
    first: dict[str, int] = {}
    stages = []
    for i, shape in enumerate(shapes):
        name = nfc(shape.name)
        if first.setdefault(name.casefold(), i) != i:
            other = Label(reading.at(*path, "stages", first[name.casefold()]), "the other one")
            message = f"stage `{name}` is there already"
            reading.problems.error("duplicate-option", message, reading.at(*path, "stages", i), other=other)
            continue
        label = shape.label or name.replace("_", " ").capitalize()
        # A deal that is won is closed; nobody should have to write both.
        stages.append(Stage(name, label, shape.closed or shape.won, shape.won))
    return stages


def with_needs(
    pipelines: Pipelines,
    shapes: Mapping[str, Mapping[str, PipelineShape]],
    objects: Mapping[str, ObjectType],
    reading: Reading,
) -> Pipelines:
    """The pipelines, their stages with what each needs: properties and associations of the whole object."""
    found = dict(pipelines)
    for of, written in shapes.items():
        for name, shape in written.items():
            pipeline = pipelines.get((of, nfc(name)))
            if pipeline is not None:
                path = ("pipelines", of, name, "stages")
                needs = {
                    nfc(stage.name): tuple(_needs(objects[of], stage.needs, (*path, i), reading))
                    for i, stage in enumerate(shape.stages)
                    if stage.needs
                }
                stages = tuple(replace(stage, needs=needs.get(stage.name, ())) for stage in pipeline.stages)
                found[of, nfc(name)] = replace(pipeline, stages=stages)
    return found


def _needs(owner: ObjectType, written: list[str], path: tuple[str | int, ...], reading: Reading) -> Iterator[str]:
    """Properties that somebody can give a value, and associations; each once."""
    for i, name in enumerate(dict.fromkeys(map(nfc, written))):
        span, found = reading.at(*path, "needs", i), owner.properties.get(name)
        if name in owner.associations:
            yield name
        elif found is None:
            help = did_you_mean(name, [*owner.properties, *owner.associations])
            message = f"{owner.name} has no property or association `{name}`"
            reading.problems.error("unknown-property", message, span, help=help)
        elif found.derived is not None or name in (*STAGE_PROPERTIES, "created_at"):
            message, help = (
                f"`{name}` of {article(owner.name)} is never given by anybody",
                "name a property that people fill in",
            )
            reading.problems.error("computed-property", message, span, help=help)
        else:
            yield name


def read_topics(shapes: Mapping[str, TopicShape], reading: Reading) -> dict[str, Topic]:
    """The subscription topics; the kind decides what consent a mail needs (X24)."""
    topics = {}
    for name in reading.names(shapes, Named.TOPIC, "topics"):
        label = shapes[name].label or name.replace("_", " ").capitalize()
        topics[name] = Topic(name, label, TopicKind(shapes[name].kind), reading.key("topics", name))
    return topics
