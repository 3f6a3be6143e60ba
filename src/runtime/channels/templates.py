"""Texts with merge fields, rendered from rows of stored values (X36).

A row is one tuple per recipient, in the order of the text's `Merge` parts. A value that is None or blank gives the
merge field's default; without one it is a BlankValue where a mail depends on it (S26), else nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from dsl.program.blocks import Merge, Text
from dsl.program.conditions import CreatedValue, Field
from dsl.schema.model import Kind, Schema, Type

from ..errors import BlankValue
from .headers import one_line
from .values import TYPED_FILTERS, Formats, Write

Row = Sequence[object]
Argument = str | int | float
_TEXT = Type(Kind.TEXT)
_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$^:=@])")


class Renderer:
    """Renders for one account. `strict`: a blank value without a default raises BlankValue. Stages and pipelines go by
    the labels that `schema` has for them, as everywhere people read them."""

    def __init__(self, formats: Formats, schema: Schema | None = None, strict: bool = False) -> None:
        self.formats, self.schema = formats, schema
        self.strict = strict
        # By identity: comparing a text with itself would take as long as filling it.
        self._known: dict[int, tuple[Text, tuple[Write, ...]]] = {}

    def fields(self, text: Text) -> tuple[Write, ...]:
        """What writes each merge field of a text; worked out once, and the text is kept with it."""
        if id(text) not in self._known:
            self._known[id(text)] = (text, self._fields(text))
        return self._known[id(text)][1]

    def plain(self, text: Text, rows: Iterable[Row]) -> list[str]:
        """For tasks, notes, `set`: values as they are, less control characters."""
        return self._render(text, rows, lambda s: s)

    def line(self, text: Text, rows: Iterable[Row]) -> list[str]:
        """For subjects and titles: one line each, whatever the values hold."""
        return [one_line(s) for s in self._render(text, rows, one_line)]

    def markdown(self, text: Text, rows: Iterable[Row]) -> list[str]:
        """For drafts that go on as Markdown: values escaped, so that they are text and nothing else."""
        return self._render(text, rows, escape_markdown)

    def values(self, text: Text, row: Row) -> list[str]:
        """The text of each merge field of `text`, defaults and filters applied, not escaped."""
        return [write(value) for write, value in zip(self.fields(text), row, strict=True)]

    def _render(self, text: Text, rows: Iterable[Row], escape: Callable[[str], str]) -> list[str]:
        fields = self.fields(text)
        literals = [part if isinstance(part, str) else "" for part in text.parts]
        places = [i for i, part in enumerate(text.parts) if isinstance(part, Merge)]
        rendered = []
        for row in rows:
            pieces = literals.copy()
            for place, write, value in zip(places, fields, row, strict=True):
                pieces[place] = escape(write(value))
            rendered.append("".join(pieces))
        return rendered

    def _fields(self, text: Text) -> tuple[Write, ...]:
        return tuple(self._field(part) for part in text.parts if isinstance(part, Merge))

    def _field(self, merge: Merge) -> Write:
        write = self._writer(merge)
        changes = [_change(name, arguments) for name, arguments in merge.filters if name not in TYPED_FILTERS]
        fallback = _apply(changes, merge.default) if merge.default is not None else None

        def field(value: object) -> str:
            if value is None or (isinstance(value, str) and (not value or value.isspace())):
                return self._blank(merge, fallback)
            return _apply(changes, _clean(write(value)))

        return field

    def _writer(self, merge: Merge) -> Write:
        labels: Mapping[str, str] = {}
        if self.schema is not None and isinstance(merge.value, Field | CreatedValue):
            labels = self.schema.labels_of(merge.value.object, merge.value.property)
        if labels:
            return lambda value: labels.get(str(value), str(value))
        return self.formats.writer(merge.value.type if merge.value is not None else _TEXT, merge.filters)

    def _blank(self, merge: Merge, fallback: str | None) -> str:
        if fallback is None and self.strict:
            raise BlankValue(f"`{merge.source}` has nothing to print", "write a fallback: `| default: '...'`")
        return fallback or ""


def escape_markdown(text: str) -> str:
    """The text with everything that Markdown reads as markup behind a backslash, on one line."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _clean(text: str) -> str:
    """Every kind of line break as LF; no control characters."""
    return text if text.isprintable() else _CONTROL.sub("", _BREAK.sub("\n", text))


def _apply(changes: list[Callable[[str], str]], text: str) -> str:
    for change in changes:
        text = change(text)
    return text


def _change(name: str, arguments: tuple[Argument, ...]) -> Callable[[str], str]:
    """The meaning of a filter of `dsl.program.filters` that works on text; as in Liquid."""
    words = [str(a) for a in arguments]
    match name:
        case "upcase":
            return str.upper
        case "downcase":
            return str.lower
        case "capitalize":
            return str.capitalize
        case "strip":
            return str.strip
        case "escape":
            return lambda s: s  # every value is escaped where it is put
        case "default":
            return lambda s: s if s.strip() else words[0]
        case "append":
            return lambda s: s + words[0]
        case "prepend":
            return lambda s: words[0] + s
        case "replace":
            return lambda s: s.replace(words[0], words[1])
        case "truncate":
            return lambda s: _truncated(s, int(arguments[0]), words[1] if len(words) > 1 else "...")
        case "truncatewords":
            return lambda s: _first_words(s, int(arguments[0]), words[1] if len(words) > 1 else "...")
        case _:
            raise ValueError(f"no filter is named {name}")


def _truncated(text: str, length: int, end: str) -> str:
    return text if len(text) <= length else text[: max(length - len(end), 0)] + end


def _first_words(text: str, count: int, end: str) -> str:
    words = text.split()
    return text if len(words) <= max(count, 1) else " ".join(words[: max(count, 1)]) + end
