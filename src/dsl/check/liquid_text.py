"""Texts with merge fields, taken apart by python-liquid's own parser (X36). No tags, only outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ..values import dataclass

if TYPE_CHECKING:
    from liquid import Environment

_OPENS = re.compile(r"\{[{%]")
_CLOSES = {"{{": "}}", "{%": "%}"}

# Nearly all merge fields: a path with a dot, a fallback perhaps. They need no parser, which is slow and slow to load.
_PLAIN = re.compile(
    r"""\{\{[ \n\t\r]*(?P<path>[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)+)[ \n\t\r]*
        (?:\|[ \n\t\r]*default:[ \n\t\r]*(?:'(?P<single>[^'\\{}]*)'|"(?P<double>[^"\\{}]*)")[ \n\t\r]*)?\}\}""",
    re.ASCII | re.VERBOSE,
)
# Words that the parser takes for something else.
_LOGIC = frozenset(
    ("and", "or", "not", "contains", "in", "if", "else", "true", "false", "nil", "null", "empty", "blank")
)
_NO_NAMES = _LOGIC | {"for", "with", "as", "limit", "offset", "reversed", "cols", "continue", "required"}

Argument = str | int | float


@dataclass(frozen=True, slots=True)
class Applied:
    name: str
    arguments: tuple[Argument, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Output:
    """One `{{ path | filter }}`. `start` and `end` are its offsets in the text, `path_start` and `path_end`
    those of the path alone; `default` is None where no fallback is written."""

    source: str
    path: tuple[str, ...]
    start: int
    end: int
    path_start: int
    path_end: int
    default: str | None
    filters: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece that is no merge field; `why` in the reader's words."""

    code: str
    why: str
    start: int
    end: int


def pieces(text: str) -> Iterator[str | Output | Broken]:
    """The text in turn as literal strings, merge fields and what could not be read."""
    at = 0
    for start, end in _marked(text):
        if start > at:
            yield text[at:start]
        yield _piece(text[start:end], start)
        at = end
    if at < len(text):
        yield text[at:]


def _marked(text: str) -> Iterator[tuple[int, int]]:
    """Where `{{ .. }}`, `{% .. %}` and each `{{` that is never closed stand."""
    last = {opens: text.rfind(closes) for opens, closes in _CLOSES.items()}  # none is looked for behind it
    at = 0
    while found := _OPENS.search(text, at):
        start, opens = found.start(), found.group()
        end = text.find(_CLOSES[opens], start + 2) if start + 2 <= last[opens] else -1
        if end < 0 and opens == "{%":
            at = start + 1
            continue
        at = end + 2 if end >= 0 else start + 2
        yield start, at


def _piece(source: str, start: int) -> Output | Broken:
    end = start + len(source)
    if source.startswith("{%"):
        return Broken("liquid-tag", "tags such as `{% if %}` are not part of the language", start, end)
    if source == "{{":
        return Broken("bad-merge-field", "this merge field is not closed with `}}`", start, end)
    if (plain := _plain(source, start)) is not None:
        return plain
    from liquid.exceptions import LiquidError

    try:
        return _output(source, start)
    except LiquidError:
        return Broken("bad-merge-field", "this merge field cannot be read", start, end)


def _plain(source: str, start: int) -> Output | None:
    """The same that the parser would make of it; None where it has to be asked."""
    found = _PLAIN.fullmatch(source)
    if found is None:
        return None
    path = tuple(found["path"].split("."))
    if not _NO_NAMES.isdisjoint(path):
        return None
    default = found["double"] if found["single"] is None else found["single"]
    end, (path_start, path_end) = start + len(source), found.span("path")
    return Output(source, path, start, end, start + path_start, start + path_end, default, ())


def _output(source: str, start: int) -> Output | Broken:
    from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
    from liquid.builtin.output import OutputNode

    end = start + len(source)
    nodes = _environment().from_string(source).nodes
    if len(nodes) != 1 or not isinstance(nodes[0], OutputNode):
        return Broken("bad-merge-field", "this is no merge field", start, end)
    expression = nodes[0].expression
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
        return Broken("bad-merge-field", "a merge field starts with a path such as `contact.first_name`", start, end)
    words = expression.left.path
    if not all(isinstance(word, str) for word in words):
        return Broken("bad-merge-field", "a path in a merge field is made of names and dots", start, end)
    default: str | None = None
    filters = []
    for applied in expression.filters or []:
        arguments = tuple(getattr(a.value, "value", None) for a in applied.args)
        if applied.name == "default" and default is None and len(arguments) == 1 and arguments[0] is not None:
            default = str(arguments[0])
            continue
        if applied.name == "default" and (not applied.args or not isinstance(applied.args[0].value, StringLiteral)):
            return Broken("bad-merge-field", "a fallback is one text: `default: 'x'`", start, end)
        at = start + applied.token.start_index
        filters.append(Applied(applied.name, tuple(a for a in arguments if a is not None), at, at + len(applied.name)))
    path_start = start + expression.left.token.start_index
    path_end = path_start + _path_length(source[path_start - start :])
    return Output(source, tuple(str(w) for w in words), start, end, path_start, path_end, default, tuple(filters))


def _path_length(rest: str) -> int:
    found = re.match(r"[^\s|}]+", rest)
    return found.end() if found else 0


@cache
def _environment() -> Environment:
    from liquid import Environment

    return Environment()
