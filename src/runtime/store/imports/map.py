"""Reads a map and checks it against the schema: every mistake is a diagnostic with line and column."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

from dsl.diagnostics import Diagnostic
from dsl.diagnostics.articles import article
from dsl.schema.model import ObjectType, Schema
from dsl.schema.problems import Problems
from dsl.schema.shape import read_shape
from dsl.schema.yaml_positions import Document, Path, read_yaml
from dsl.source import Source, Span

from ...times import zones
from .map_values import CONSENT_STATES, EVENT_CLASSES, CheckedValues
from .shapes import EntryShape, FormatShape, MapShape, RefShape

# What each kind of entry takes, besides itself and `when`; the first ones it must have.
_TAKES = {
    "record": ("id", "at", "set", "links"),
    "event": ("of", "id", "at", "set", "class", "mail"),
    "link": ("of", "to", "at", "unlink"),
    "user": ("label", "email", "time_zone"),
    "consent": ("of", "state", "at", "basis", "words"),
    "segment": ("of", "at", "remove"),
}
_NEEDS = {"event": ("of",), "link": ("of", "to"), "consent": ("of", "state"), "segment": ("of",)}


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A map that fits the schema. `columns`: every column it reads and where it is first written."""

    document: Document
    source: str
    format: FormatShape
    entries: tuple[EntryShape, ...]
    columns: dict[str, Span]

    def place(self, span: Span) -> str:
        """`maps/leads.yaml:7:12`."""
        line, column = self.document.source.position(span.start)
        return f"{span.file}:{line}:{column}"


def read_map(source: Source, schema: Schema) -> tuple[ImportMap | None, list[Diagnostic]]:
    """The map, or None and what is wrong with it: all of it, in one run."""
    problems = Problems()
    document = read_yaml(source, problems)
    if document is None:
        return None, problems.found
    _wrap_single_items(document.value)
    shape = read_shape(MapShape, document, problems)
    check = _Entries(document, schema, problems)
    check.format(shape.format)
    if not shape.rows and not problems.found:
        problems.error("missing-key", "a map needs `rows`", document.at(()), help="add `rows:`, what a row becomes")
    for i, entry in enumerate(shape.rows):
        check.entry(entry, ("rows", i))
    if problems.found:
        return None, problems.found
    return ImportMap(document, shape.source, shape.format, tuple(shape.rows), check.columns), []


