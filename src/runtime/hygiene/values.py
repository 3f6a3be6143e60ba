"""What a fix writes, worked out for rows that one statement has read: the columns it needs, and a function of them.

A later write of the same record sees what an earlier one has made of it, as the steps of a workflow do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from dsl.program.blocks import Merge, Text
from dsl.program.conditions import Call, Const, Field, Value
from dsl.schema.model import Kind

from ..channels.templates import Renderer
from ..engine.blocks.written import column
from ..query.conditions import values_of
from ..query.scope import Params, Scope
from ..store.values import Storage
from .texts import applied

Made = Mapping[str, Storage]  # property -> what was made of it so far
Make = Callable[[Sequence[object], Made], Storage]  # (the row's columns, what was made) -> the value


class Leaves:
    """Gathers the `columns` of one statement about the record `s`."""

    def __init__(self, scope: Scope, of: str, params: Params) -> None:
        self.scope, self.of = scope, of
        self.values = values_of(scope, of, params)
        self.columns: list[str] = []

    def written(self, value: Value | Text, kind: Kind, renderer: Renderer) -> Make:
        """For a property of `kind`."""
        match value:
            case Text():
                return self.text(value, renderer)
            case Call():
                return self._call(value, renderer)
        return self._leaf(value, kind)

    def text(self, text: Text, renderer: Renderer) -> Make:
        """Merge fields filled in; nothing at all is no text."""
        merges = [part for part in text.parts if isinstance(part, Merge)]
        parts = [self._leaf(m.value, m.value.type.kind) if m.value is not None else _nothing for m in merges]
        return lambda row, made: renderer.plain(text, [[part(row, made) for part in parts]])[0] or None

    def _call(self, call: Call, renderer: Renderer) -> Make:
        first = self.written(call.arguments[0], Kind.TEXT, renderer)
        fixed = tuple(str(one.value) for one in call.arguments[1:] if isinstance(one, Const))

        def make(row: Sequence[object], made: Made) -> Storage:
            text = first(row, made)
            return applied(call.function, None if text is None else str(text), fixed)

        return make

    def _leaf(self, value: Value, kind: Kind) -> Make:
        place = len(self.columns)
        self.columns.append(column(self.values, value, kind))
        if isinstance(value, Field) and not value.path:
            name = value.property
            return lambda row, made: made[name] if name in made else stored(kind, row[place])
        return lambda row, made: stored(kind, row[place])


def _nothing(_row: Sequence[object], _made: Made) -> Storage:
    return None


def stored(kind: Kind, raw: object) -> Storage:
    """A column's value as a payload of the inbox has it, the same from both databases."""
    match raw:
        case None:
            return None
        case date():
            return raw.isoformat()
        case _ if kind is Kind.BOOL:
            return bool(raw)
        case Decimal():
            return int(raw) if raw == raw.to_integral_value() else float(raw)
        case str() | int() | float():
            return raw
    return str(raw)
