"""schema.yaml from text to schema: the order in which its parts are read."""

from __future__ import annotations

from ..diagnostics import Diagnostic, closest
from ..source import Source
from .model import Schema
from .problems import Problems
from .read_associations import read_associations
from .read_events import read_events, read_link_tags, with_link_tags
from .read_objects import read_objects
from .read_pipelines import read_pipelines, read_topics, with_needs
from .reading import Reading
from .shape import read_shape
from .shape_of_schema import SchemaShape
from .stages import with_stages
from .standard import standard_schema
from .yaml_positions import read_yaml

_EMPTY = Schema({}, {}, {}, {})


def schema_of(source: Source, currency: str) -> tuple[Schema, tuple[Diagnostic, ...]]:
    """See `read_schema`."""
    problems = Problems()
    document = read_yaml(source, problems)
    if document is None:
        return standard_schema(currency), tuple(problems.found)
    shape = read_shape(SchemaShape, document, problems)
    # A misspelt `extends` is told already; without the standard CRM a hundred names would follow it.
    extends = any(closest(key, SchemaShape.model_fields) == "extends" for key in _written(document.value))
    reading = Reading(document, problems, currency)
    base = standard_schema(currency) if extends or _needs_standard(shape, reading) else _EMPTY
    return _schema(shape, base, reading), tuple(problems.found)


def _written(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _needs_standard(shape: SchemaShape, reading: Reading) -> bool:
    """Whether a file that extends nothing is about the standard CRM all the same; reports that it does not say so.
    Mails go to the standard contact, its address and its name, and to no other."""
    help_ = "write `extends: standard` at the top of the file"
    if "contact" in shape.objects:
        message = "`contact` is an object of the standard CRM, and the file does not extend it"
        reading.problems.error("missing-key", message, reading.key("objects", "contact"), "of nothing", help=help_)
    elif not shape.objects and not reading.problems.found:
        message = "the schema has no objects: nothing can be said about anybody"
        reading.problems.error("missing-key", message, reading.at(), "neither `extends` nor `objects`", help=help_)
    return "contact" in shape.objects or not shape.objects


def _schema(shape: SchemaShape, base: Schema, reading: Reading) -> Schema:
    objects = read_objects(shape.objects, base.objects, reading)
    pipelines = read_pipelines(shape.pipelines, base.pipelines, objects, reading)
    objects = with_stages(objects, pipelines.values())
    objects = read_associations(shape.objects, objects, reading)
    pipelines = with_needs(pipelines, shape.pipelines, objects, reading)
    tags = read_link_tags(shape.link_tags, reading)
    events = with_link_tags(read_events(shape.events, base.events, objects, reading), tags)
    return Schema(objects, events, pipelines, read_topics(shape.topics, reading), tags)