def _wrap_single_items(value: Any) -> None:
    """`when` and each of `links` may be one mapping or a list of them; from here on they are lists."""
    entries = value.get("rows") if isinstance(value, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        if isinstance(entry.get("when"), dict):
            entry["when"] = [entry["when"]]
        links = entry.get("links")
        if isinstance(links, dict):
            entry["links"] = {name: ref if isinstance(ref, list) else [ref] for name, ref in links.items()}


class _Entries(CheckedValues):
    """The entries of a map, and what is wrong with them."""

    def format(self, given: FormatShape) -> None:
        path: Path = ("format",)
        if len(given.delimiter) != 1 and given.delimiter not in ("tab", "blanks"):
            self._wrong("`delimiter` is one character, `tab` or `blanks`", (*path, "delimiter"))
        if given.zone is not None and not zones.is_zone(given.zone):
            self._wrong(f"`{given.zone}` is no time zone", (*path, "zone"), "write `Europe/Berlin`")
        try:
            codecs.lookup(given.encoding)
        except LookupError:
            self._wrong(f"`{given.encoding}` is no encoding", (*path, "encoding"), "write `utf-8` or `cp932`")

    def entry(self, entry: EntryShape, path: Path) -> None:
        kinds = entry.kinds
        if not kinds and self._told_in(path):
            return
        if len(kinds) != 1:
            message = "an entry is one of record, event, link, user, consent, segment"
            self._wrong(message, path, f"this one is {' and '.join(kinds)}" if kinds else "")
            return
        kind = kinds[0]
        self._keys(entry, kind, path)
        for when, i in zip(entry.when, range(len(entry.when)), strict=True):
            self._column(when.column, (*path, "when", i, "column"))
        for name in ("id", "at", "user", "label", "email", "time_zone", "state", "basis", "words", "class_", "mail"):
            value = getattr(entry, name)
            if value is not None:
                self.value(value, (*path, name.rstrip("_")))
        getattr(self, f"_{kind}")(entry, path)

    def _keys(self, entry: EntryShape, kind: str, path: Path) -> None:
        for name in sorted(entry.model_fields_set):
            written = name.rstrip("_")
            if written not in (kind, "when", *_TAKES[kind]):
                self._wrong(f"an entry for `{kind}` has no `{written}`", (*path, written), key=True)
        for name in _NEEDS.get(kind, ()):
            if getattr(entry, name) is None:
                self._wrong(f"an entry for `{kind}` needs `{name}`", (*path, kind), f"add `{name}: ..`", key=True)

    def _record(self, entry: EntryShape, path: Path) -> None:
        of = self._object(entry.record or "", (*path, "record"))
        if of is None:
            return
        if entry.id is None and of.key not in entry.set:
            key = f" or set its key `{of.key}`" if of.key else ""
            self._wrong(f"`{of.name}` needs an id", (*path, "record"), f"add `id: COLUMN`{key}")
        for name, value in entry.set.items():
            here = (*path, "set", name)
            self._property(name, of, here)
            self.value(value, here)
            if name in of.properties:
                self._typed(value, of.properties[name].type, here)
        for name, refs in entry.links.items():
            target = self._association(of, name, (*path, "links", name))
            for i, ref in enumerate(refs):
                self._ref(ref, target, (*path, "links", name, i))

    def _event(self, entry: EntryShape, path: Path) -> None:
        kinds = [k.name for k in self.schema.events.values() if k.builtin is None]
        if entry.event not in kinds:
            self._unknown(f"there is no event `{entry.event}`", str(entry.event), kinds, (*path, "event"))
            return
        kind = self.schema.events[entry.event]
        if entry.class_ is not None and not kind.classed:
            self._wrong(f"`{kind.name}` has no class", (*path, "class"), key=True)
        elif entry.class_ is not None:
            self._typed(entry.class_, EVENT_CLASSES, (*path, "class"))
        if entry.mail is not None and not kind.mail:
            self._wrong(f"`{kind.name}` belongs to no mail", (*path, "mail"), key=True)
        for name, value in entry.set.items():
            here = (*path, "set", name)
            if name not in kind.fields:
                self._unknown(f"{kind.name} has no field `{name}`", name, kind.fields, here, key=True)
            self.value(value, here)
            if name in kind.fields:
                self._typed(value, kind.fields[name].type, here)
        missing = [f.name for f in kind.fields.values() if f.required and f.name not in entry.set]
        if missing:
            help = f"add `set: {{{missing[0]}: ..}}`"
            self._wrong(f"`{kind.name}` needs {', '.join(missing)}", (*path, "event"), help)
        if entry.of is not None:
            self._ref(entry.of, kind.of, (*path, "of"))

    def _link(self, entry: EntryShape, path: Path) -> None:
        owner, dot, name = (entry.link or "").partition(".")
        if not dot:
            self._wrong("`link` is OBJECT.ASSOCIATION", (*path, "link"), "write `contact.company`")
            return
        of = self._object(owner, (*path, "link"))
        target = self._association(of, name, (*path, "link")) if of else None
        for ref, object_name, key in ((entry.of, owner, "of"), (entry.to, target, "to")):
            if ref is not None:
                self._ref(ref, object_name, (*path, key))

    def _user(self, entry: EntryShape, path: Path) -> None:
        """Nothing of the schema."""

    def _consent(self, entry: EntryShape, path: Path) -> None:
        if entry.consent not in self.schema.topics:
            message = f"there is no topic `{entry.consent}`"
            self._unknown(message, str(entry.consent), self.schema.topics, (*path, "consent"))
        if entry.state is not None:
            self._typed(entry.state, CONSENT_STATES, (*path, "state"))
        if entry.of is not None:
            self._ref(entry.of, "contact", (*path, "of"))

    def _segment(self, entry: EntryShape, path: Path) -> None:
        if entry.of is not None:
            self._ref(entry.of, entry.of.record or "contact", (*path, "of"))

    def _association(self, of: ObjectType, name: str, path: Path) -> str | None:
        if name not in of.associations:
            known, message = of.associations, f"{of.name} has no association `{name}`"
            self._unknown(message, name, known, path, key=path[-1] == name)
            return None
        return of.associations[name].target

    def _ref(self, ref: RefShape, target: str | None, path: Path) -> None:
        if ref.record is not None and self._object(ref.record, (*path, "record")) and target not in (ref.record, None):
            known = self.schema.objects.get(target or "")
            if known is not None:  # an event of any object takes the record that is written
                self._wrong(f"this is about {article(target)}", (*path, "record"), "leave `record` out")
        of = self.schema.objects.get(ref.record or target or "")
        if (ref.id is None) == (ref.lookup is None):
            self._wrong("a reference is by `id` or by `lookup`", path, "write `{id: COLUMN}`")
        elif ref.id is not None:
            self.value(ref.id, (*path, "id"))
        elif ref.value is None:
            self._wrong("`lookup` needs `value`", path, "add `value: COLUMN`")
        else:
            self.value(ref.value, (*path, "value"))
            if of is not None:
                self._property(ref.lookup or "", of, (*path, "lookup"))
