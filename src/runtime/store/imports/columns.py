"""A map's entry for a record, compiled to work on thousands of rows at a time, column by column.

Columns are converted by what the standard library does in C: a cell that was seen is looked up, plain texts are
stripped, folded and compared in one go, a few thousand at a time, while the processor has them at hand. What is right
and what is wrong is decided by the functions of `parts.py` alone: they convert each new cell, and a row with a cell
that they refuse is left to them as a whole.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from operator import itemgetter, xor
from typing import Any

import orjson

from dsl.schema.model import Kind, Schema

from ..inbox import names_of
from ..names import folded, folded_column
from ..values import Storage
from .addresses import ordinary
from .cells import BadRowError, Cells, Setting
from .csv_file import CsvRow
from .facts import about, dated
from .map_values import values_within
from .parts import Parts, Said, check_of, looked_up
from .shapes import EntryShape, ValueShape

_REMEMBERED = 1 << 16
_SAMPLE = 200  # values of which is told how many different ones a column has
_FEW = 4  # rows for each different value: more, and to look values up is quicker than to work on each
_LINE, _CELLS, _FAULT = map(itemgetter, range(3))  # of a row
_BETWEEN = "\x1f"  # of texts that are folded together
_BAD = "\0bad"  # no text has a NUL character
Column = Sequence[Storage]
ColumnOf = Callable[[Sequence[Sequence[str]], Sequence[Cells]], Column]  # of the columns of the file, and its rows


# Rows that may be written at once, in the order of the file, column by column: id, line, instant, the ledger's key and
# digest, the row of the file, and from TABLE on the columns of the object's table, `external_id` first. [] for none.
Ready = list[list[Any]]
TABLE = 6


@dataclass(frozen=True)
class Typed:
    """The rows that may be written at once, and in the order of the file those that may not."""

    ready: Ready
    left: list[CsvRow]


def suits(entries: Sequence[EntryShape]) -> bool:
    """Whether a map makes one record of each row and looks nothing up."""
    if len(entries) != 1 or entries[0].kinds != ["record"] or entries[0].links or entries[0].when:
        return False
    entry = entries[0]
    values = [*entry.set.values(), *(v for v in (entry.id, entry.at) if v is not None)]
    return not any(one.lookup is not None for value in values for one, _ in values_within(value, ()))


class Columns:
    """`until`: the last instant of rows that may be written at once. `columns`: of the object's table, from
    `external_id` on."""

    def __init__(self, schema: Schema, entry: EntryShape, setting: Setting, until: int) -> None:
        self.setting, self.until, of = setting, until, schema.objects[entry.record or ""]
        parts = Parts(setting)
        said = sorted(parts.said(of.properties, entry.set, looked_up(of)), key=lambda one: one.name)
        self.fields = names_of(entry.set)
        self.columns = ["external_id", "created_at"]
        self.object = of.name
        self._subject = about(setting.source, ("record", of.name, None, self.fields))
        own_id = entry.id if entry.id is not None else entry.set[of.key or ""]
        self._id = _names(parts.external_id(own_id), own_id, setting)
        self._at = _column(parts.at(entry), entry.at, setting) if entry.at else None
        self._dates = _Dates(setting.now)
        self._values = [(one, _of_property(one, setting)) for one in said]
        for one in said:
            if one.name != "created_at":
                self.columns += [one.name, folded_column(one.name)] if one.type.kind is Kind.TEXT else [one.name]

    def __call__(self, rows: Sequence[CsvRow]) -> Typed:
        """Rows that follow each other in the file, some thousands: more are not at hand at once."""
        left = [row for row in rows if row.fault] if any(map(_FAULT, rows)) else []
        sound, names = self._named([row for row in rows if not row.fault] if left else rows, left)
        ids = _hashes(f"{self.object}{_BETWEEN}{name}".encode() for name in names)
        ready = self._typed(sound, names, ids, left) if ids else []
        left.sort(key=_LINE)
        return Typed(ready, left)

    def _named(self, rows: Sequence[CsvRow], left: list[CsvRow]) -> tuple[Sequence[CsvRow], Column]:
        """The rows that have an id, and their ids outside; the others are `left`."""
        names = self._id(list(map(_CELLS, rows)))
        if None not in names and _BAD not in names:
            return rows, names
        without = [name is None or name == _BAD for name in names]
        left += compress(rows, without)
        good = [not out for out in without]
        return list(compress(rows, good)), list(compress(names, good))

    def _typed(self, rows: Sequence[CsvRow], names: Column, ids: list[int], left: list[CsvRow]) -> Ready:
        cells = list(map(_CELLS, rows))
        columns = list(zip(*cells, strict=True))
        ats: Column = self._at(columns, cells) if self._at else [self.setting.now] * len(rows)
        values = [convert(columns, cells) for _, convert in self._values]
        bad = self._bad(ats, values)
        if not bad:
            return self._put_together(rows, names, ids, ats, values)
        left += [rows[i] for i in bad]
        good = [i for i in range(len(rows)) if i not in bad]
        if not good:
            return []
        return self._typed([rows[i] for i in good], [names[i] for i in good], [ids[i] for i in good], left)

    def _bad(self, ats: Column, values: Sequence[Column]) -> set[int]:
        """Which rows are not for us: a cell is refused, their time has not come."""
        bad = {i for column in values if _BAD in column for i, v in enumerate(column) if v == _BAD}
        if _BAD in ats or max(ats) > self.until:  # type: ignore[type-var, operator] # instants
            bad |= {i for i, at in enumerate(ats) if at == _BAD or at > self.until}  # type: ignore[operator]
        return bad

    def _put_together(
        self, rows: Sequence[CsvRow], names: Column, ids: list[int], ats: Column, values: Sequence[Column]
    ) -> Ready:
        keys = [id_ ^ self._subject for id_ in ids]
        if self._at is not None:
            keys = list(map(xor, keys, map(self._dates.__getitem__, ats)))  # type: ignore[arg-type] # instants
        said = zip(*values, strict=True) if values else ((),) * len(rows)
        digests = _hashes(map(orjson.dumps, said))
        created, kept = ats, []
        for (one, _), column in zip(self._values, values, strict=True):
            if one.name == "created_at":
                created = [at if own is None else own for own, at in zip(column, ats, strict=True)]
                continue
            kept.append(column)
            if one.type.kind is Kind.TEXT:
                kept.append(_each(_folded, column))
        return [ids, list(map(_LINE, rows)), *map(list, (ats, keys, digests, rows, names, created, *kept))]


def _hashes(texts: Iterable[bytes]) -> list[int]:
    """`ids.stable_hash` of each."""
    found: list[bytes] = []
    begun, add = blake2b(digest_size=8).copy, found.append  # to copy one takes a third of the time of making one
    for text in texts:
        one = begun()
        one.update(text)
        add(one.digest())
    return [n >> 1 or 1 for n in struct.unpack(f">{len(found)}Q", b"".join(found))]


# --- columns ----------------------------------------------------------------------------------


class _Dates(dict[int, int]):
    """What the date of a row adds to its key; one that is the moment of the import adds nothing."""

    def __init__(self, now: int) -> None:
        super().__init__({now: dated(None)})

    def __missing__(self, at: int) -> int:
        number = dated(at)
        if len(self) < _REMEMBERED:
            self[at] = number
        return number


class _Seen(dict[str, Storage]):
    """What cells were converted to."""

    def __init__(self, convert: Callable[[str], Storage]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Storage:
        try:
            value = self._convert(cell)
        except BadRowError:
            return _BAD
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = value
        return value


def _names(
    name: Callable[[Cells], Storage], shape: ValueShape, setting: Setting
) -> Callable[[Sequence[Cells]], Column]:
    """External ids; no two are the same, so none is remembered."""
    if shape.model_fields_set != {"column"}:
        return lambda rows: list(map(name, rows))
    cell, empty, source = itemgetter(setting.columns[shape.column or ""]), setting.empty, setting.external_id("")

    def names(rows: Sequence[Cells]) -> Column:
        return [None if text in empty else source + text for text in map(str.strip, map(cell, rows))]

    return names


def _column(value: Callable[[Cells], Storage], shape: ValueShape, setting: Setting) -> ColumnOf:
    """Any value: by the cell, where it hangs on one alone, else row by row."""

    def guarded(row: Cells) -> Storage:
        try:
            return value(row)
        except BadRowError:
            return _BAD

    i = _only_column(shape, setting)
    if i is None:
        return lambda columns, rows: list(map(guarded, rows))
    empty = [""] * len(setting.columns)
    seen = _Seen(lambda cell: value([*empty[:i], cell, *empty[i + 1 :]]))
    return lambda columns, rows: list(map(seen.__getitem__, columns[i]))


def _only_column(shape: ValueShape, setting: Setting) -> int | None:
    zone = shape.zone is None or shape.zone.sources == ["constant"]
    return setting.columns[shape.column] if shape.column is not None and shape.currency is None and zone else None


def _of_property(said: Said, setting: Setting) -> ColumnOf:
    any_ = _column(said.value, said.shape, setting)
    asked = said.shape.check or check_of(said.name)
    plain = said.shape.model_fields_set <= {"column", "check"} and said.plain
    if said.type.kind is not Kind.TEXT or not plain or asked == "zone":
        return any_
    i, empty = setting.columns[said.shape.column or ""], setting.empty

    def texts(columns: Sequence[Sequence[str]], rows: Sequence[Cells]) -> Column:
        found = _each(_stripped, columns[i])
        if max(map(len, found), default=0) > said.longest or (asked == "email" and not ordinary(found, empty)):
            return any_(columns, rows)
        return [None if text in empty else text for text in found] if any(e in found for e in empty) else found

    return texts


def _stripped(texts: Sequence[str]) -> list[str]:
    return list(map(str.strip, texts))


def _each(change: Callable[[Sequence[Any]], list[Any]], column: Sequence[Any]) -> list[Any]:
    """`change` of a column, made once for each different value where these are few: equal ones are one text then."""
    first = column[:_SAMPLE]
    if len(set(first)) * _FEW > len(first):
        return change(column)
    values = list(set(column))
    return list(map(dict(zip(values, change(values), strict=True)).__getitem__, column))


def _folded(texts: Sequence[Any]) -> list[Any]:
    """`names.folded` of each."""
    if None in texts:
        known = iter(_folded([text for text in texts if text is not None]))
        return [None if text is None else next(known) for text in texts]
    joined = _BETWEEN.join(texts)
    if not joined.isascii() or joined.count(_BETWEEN) != len(texts) - 1:
        return list(map(folded, texts))
    return joined.lower().split(_BETWEEN)
