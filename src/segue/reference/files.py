"""The keys of segue.yaml and schema.yaml, from the shapes that read them."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from dsl.schema.shape import Shape
from dsl.schema.shape_of_project import ProjectShape
from dsl.schema.shape_of_schema import SchemaShape

from .markdown import code, table
from .markdown import page as joined

_WORDS = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
# What the shapes leave to those who read on, by the key's last word.
_OF_ANY_KIND = {
    "working_days": "`mon-fri`, or a list of days and ranges",
    "password": "`{env: NAME}`, the environment variable that holds it",
    "default": "a value of its type",
    "defaults.NAME": "what the [setting](settings.md) NAME holds",
}


def page() -> str:
    return joined(
        "# Keys of the files",
        "`NAME` is a name you give. Unknown keys are errors, with the one that was probably meant. What each key does "
        "is told in [segue.yaml](../project.md) and [schema.yaml](../schema.md).",
        "## segue.yaml",
        table(("key", "value", "without it"), _rows(ProjectShape, "")),
        "## schema.yaml",
        table(("key", "value", "without it"), _rows(SchemaShape, "")),
    )


def _rows(shape: type[Shape], before: str) -> Iterator[tuple[str, str, str]]:
    """(key, what it holds, its default) of a shape and all below it."""
    for name, field in shape.model_fields.items():
        key = f"{before}{field.alias or name}"
        below, path = _below(field.annotation, key)
        if below is not None:
            yield from _rows(below, f"{path}.")
        else:
            held = _inner(field.annotation)[0]
            words = _of_any_kind(path) if held in (Any, object) else _value(held)
            yield code(path), _bounded(field, words), _default(field)


def _of_any_kind(path: str) -> str:
    return next(words for key, words in _OF_ANY_KIND.items() if path.endswith(key))


def _below(annotation: Any, key: str) -> tuple[type[Shape] | None, str]:
    """The shape of what stands below a key, if one does, and the key with `NAME` for each name of the author's."""
    kind, marks = _inner(annotation)
    return (kind if isinstance(kind, type) and issubclass(kind, Shape) else None), key + marks


def _inner(annotation: Any) -> tuple[Any, str]:
    """What an annotation holds within optional values, entries and lists."""
    marks = ""
    while True:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation = arguments[0]
        elif origin in (Union, UnionType):
            annotation = next(one for one in arguments if one is not NoneType)
        elif origin is dict:
            annotation, marks = arguments[1], f"{marks}.NAME"
        elif origin is list and isinstance(arguments[0], type) and issubclass(arguments[0], Shape):
            annotation, marks = arguments[0], f"{marks}[]"
        else:
            return annotation, marks


def _value(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(code(str(word)) for word in get_args(kind))
    if get_origin(kind) is list:
        inner = get_args(kind)[0]
        return f"list of {_value(inner)}" if get_origin(inner) is Literal else "list of words"
    return _WORDS[kind]


def _bounded(field: FieldInfo, value: str) -> str:
    """With the least and the greatest number that is taken."""
    least = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    most = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    return (
        value + (f", at least {least}" if least is not None else "") + (f", at most {most}" if most is not None else "")
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    default = field.default
    if default is None or default == "" or field.default_factory is not None:
        return ""
    return code(str(default).lower() if isinstance(default, bool) else str(default))
