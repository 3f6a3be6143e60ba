"""The values of a map, each with what is written for it: checked alone, and against the type it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from string import Formatter
from typing import Any

from dsl.diagnostics import did_you_mean
from dsl.schema.codes_of_the_world import CURRENCIES
from dsl.schema.model import Kind, ObjectType, Schema, Type
from dsl.schema.problems import Problems
from dsl.schema.yaml_positions import Document, Path
from dsl.source import Span

from ...times import zones
from ..values import encode_value
from .shapes import ValueShape, plain_text

CONSENT_STATES = Type(Kind.CHOICE, ("opted_in", "opted_out"))
EVENT_CLASSES = Type(Kind.CHOICE, ("human", "machine", "unknown"))


def template_columns(template: str) -> list[str]:
    """The columns named in `{}` of a template; ValueError where the braces do not match."""
    names = []
    for _, name, spec, conversion in Formatter().parse(template):
        if spec or conversion:
            raise ValueError("only the name of a column goes into `{}`")
        if name is not None:
            names.append(name)
    return names


def values_within(value: ValueShape, path: Path) -> Iterator[tuple[ValueShape, Path]]:
    """The value and every value inside it, with their places."""
    yield value, path
    for i, one in enumerate(value.first_of or ()):
        yield from values_within(one, (*path, "first_of", i))
    for name in ("value", "zone"):
        inner = getattr(value, name)
        if inner is not None:
            yield from values_within(inner, (*path, name))


def time_of_day(text: str) -> int | None:
    """µs since midnight."""
    try:
        moment = time.fromisoformat(text)
    except ValueError:
        return None
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * zones.SECOND + moment.microsecond


class CheckedValues:
    """What is said in a map of values and names, and what is wrong with it. `columns`: those that are read, and where
    each is first written."""

    def __init__(self, document: Document, schema: Schema, problems: Problems) -> None:
        self.document, self.schema, self.problems = document, schema, problems
        self.columns: dict[str, Span] = {}

    def value(self, value: ValueShape, path: Path) -> None:
        for one, here in values_within(value, path):
            self._one_value(one, here)

    def _one_value(self, value: ValueShape, path: Path) -> None:
        if len(value.sources) != 1 and not (not value.sources and self._told_in(path)):
            message = "a value comes from one of column, template, constant, first_of, lookup"
            self._wrong(message, path)
        if value.column is not None:
            self._column(value.column, (*path, "column"))
        if value.currency is not None:
            self._column(value.currency, (*path, "currency"))
        if value.template is not None:
            self._template(value.template, (*path, "template"))
        if value.lookup is not None:
            self._lookup(value, path)
        self._formats(value, path)
        self._rates(value, path)
        if value.time is not None and time_of_day(value.time) is None:
            self._wrong(f"`{value.time}` is no time of day", (*path, "time"), 'write `"09:00"`')
        zone = value.zone.constant if value.zone else None
        if zone is not None and not zones.is_zone(str(zone)):
            self._wrong(f"`{zone}` is no time zone", (*path, "zone"), "write `Europe/Berlin`")
        if (value.currency is None) != (not value.rates):
            self._wrong("`currency` and `rates` go together", path)

    def _lookup(self, value: ValueShape, path: Path) -> None:
        if value.value is None or value.record is None:
            self._wrong("`lookup` needs `record` and `value`", path)
        elif of := self._object(value.record, (*path, "record")):
            self._property(value.lookup or "", of, (*path, "lookup"))

    def _template(self, template: str, path: Path) -> None:
        try:
            for name in template_columns(template):
                self._column(name, path)
        except ValueError as error:
            self._wrong(f"this template cannot be read: {error}", path, "write `{{` for a brace")

    def _formats(self, value: ValueShape, path: Path) -> None:
        for form in value.format or ():
            try:
                if form not in ("epoch", "epoch_ms"):
                    datetime.strptime("", form)
            except ValueError as error:
                if "directive" in str(error) or "stray" in str(error):
                    self._wrong(f"`{form}` is no format of dates", (*path, "format"), 'write it like `"%d.%m.%Y"`')

    def _rates(self, value: ValueShape, path: Path) -> None:
        for code in value.rates:
            if code not in CURRENCIES:
                help = did_you_mean(code, CURRENCIES, 0)
                self.problems.error(
                    "unknown-currency",
                    f"there is no currency `{code}`",
                    self.document.key((*path, "rates", code)),
                    help=help,
                )

    def _typed(self, value: ValueShape, type_: Type, path: Path) -> None:
        """What the map itself says must fit the property: one message here instead of one for each row."""
        if value.constant is not None and value.case is None and value.scale is None and value.decimal is None:
            self._fits(plain_text(value.constant), value, type_, (*path, "constant"))
        for written, to in value.choices.items():
            if to is not None:
                self._fits(plain_text(to), value, type_, (*path, "choices", written))

    def _fits(self, text: str, value: ValueShape, type_: Type, path: Path) -> None:
        checked = (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
        if type_.kind not in checked or value.split is not None:
            return
        try:
            encode_value(type_, text)
        except ValueError as wrong:
            self.problems.error("wrong-value", str(wrong), self.document.at(path))

    def _object(self, name: str, path: Path) -> ObjectType | None:
        if name not in self.schema.objects:
            self._unknown(f"there is no object `{name}`", name, self.schema.objects, path)
        return self.schema.objects.get(name)

    def _property(self, name: str, of: ObjectType, path: Path) -> None:
        known = [p.name for p in of.properties.values() if p.derived is None]
        if name in known:
            return
        if name in of.properties:
            self._wrong(f"`{name}` is computed, it cannot be set", path, key=True)
        else:
            self._unknown(f"{of.name} has no property `{name}`", name, known, path, key=True)

    def _column(self, name: str, path: Path) -> None:
        self.columns.setdefault(name, self.document.at(path))

    def _told_in(self, path: Path) -> bool:
        """Whether a key right here was reported as unknown: then it was meant to be what is missing."""
        value: Any = self.document.value
        for key in path:
            value = value[key] if isinstance(value, dict | list) else {}  # type: ignore[index] # the path fits
        keys = [self.document.key((*path, key)) for key in value] if isinstance(value, dict) else []
        return any(p.code == "unknown-key" and p.label.span in keys for p in self.problems.found)

    def _wrong(self, message: str, path: Path, help: str = "", key: bool = False) -> None:
        span = self.document.key(path) if key else self.document.at(path)
        self.problems.error("wrong-map", message, span, help=help)

    def _unknown(self, message: str, name: str, known: Iterable[str], path: Path, key: bool = False) -> None:
        span = self.document.key(path) if key else self.document.at(path)
        self.problems.error("unknown-name", message, span, help=did_you_mean(name, list(known)))
