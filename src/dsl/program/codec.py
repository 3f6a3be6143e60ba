"""The compiled form as canonical JSON: what a version's hash is taken of and what the store keeps of it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from typing import Any, cast

from ..schema import model
from . import blocks, conditions, definitions

_PLACES = frozenset(("span", "places"))  # where something is written is no part of what it says
_CLASSES: dict[str, Any] = {
    name: value
    for module in (model, conditions, blocks, definitions)
    for name, value in vars(module).items()
    if isinstance(value, type) and is_dataclass(value)
}


# Fields that older stores hold and no class has any more.
_GONE = {"Definition": "version"}


def encode(value: object) -> str:
    """Canonical JSON of a compiled value: same value, same text. Spans are left out."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Any:
    """The value that `encode` wrote.

    Raises KeyError where the text names a class this version of Segue does not know."""
    return _value(json.loads(text))


def digest(value: object) -> str:
    """32 hex digits that name a compiled value."""
    return blake2b(encode(value).encode(), digest_size=16).hexdigest()


def _plain(value: object) -> object:
    cls = type(value)
    if cls in _AS_THEY_ARE:
        return value
    if cls is tuple:
        return [_plain(v) for v in cast("tuple[object, ...]", value)]
    if isinstance(value, Enum):
        return value.value
    if not is_dataclass(cls):
        return value
    plain: dict[str, object] = {"_": cls.__name__}
    for name, default in _written(cls):
        inner = getattr(value, name)
        if inner != default:
            plain[name] = _plain(inner)
    return plain


_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))


@cache
def _written(cls: Any) -> tuple[tuple[str, object], ...]:
    """The fields that are written, unless they have their default."""
    return tuple((field.name, field.default) for field in fields(cls) if field.name not in _PLACES)


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(v) for v in plain)
    if isinstance(plain, dict):
        cls = _CLASSES[plain["_"]]
        gone = _GONE.get(plain["_"], "_")
        given = {name: _value(v) for name, v in plain.items() if name not in ("_", gone)}
        if cls is conditions.Duration:
            given["unit"] = conditions.Unit(given["unit"])
        if cls is model.Type:
            given["kind"] = model.Kind(given["kind"])
        return cls(**given)
    return plain
