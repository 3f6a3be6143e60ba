"""YAML as plain values, with the place of every key and every value.

The tree is ruamel.yaml's node tree, not its loaded document: nodes know where they end too, so that a span is
exactly the key or the value meant, and nothing is converted behind the author's back (`2026-03-02` stays text,
`no` is text as YAML 1.2 says).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..diagnostics import Label
from ..source import Source, Span
from .problems import Problems
from .yaml_errors import tell_syntax_error

Path = tuple[str | int, ...]
Plain = None | bool | int | float | str | list[Any] | dict[str, Any]

_TAG = "tag:yaml.org,2002:"


_DEEPEST = 100  # brackets within each other, on one line


@dataclass(slots=True)
class Document:
    """A YAML file read: `value` is plain; keys and values are found by their path, `("account", "time_zone")`."""

    source: Source
    value: Plain = None
    keys: dict[Path, Span] = field(default_factory=dict)
    values: dict[Path, Span] = field(default_factory=dict)

    def key(self, path: Path) -> Span:
        """Where the key at the end of `path` stands; for an item of a list, the item."""
        return self._nearest(self.keys, path)

    def at(self, path: Path) -> Span:
        """Where the value of `path` stands; where nothing is written, its key."""
        return self._nearest(self.values, path)

    def _nearest(self, spans: dict[Path, Span], path: Path) -> Span:
        """A path inside a short form (`stages: [new]` has no `name`) is told at what is written."""
        while path and path not in spans:
            if path in self.values:
                return self.values[path]
            path = path[:-1]
        return spans.get(path, Span(self.source.name, 0, 0))


def read_yaml(source: Source, problems: Problems) -> Document | None:
    """The file as plain values, or None where it is no YAML at all (which is told in `problems`)."""
    deep = _too_deep(source.text)
    if deep is not None:
        problems.error("yaml-syntax", "brackets are nested too deeply to read", Span(source.name, deep, deep + 1))
        return None
    yaml = YAML(typ="rt", pure=True)
    # We look for doubled keys ourselves, to report all of them and to show both places.
    yaml.allow_duplicate_keys = True
    yaml.composer.warn_double_anchors = False  # a warning on stderr is no diagnostic; aliases are refused below
    try:
        root = yaml.compose(source.text)
        document = Document(source)
        document.value = {} if root is None else _Reader(document, problems).read(root, ())
    except (YAMLError, ValueError) as error:
        tell_syntax_error(error, source, problems)
        return None
    except RecursionError:
        problems.error("yaml-syntax", "brackets are nested too deeply to read", Span(source.name, 0, 1))
        return None
    return document


def _too_deep(text: str) -> int | None:
    """Where more than so many brackets are open within one line. The reader of YAML would take for ever over them."""
    start = 0
    for line in text.split("\n"):
        depth = 0
        for at, sign in enumerate(line) if line.count("[") + line.count("{") > _DEEPEST else ():
            depth += (sign in "[{") - (sign in "]}")
            if depth > _DEEPEST:
                return start + at
        start += len(line) + 1
    return None


@dataclass(slots=True)
class _Reader:
    document: Document
    problems: Problems
    seen: dict[int, Plain] = field(default_factory=dict)
    aliases: int = 0

    def read(self, node: Node, path: Path) -> Plain:
        span = self._span(node)
        self.document.values[path] = span if span.end > span.start else self.document.keys.get(path, span)
        if id(node) in self.seen:
            # One node at two places is an alias. Refused: it could hold itself, or grow without bound.
            self.aliases += 1
            place = self.document.key(path)
            self.problems.error("yaml-alias", "`*` aliases are not read here", place, help="write the value out")
            return self.seen[id(node)]
        self.seen[id(node)] = None
        if not str(node.tag).startswith(_TAG):
            self.problems.error("yaml-tag", f"`{node.tag}` means nothing here", span, help="leave the tag out")
        before = self.aliases
        value = self._value(node, path)
        # What holds no alias itself may stand at both places, so that this one mistake brings no others.
        self.seen[id(node)] = value if self.aliases == before else None
        return value

    def _value(self, node: Node, path: Path) -> Plain:
        match node:
            case MappingNode():
                return self._mapping(node, path)
            case SequenceNode():
                return [self.read(item, (*path, i)) for i, item in enumerate(node.value)]
            case ScalarNode():
                return _scalar(node)
        raise AssertionError(f"a node of YAML that is none: {node!r}")

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            span = self._span(key)
            if not isinstance(key, ScalarNode):
                self.problems.error("wrong-shape", "a key must be one word", span)
                continue
            name = unicodedata.normalize("NFC", str(key.value))  # as the language reads names
            here = (*path, name)
            if name in result:
                first = Label(self.document.keys[here], "first here")
                message = f"`{name}` is written twice"
                self.problems.error("duplicate-key", message, span, "again here", other=first)
                continue
            self.document.keys[here] = span
            result[name] = self.read(value, here)
        return result

    def _span(self, node: Node) -> Span:
        """The text of the node, of several lines only the first: the end of a block is no place to point at."""
        text = self.document.source.text
        start, end = node.start_mark.index, node.end_mark.index
        return Span(self.document.source.name, start, start + len(text[start:end].split("\n", 1)[0].rstrip()))


def _scalar(node: ScalarNode) -> Plain:
    """Numbers, `true`, `false` and nothing are themselves; all else is the text as written."""
    text = str(node.value)
    plain = text.replace("_", "")
    try:
        match str(node.tag).removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(plain, 10)
            case "float":
                return float(plain) if isfinite(float(plain)) else text
    except ValueError:  # 0x1F, .inf and other ways of YAML stay text, and so are refused where a number is due
        return text
    return text
