"""The parts of a map's entry, compiled to functions from a row's cells: values, dates, references, conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from dsl.schema.model import EventField, Kind, ObjectType, Property, Type

from ..ids import record_id
from ..values import INDEXED, LONGEST, Storage, encode_value, fits_index, stored_pair
from .cells import BadRowError, Cells, Setting, Value, column_named, compile_text, compile_value, composed
from .promises import Promise, promise_of
from .shapes import EntryShape, RefShape, ValueShape, WhenShape, plain_text

Ref = Callable[[Cells], int | None]
Condition = Callable[[Cells], bool]
Values = dict[str, Storage]
TEXT = Type(Kind.TEXT)
_INSTANT = Type(Kind.DATETIME)
_WIDEST = 40  # bytes, and more, of a character once it is folded: U+FDFA is eighteen letters


@dataclass(frozen=True, slots=True)
class Said:
    """What a property is given: its value from a row's cells, and the shape that says from which of them. `plain`:
    nothing is put for a missing value and nothing promised of it. `longest`: a text of so many characters fits."""

    name: str
    type: Type
    shape: ValueShape
    value: Value
    plain: bool
    longest: int


def looked_up(of: ObjectType) -> frozenset[str | None]:
    """The properties by which records are found: they have an index."""
    return frozenset((of.key, "email" if of.name == "contact" else None))


def check_of(name: str) -> str | None:
    return {"email": "email", "time_zone": "zone"}.get(name)


class Parts:
    """Compiles the parts of entries for one file. What they make raises BadRowError."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def said(
        self,
        types: Mapping[str, Property | EventField],
        shapes: Mapping[str, ValueShape],
        found_by: Collection[str | None],
    ) -> list[Said]:
        """How each property or field gets its value. `found_by`: see `looked_up`."""
        parts = []
        for name, shape in shapes.items():
            given = types[name]
            default = encode_value(given.type, given.default) if isinstance(given, Property) else None
            value = compile_value(shape, given.type, self.setting, check_of(name))
            promise = promise_of(given)
            plain = promise is None and default is None
            value, longest = _promised(value, shape, promise, default), LONGEST
            if name in found_by and given.type.kind is Kind.TEXT:
                value, longest = _indexed(value, shape), INDEXED // _WIDEST
            parts.append(Said(name, given.type, shape, value, plain, longest))
        return parts

    def values(
        self,
        types: Mapping[str, Property | EventField],
        shapes: Mapping[str, ValueShape],
        found_by: Collection[str | None] = (),
    ) -> Callable[[Cells], Values]:
        """The payload of a record or event. A missing value is the property's default, where it has one."""
        parts = self.said(types, shapes, found_by)

        def read(cells: Cells) -> Values:
            values: Values = {}
            for one in parts:
                found = one.value(cells)
                if one.type.kind is Kind.TEXT:
                    values.update(stored_pair(one.name, one.type, found))
                else:
                    values[one.name] = found
            return values

        return read

    def text(self, shape: ValueShape | None, check: str | None = None) -> Callable[[Cells], str | None]:
        if shape is None:
            return lambda cells: None
        value = compile_value(shape, TEXT, self.setting, check)
        return lambda cells: None if (found := value(cells)) is None else str(found)

    def at(self, entry: EntryShape) -> Callable[[Cells], int]:
        shape, now = entry.at, self.setting.now
        if shape is None:
            return lambda cells: now
        value = compile_value(shape, _INSTANT, self.setting)

        def at(cells: Cells) -> int:
            found = value(cells)
            if found is None:
                raise BadRowError(column_named(shape), "the date from which this holds is empty")
            return int(found)

        return at

    def external_id(self, shape: ValueShape, source: str | None = None) -> Callable[[Cells], str | None]:
        text, name = compile_text(shape, self.setting), self.setting.external_id("", source)
        return lambda cells: None if (id_ := text(cells)) is None else name + id_

    def ref(self, ref: RefShape | None, target: str) -> Ref:
        """The record's id, or None where the row names none (or a look-up with `missing: skip` finds none)."""
        ref = ref or RefShape()
        object_name = ref.record or target
        if ref.id is not None:
            external_id = self.external_id(ref.id, ref.source)
            return lambda cells: None if (id_ := external_id(cells)) is None else record_id(object_name, id_)
        shape = ValueShape(lookup=ref.lookup, record=object_name, value=ref.value)
        value = compile_value(shape, Type(Kind.RECORD, target=object_name), self.setting)

        def found(cells: Cells) -> int | None:
            try:
                id_ = value(cells)
            except BadRowError:
                if ref.missing == "skip":
                    return None
                raise
            return None if id_ is None else int(id_)

        return found

    def required(self, ref: RefShape | None, target: str) -> Callable[[Cells], int]:
        find, column = self.ref(ref, target), column_named((ref.id or ref.value) if ref else None)

        def required(cells: Cells) -> int:
            id_ = find(cells)
            if id_ is None:
                raise BadRowError(column, f"it is not said which {target} this is about")
            return id_

        return required

    def condition(self, when: WhenShape) -> Condition:
        i, given = self.setting.columns[when.column], when.model_fields_set
        equals = (when.equals,) if "equals" in given else ()
        among = {composed(plain_text(v)) for v in (*(when.in_ or ()), *equals)}
        never = {composed(plain_text(v)) for v in when.not_in or ()}
        empty, must_be = self.setting.empty, when.empty
        if when.not_empty is not None:
            must_be = not when.not_empty

        def holds(cells: Cells) -> bool:
            text = cells[i].strip()
            key = composed(text)
            if among and key not in among:
                return False
            return key not in never and (must_be is None or (text in empty) is must_be)

        return holds


def _promised(value: Value, shape: ValueShape, promise: Promise | None, default: Storage) -> Value:
    """The value or the property's default, which keeps what the schema promises of it."""

    def found(cells: Cells) -> Storage:
        result = value(cells)
        result = default if result is None else result
        if promise is not None:
            try:
                promise(result)
            except ValueError as broken:
                raise BadRowError(column_named(shape), str(broken)) from None
        return result

    return found


def _indexed(value: Value, shape: ValueShape) -> Value:
    """The value of a key or address, which has an index."""

    def found(cells: Cells) -> Storage:
        result = value(cells)
        if result is not None and not fits_index(str(result)):
            raise BadRowError(column_named(shape), f"a key or address is at most {INDEXED:,} bytes long")
        return result

    return found
