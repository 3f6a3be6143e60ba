"""The names in schema.yaml and segue.yaml: which key or value gives a name, and which uses one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dsl.schema.problems import Problems
from dsl.schema.yaml_positions import Document, Path, read_yaml
from dsl.source import Source, Span
from runtime.project.layout import SCHEMA


@dataclass(frozen=True, slots=True)
class YamlName:
    """`kind` and `name` as of `dsl.check.findings.Reference`. `span` is without quotes. `first_key`: of an object,
    property or event, where the first key of what belongs to it stands."""

    kind: str
    name: str
    span: Span
    declares: bool = False
    first_key: Span | None = None


@lru_cache(maxsize=16)
def yaml_names(file: str, text: str) -> tuple[YamlName, ...]:
    """All of one file; none where it cannot be read."""
    source = Source(file, text)
    document = read_yaml(source, Problems())
    if document is None:
        return ()
    read = _of_schema if file == SCHEMA else _of_settings
    return tuple(read(_Names(document)))


class _Names:
    """A YAML file by paths."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._first: dict[Path, Span] = {}
        for path, span in document.keys.items():
            self._first.setdefault(path[:-1], span)
        self.keys = tuple(document.keys)
        self.values = tuple(path for path in document.values if isinstance(self.text(path), str))

    def text(self, path: Path) -> object:
        value: object = self._document.value
        for step in path:
            try:
                value = value[step]  # type: ignore[index]  # paths come from the document itself
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def key(self, kind: str, name: str, path: Path, *, declares: bool = True) -> YamlName:
        return YamlName(kind, name, self._bare(self._document.keys[path]), declares, self._first.get(path))

    def value(self, kind: str, name: str, path: Path, *, declares: bool = False) -> YamlName:
        return YamlName(kind, name, self._bare(self._document.values[path]), declares)

    def _bare(self, span: Span) -> Span:
        text = self._document.source.text[span.start : span.end]
        quoted = len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]
        return Span(span.file, span.start + 1, span.end - 1) if quoted else span


def _of_schema(names: _Names) -> Iterator[YamlName]:
    for path in names.keys:
        match path:
            case ("objects", str() as owner):
                yield names.key("object", owner, path)
            case ("objects", str() as owner, "properties", str() as name):
                yield names.key("property", f"{owner}.{name}", path)
            case ("objects", str() as owner, "associations", str() as name):
                yield names.key("association", f"{owner}.{name}", path)
            case ("events", str() as name):
                yield names.key("event", name, path)
            case ("events", str() as owner, "fields", str() as name):
                yield names.key("field", f"{owner}.{name}", path)
            case ("pipelines", str() as owner):
                yield names.key("object", owner, path, declares=False)
            case ("pipelines", str() as owner, str() as name):
                yield names.key("pipeline", f"{owner}.{name}", path)
            case ("topics", str() as name):
                yield names.key("topic", name, path)
    for path in names.values:
        yield from _value_of_schema(names, path, str(names.text(path)))


def _value_of_schema(names: _Names, path: Path, text: str) -> Iterator[YamlName]:
    match path:
        case ("objects", str() as owner, "properties", str() as name, "options", int()):
            yield names.value("option", f"{owner}.{name}={text}", path, declares=True)
        case ("objects", str() as owner, "properties", str() as name, "default"):
            yield names.value("option", f"{owner}.{name}={text}", path)
        case ("objects", str() as owner, "key"):
            yield names.value("property", f"{owner}.{text}", path)
        case ("events", str() as name, "webhook", "key"):
            of = names.text(("events", name, "of")) or "contact"
            yield names.value("property", f"{of}.{text}", path)
        case ("objects", str(), "associations", str(), "to") | ("events", str(), "of"):
            yield names.value("object", text, path)
        case ("events", str() as owner, "fields", str() as name, "options", int()):
            yield names.value("option", f"{owner}.{name}={text}", path, declares=True)
        case ("pipelines", str() as owner, str() as pipeline, "stages", int()) | (
            "pipelines",
            str() as owner,
            str() as pipeline,
            "stages",
            int(),
            "name",
        ):
            yield names.value("stage", f"{owner}.{pipeline}.{text}", path, declares=True)
        case ("pipelines", str() as owner, str() as pipeline, "rules", "create_in", int()):
            yield names.value("stage", f"{owner}.{pipeline}.{text}", path)
        case ("pipelines", str() as owner, str(), "stages", int(), "needs", int()):
            yield names.value("property", f"{owner}.{text}", path)


def _of_settings(names: _Names) -> Iterator[YamlName]:
    for path in names.keys:
        match path:
            case ("calendars" | "users" | "teams" as section, str() as name):
                yield names.key(section.removesuffix("s"), name, path)
            case ("channels", str() as kind, str() as name):
                yield names.key("channel", f"{kind} {name}", path)
    for path in names.values:
        match path:
            case ("teams", str(), int()):
                yield names.value("user", str(names.text(path)), path)
            case ("account", "calendar"):
                yield names.value("calendar", str(names.text(path)), path)
