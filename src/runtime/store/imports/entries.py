"""The entries of a map, compiled to functions from a row's cells to facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dsl.schema.model import Schema

from ..ids import bucket_of, stable_hash
from ..inbox import InboxRow, consent_row, event_row, link_row, record_row, row
from ..values import Storage
from .cells import BadRowError, Cells, Setting, column_named, compile_value
from .facts import Fact, User, about, dated, digest_of
from .mails import mail_of
from .map_values import CONSENT_STATES, EVENT_CLASSES
from .parts import TEXT, Parts, Values, looked_up
from .shapes import EntryShape, RefShape, ValueShape

Maker = Callable[[Cells, int], Iterable[Fact]]
_LATER = "-"  # the key is made of identity and digest, once both are known


class Entries(Parts):
    """Makes the makers of one map for one file. `live`, `now`: of the rows it makes."""

    def __init__(self, schema: Schema, setting: Setting, live: bool) -> None:
        super().__init__(setting)
        self.schema, self.live, self.now = schema, live, setting.now

    def maker(self, entry: EntryShape) -> Maker:
        """What an entry makes of a row; it raises BadRowError."""
        make: Maker = getattr(self, f"_{entry.kinds[0]}")(entry)
        if not entry.when:
            return make
        conditions = [self.condition(when) for when in entry.when]
        return lambda cells, line: make(cells, line) if all(c(cells) for c in conditions) else ()

    def _record(self, entry: EntryShape) -> Maker:
        of = self.schema.objects[entry.record or ""]
        own_id = entry.id if entry.id is not None else entry.set[of.key or ""]
        external_id, at, said = self.external_id(own_id), self.at(entry), sorted(entry.set)
        read = self.values({name: of.properties[name] for name in entry.set}, entry.set, looked_up(of))
        links = [
            (of.associations[n], self.ref(r, of.associations[n].target)) for n, rs in entry.links.items() for r in rs
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
        of, at = self.required(shape, kind.of), self.at(entry)
        read = self.values({name: kind.fields[name] for name in entry.set}, entry.set)
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
        value = compile_value(shape, TEXT, self.setting)

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

    def _link(self, entry: EntryShape) -> Maker:
        owner, _, name = (entry.link or "").partition(".")
        association = self.schema.objects[owner].associations[name]
        of, to, at = self.ref(entry.of, owner), self.ref(entry.to, association.target), self.at(entry)

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
        of, at = self.required(entry.of, "contact"), self.at(entry)
        state = compile_value(entry.state or ValueShape(), CONSENT_STATES, self.setting)
        basis, words = self.text(entry.basis), self.text(entry.words)

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
        of, at = self.required(entry.of, object_name), self.at(entry)
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
        name, label = self.text(entry.user), self.text(entry.label)
        email, zone = self.text(entry.email, "email"), self.text(entry.time_zone, "zone")

        def make(cells: Cells, line: int) -> Iterable[Fact]:
            who = name(cells)
            if who is None:  # no user in this row
                return ()
            user = User(who, label(cells) or who, email(cells), zone(cells))
            identity = stable_hash(f"user\x1f{who}")
            return (Fact(bucket_of(identity), identity, stable_hash("\x1f".join(map(str, user))), user),)

        return make

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
