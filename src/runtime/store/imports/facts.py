"""The entries of a map, compiled to functions from a row's cells to facts: rows of the inbox, or users.

A fact carries its `identity` (what it is about: kind, record, properties, the date the map names) and its `digest`
(what it says). The ledger skips a fact whose identity said the same the last time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import orjson

from dsl.schema.model import EventField, Kind, ObjectType, Property, Schema, Type

from ..ids import bucket_of, record_id, stable_hash
from ..inbox import InboxRow, consent_row, event_row, link_row, record_row, row
from ..values import INDEXED, LONGEST, Storage, encode_value, fits_index, stored_pair
from .cells import BadRowError, Cells, Setting, Value, column_named, compile_text, compile_value
from .mails import mail_of
from .map_values import CONSENT_STATES, EVENT_CLASSES
from .promises import Promise, promise_of
from .shapes import EntryShape, RefShape, ValueShape, WhenShape, plain_text

Ref = Callable[[Cells], int | None]
Condition = Callable[[Cells], bool]
Values = dict[str, Storage]
_LATER = "-"  # the key is made of identity and digest, once both are known
# A fact and its opposite are about the same thing: the last one said counts.
_ABOUT = {"unlink": "link", "segment_add": "segment", "segment_remove": "segment"}
_ODD, _MASK = 0x5851_F42D_4C95_7F2D, (1 << 63) - 1  # any odd number: what is multiplied stays apart
_WIDEST = 40  # bytes, and more, of a character once it is folded: U+FDFA is eighteen letters
_TEXT, _INSTANT = Type(Kind.TEXT), Type(Kind.DATETIME)


class User(NamedTuple):
    """A row of segue_user."""

    name: str
    label: str
    email: str | None
    time_zone: str | None


class Fact(NamedTuple):
    bucket: int
    identity: int
    digest: int
    what: InboxRow | User


Maker = Callable[[Cells, int], Iterable[Fact]]


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


@lru_cache(maxsize=1 << 12)
def about(source: str, made: tuple[object, ...], more: object = "") -> int:
    """What a fact of any record is about: kind, object, name and fields of `made`, and further parts."""
    kind, *others = made
    return stable_hash("\x1f".join(map(str, (source, _ABOUT.get(str(kind), kind), *others, more))))


def dated(when: int | None) -> int:
    """What the date that a map names adds to `about`: another number for each instant."""
    return 0 if when is None else when * _ODD & _MASK


def looked_up(of: ObjectType) -> frozenset[str | None]:
    """The properties by which records are found: they have an index."""
    return frozenset((of.key, "email" if of.name == "contact" else None))


def digest_of(values: Sequence[Storage]) -> int:
    """What a record is said to be: the values in the order of their names."""
    return stable_hash(orjson.dumps(values).decode())


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


class Compiler:
    """Makes the makers of one map for one file. `live`, `now`: of the rows it makes."""

    def __init__(self, schema: Schema, setting: Setting, live: bool) -> None:
        self.schema, self.setting, self.live, self.now = schema, setting, live, setting.now

    def entry(self, entry: EntryShape) -> Maker:
        """What an entry makes of a row; it raises BadRowError."""
        make: Maker = getattr(self, f"_{entry.kinds[0]}")(entry)
        if not entry.when:
            return make
        conditions = [self._condition(when) for when in entry.when]
        return lambda cells, line: make(cells, line) if all(c(cells) for c in conditions) else ()

    # --- records and events -------------------------------------------------------------------

    def _record(self, entry: EntryShape) -> Maker:
        of = self.schema.objects[entry.record or ""]
        own_id = entry.id if entry.id is not None else entry.set[of.key or ""]
        external_id, at, said = self.external_id(own_id), self.at(entry), sorted(entry.set)
        read = self._values({name: of.properties[name] for name in entry.set}, entry.set, looked_up(of))
        links = [
            (of.associations[n], self._ref(r, of.associations[n].target)) for n, rs in entry.links.items() for r in rs
        ]
        note = self.setting.lookups.note

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            id_, instant = external_id(cells), at(cells)
            if id_ is None:
                raise BadRowError(column_named(own_id), f"the {of.name} has no id")
            values = read(cells)
            made = record_row(
                of.name, id_, values, at=instant, rank=line, live=self.live, received_at=self.now, key=_LATER
            )  # fmt: skip
            note(of.name, made.id, values)
            facts = [self._fact(made, entry.at, values=[values[name] for name in said])]
            for a, ref in links:
                to = ref(cells)
                if to is not None:
                    link = link_row(
                        of.name, made.id, a.name, to,
                        at=instant, rank=line, live=self.live, received_at=self.now, key=_LATER,
                    )  # fmt: skip
                    facts.append(self._fact(link, entry.at, to if a.many else ""))
            return facts

        return make

    def _event(self, entry: EntryShape) -> Maker:
        kind, shape = self.schema.events[entry.event or ""], entry.of or RefShape()
        of, at = self._required(shape, kind.of), self.at(entry)
        read = self._values({name: kind.fields[name] for name in entry.set}, entry.set)
        required = [name for name in entry.set if kind.fields[name].required]
        class_ = compile_value(entry.class_, EVENT_CLASSES, self.setting) if entry.class_ else None
        own_id = self.external_id(entry.id) if entry.id else None
        mail = self._mail(entry.mail) if entry.mail else None

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            record, instant, values = of(cells), at(cells), read(cells)
            for name in required:
                if values[name] is None:
                    raise BadRowError(column_named(entry.set[name]), f"`{kind.name}` needs `{name}`, it is empty")
            source_id = own_id(cells) if own_id else f"{self.setting.source}\x1f{line}\x1f" + "\x1f".join(cells)
            if source_id is None:
                raise BadRowError(column_named(entry.id), "the event has no id")
            cls = class_(cells) if class_ else None
            values |= mail(cells, record) if mail else {}
            made = event_row(
                kind.name, record, source_id, values,
                at=instant, class_=None if cls is None else str(cls),
                rank=line, live=self.live, received_at=self.now, key=_LATER,
            )  # fmt: skip
            return (self._fact(made, entry.at, source_id),)

        return make

    def _mail(self, shape: ValueShape) -> Callable[[Cells, int], Values]:
        """Which mail of ours the event belongs to; nothing where the cell is empty."""
        value = compile_value(shape, _TEXT, self.setting)

        def found(cells: Cells, record: int) -> Values:
            text = value(cells)
            if text is None:
                return {}
            try:
                mail = mail_of(str(text), self.setting.store_id)
            except ValueError as wrong:
                raise BadRowError(column_named(shape), str(wrong)) from None
            if mail.bucket != bucket_of(record):
                raise BadRowError(column_named(shape), "that mail went to somebody else")
            return {"enrollment": mail.enrollment, "ordinal": mail.ordinal}

        return found

    def _values(
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

    # --- the smaller kinds --------------------------------------------------------------------

    def _link(self, entry: EntryShape) -> Maker:
        owner, _, name = (entry.link or "").partition(".")
        association = self.schema.objects[owner].associations[name]
        of, to, at = self._ref(entry.of, owner), self._ref(entry.to, association.target), self.at(entry)

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            left, right, instant = of(cells), to(cells), at(cells)
            if left is None or right is None:
                return ()
            made = link_row(
                owner, left, name, right,
                at=instant, unlink=entry.unlink, rank=line, live=self.live, received_at=self.now, key=_LATER,
            )  # fmt: skip
            return (self._fact(made, entry.at, right if association.many else ""),)

        return make

    def _consent(self, entry: EntryShape) -> Maker:
        of, at = self._required(entry.of, "contact"), self.at(entry)
        state = compile_value(entry.state or ValueShape(), CONSENT_STATES, self.setting)
        basis, words = self._text(entry.basis), self._text(entry.words)

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            choice, instant = state(cells), at(cells)
            if choice is None:  # nothing was chosen
                return ()
            made = consent_row(
                of(cells), entry.consent or "", str(choice),
                at=instant, basis=basis(cells), source=self.setting.source or "import", words=words(cells),
                rank=line, live=self.live, received_at=self.now, key=_LATER,
            )  # fmt: skip
            return (self._fact(made, entry.at),)

        return make

    def _segment(self, entry: EntryShape) -> Maker:
        object_name = (entry.of.record if entry.of else None) or "contact"
        of, at = self._required(entry.of, object_name), self.at(entry)
        kind = "segment_remove" if entry.remove else "segment_add"

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            instant = at(cells)
            made = row(
                kind, object_name, of(cells), entry.segment, {},
                at=instant, rank=line, live=self.live, received_at=self.now, key=_LATER,
            )  # fmt: skip
            return (self._fact(made, entry.at),)

        return make

    def _user(self, entry: EntryShape) -> Maker:
        name, label = self._text(entry.user), self._text(entry.label)
        email, zone = self._text(entry.email, "email"), self._text(entry.time_zone, "zone")

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            who = name(cells)
            if who is None:  # no user in this row
                return ()
            user = User(who, label(cells) or who, email(cells), zone(cells))
            identity = stable_hash(f"user\x1f{who}")
            return (Fact(bucket_of(identity), identity, stable_hash("\x1f".join(map(str, user))), user),)

        return make

    # --- parts --------------------------------------------------------------------------------

    def _fact(
        self, made: InboxRow, at: ValueShape | None, more: object = "", values: Sequence[Storage] | None = None
    ) -> Fact:
        """Without a date in the map, the moment of the import is no part of what the fact is about."""
        when = None if at is None or made.at == self.now else made.at
        # The id of the record is a hash itself: so this costs next to nothing for many records.
        subject = about(self.setting.source, (made.kind, made.object, made.name, made.fields), more)
        identity = made.id ^ subject ^ dated(when)
        digest = stable_hash(f"{made.kind}\x1f{made.payload}") if values is None else digest_of(values)
        return Fact(made.bucket, identity, digest, made._replace(key=f"{identity:x}.{digest:x}"))

    def at(self, entry: EntryShape) -> Callable[[Cells], int]:
        if entry.at is None:
            return lambda cells: self.now
        shape = entry.at
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

    def _ref(self, ref: RefShape | None, target: str) -> Ref:
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

    def _required(self, ref: RefShape | None, target: str) -> Callable[[Cells], int]:
        find, column = self._ref(ref, target), column_named((ref.id or ref.value) if ref else None)

        def required(cells: Cells) -> int:
            id_ = find(cells)
            if id_ is None:
                raise BadRowError(column, f"it is not said which {target} this is about")
            return id_

        return required

    def _text(self, shape: ValueShape | None, check: str | None = None) -> Callable[[Cells], str | None]:
        if shape is None:
            return lambda cells: None
        value = compile_value(shape, _TEXT, self.setting, check)
        return lambda cells: None if (found := value(cells)) is None else str(found)

    def _condition(self, when: WhenShape) -> Condition:
        i, given = self.setting.columns[when.column], when.model_fields_set
        among = {plain_text(v) for v in when.in_ or ()} | ({plain_text(when.equals)} if "equals" in given else set())
        never = {plain_text(v) for v in when.not_in or ()}
        empty, must_be = self.setting.empty, when.empty
        if when.not_empty is not None:
            must_be = not when.not_empty

        def holds(cells: Cells) -> bool:
            text = cells[i].strip()
            if among and text not in among:
                return False
            return text not in never and (must_be is None or (text in empty) is must_be)

        return holds


def check_of(name: str) -> str | None:
    return {"email": "email", "time_zone": "zone"}.get(name)
