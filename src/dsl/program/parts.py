"""Every compiled value inside another one, for whoever asks what a rule names or reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from ..schema.model import Type
from ..source import Span


def parts(value: object) -> Iterator[object]:
    """The value and every compiled value inside it. No recursion: conditions may be deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif is_dataclass(part) and not isinstance(part, Type | Span):
            yield part
            waiting.extend(getattr(part, field.name) for field in reversed(fields(part)))
