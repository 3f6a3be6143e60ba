"""What a row of the inbox may say, by the schema that the store was made from: checked before it is put there.

A row of the wrong shape would come up again in every tick, where nobody is left who could mend it: on PostgreSQL a text
for a number stops the statement, on SQLite it would be stored as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from ..errors import InvalidInput
from .names import folded_column
from .values import INDEXED, LONGEST

if TYPE_CHECKING:
    from .inbox import InboxRow

_LARGEST = 1 << 63
_NAMED = 8  # options in one message
_FITS: Mapping[str, tuple[str, Callable[[Any], bool]]]
Check = tuple[str, str, Callable[[Any], bool]]  # a name of the payload, what stands there, whether a value is that
_STATES = ("opted_in", "opted_out")
_CLASSES = ("human", "machine", "unknown")  # X30


class Outside:
    """Checks rows against a schema as segue_meta keeps it (`shape.schema_json`)."""

    def __init__(self, schema: str) -> None:
        found = orjson.loads(schema)
        self._objects: dict[str, Any] = found["objects"]
        self._events: dict[str, Any] = found["events"]
        self._known: dict[tuple[str, str, str | None, str], tuple[Check, ...]] = {}

    def check(self, rows: Iterable[InboxRow]) -> None:
        """Raises InvalidInput for the first row that no store of this schema can take in."""
        for row in rows:
            shape = row.kind, row.object, row.name, row.fields
            checks = self._known.get(shape)
            if checks is None:
                checks = self._known[shape] = self._checks(row)
            if not _whole(row.at) or not _whole(row.id) or row.bucket != row.id & 255:
                raise _refused(row, "its instant and id are whole numbers of 63 bits, its bucket is that of the id")
            payload = _payload(row)
            for name, wanted, fits in checks:
                value = payload.get(name)
                if value is not None and not fits(value):
                    raise _refused(row, f"`{name}` is {wanted}, not {orjson.dumps(value).decode()[:60]}")
            if row.kind == "event" and payload.get("id") is None:
                raise _refused(row, "it has no `id`")

    def _checks(self, row: InboxRow) -> tuple[Check, ...]:
        if row.kind == "event":
            if row.object not in self._events:
                raise _refused(row, f"there is no event `{row.object}`")
            numbers = tuple((name, *_FITS["record"]) for name in ("id", "enrollment", "ordinal"))
            class_ = "class", "human, machine or unknown", lambda value: value in _CLASSES
            return (*numbers, class_, *_columns(self._events[row.object]["fields"], row.fields))
        if row.object not in self._objects:
            raise _refused(row, f"there is no object `{row.object}`")
        of = self._objects[row.object]
        match row.kind:
            case "record":
                found = _columns(of["properties"], row.fields)
                return ("external_id", *_FITS["text"]), *found, *_looked_up(row.object, of, row.fields.split(","))
            case "set" | "add":
                if row.name is None or row.name not in of["properties"]:
                    raise _refused(row, f"{row.object} has no property `{row.name}`")
                long = [("n", wanted, fits) for _, wanted, fits in _looked_up(row.object, of, [row.name])]
                return ("v", *_fits(of["properties"][row.name])), ("n", "a text", _folded), *long
            case "link" | "unlink":
                if row.name not in of["links"]:
                    raise _refused(row, f"{row.object} has no association `{row.name}`")
                return (("to", *_FITS["record"]),)
            case "consent":
                words = tuple((name, *_FITS["text"]) for name in ("basis", "source", "words"))
                return ("state", "opted_in or opted_out", lambda value: value in _STATES), *words
        return ()


@lru_cache(maxsize=8)
def outside(schema: str) -> Outside:
    return Outside(schema)


def _columns(columns: Mapping[str, Any], fields: str) -> Iterable[Check]:
    """Names that the schema does not have are nobody's: the engine leaves them out."""
    for name in fields.split(","):
        if name in columns:
            yield name, *_fits(columns[name])
            if columns[name]["kind"] == "text":
                yield folded_column(name), "a text", _folded


def _looked_up(name: str, of: Mapping[str, Any], properties: Iterable[str]) -> Iterable[Check]:
    """Texts that have an index are short."""
    for one in properties:
        indexed = one == of["key"] or (name, one) == ("contact", "email")
        if indexed and of["properties"].get(one, {}).get("kind") == "text":
            yield folded_column(one), f"at most {INDEXED:,} bytes long", lambda text: len(text.encode()) <= INDEXED


def _fits(column: Mapping[str, Any]) -> tuple[str, Callable[[Any], bool]]:
    """What a column takes; of a choice its own options alone, several in their order: rules know no others."""
    wanted, fits = _FITS[column["kind"]]
    options: list[str] = column.get("options", [])
    if not options:
        return wanted, fits
    shown = f"{wanted} ({', '.join(options[:_NAMED])}{', ..' if len(options) > _NAMED else ''})"
    if column["kind"] == "choice":
        return shown, lambda value: isinstance(value, str) and value in options
    return shown, lambda value: isinstance(value, str) and value == _several(value, options)


def _several(text: str, options: Iterable[str]) -> str:
    said = text.strip(";").split(";")
    return f";{';'.join(option for option in options if option in said)};"


def _payload(row: InboxRow) -> dict[str, Any]:
    try:
        payload = orjson.loads(row.payload)
    except (orjson.JSONDecodeError, TypeError):
        payload = None
    if not isinstance(payload, dict):
        raise _refused(row, "its payload is no JSON object")
    return payload


def _refused(row: InboxRow, why: str) -> InvalidInput:
    what = " ".join(filter(None, (row.kind, row.object, row.name)))
    return InvalidInput(f"`{what}` of {row.id} cannot be put: {why}", "nothing of it is stored; mend the row")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def _number(value: object) -> bool:
    return _whole(value) or (isinstance(value, float) and math.isfinite(value) and abs(value) < _LARGEST)


def _text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value and len(value) <= LONGEST


def _folded(value: object) -> bool:
    """Longer than what it is made of: `ß` becomes `ss`. That one has its own limit."""
    return isinstance(value, str) and "\0" not in value


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_FITS = {
    "number": ("a number", _number),
    "percent": ("a number", _number),
    "money": ("a whole number of the smallest unit", _whole),
    "datetime": ("a whole number of microseconds", _whole),
    "duration": ("a whole number of microseconds", _whole),
    "record": ("the number of a record", _whole),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "date": ("a day such as 2026-03-02", _day),
    "text": (f"a text of at most {LONGEST:,} characters", _text),
    "user": ("the name of a user", _text),
    "choice": ("an option's name", _text),
    "multi_choice": ("options such as ;a;b;", _text),
}
