"""`segue init --from`: a part of the rule library as a project of its own, with all that it needs of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dsl.source import Source, Span
from dsl.syntax import nodes
from dsl.workspace import Workspace
from runtime.errors import InvalidInput
from runtime.project.layout import SETTINGS, find_root, one_root
from runtime.project.loading import Texts, read_texts, table_file

Key = tuple[str, str]  # kind and name of a declaration
PLACES = (Path(__file__).parents[1] / "playbooks", Path(__file__).parents[3] / "playbooks")  # installed; a clone
_DOING = ("segment", "sequence", "workflow", "playbook", "form", "survey", "broadcast", "hygiene", "report")
_NAME = re.compile(r"^name:.*$", re.MULTILINE)


def copied(asked: str, name: str) -> dict[str, str]:
    """The files of a new project called `name`, by their paths: those of the part as they are, of other files the
    declarations it names, segue.yaml and schema.yaml. Raises InvalidInput where there is no such part."""
    place = _place(asked)
    texts = read_texts(find_root(place if place.is_dir() else place.parent))
    part = PurePosixPath(place.resolve().relative_to(texts.root.resolve()).as_posix())
    own = [rule for rule in texts.rules if PurePosixPath(rule.name).is_relative_to(part)]
    if not own:
        raise InvalidInput(f"there are no rules in {place}", _choice())
    files = {rule.name: rule.text for rule in own}
    files |= _Needs(texts).of(own)
    files |= {source.name: source.text for source in (texts.schema, texts.settings) if source is not None}
    files[SETTINGS] = _NAME.sub(f"name: {name}", files[SETTINGS], count=1)
    return files


def parts() -> list[str]:
    """What of the library can be copied: its projects, and their folders."""
    found = []
    for root in sorted(path.parent for place in PLACES for path in place.glob(f"*/{SETTINGS}")):
        folders = sorted(path.name for path in root.iterdir() if path.is_dir() and any(path.glob("*.segue")))
        found += [root.name, *(f"{root.name}/{folder}" for folder in folders if folder not in ("rules", "tests"))]
    return found


def _place(asked: str) -> Path:
    """A part of the library by its name, else a folder or file of any project."""
    for place in (*(place / asked for place in PLACES), Path(asked)):
        if place.exists() and one_root([place], None, Path.cwd()) is not None:
            return place
    raise InvalidInput(f"there is no `{asked}` in the library", _choice())


def _choice() -> str:
    return f"take one of {', '.join(parts())}, or a folder of rules"


@dataclass(frozen=True, slots=True)
class _Declared:
    """A declaration with the text it stands in, its comment above included."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end].strip()


class _Needs:
    """Who names what in a project."""

    def __init__(self, texts: Texts) -> None:
        self.rules = texts.rules
        self.workspace = Workspace(table_file())
        self.workspace.configure(texts.schema, texts.settings)
        for rule in texts.rules:
            self.workspace.update(rule)
        self.workspace.check()
        self.declared = {key: one for rule in texts.rules for key, one in self._declared(rule)}
        self.tests = [test for rule in texts.rules for test in self._tests(rule)]

    def of(self, own: Iterable[Source]) -> dict[str, str]:
        """By file, what stands elsewhere and belongs to these files: declarations that they name, those that these
        name, and the tests of nothing but what is copied."""
        files = {rule.name for rule in own}
        own_names = [key for name in sorted(files) for key in self._named(name)]
        needed, tests = self._reached(own_names, files), list[_Declared]()
        while tests != (more := self._about(files, needed)):
            tests = more
            named = [key for test in tests for key in self._named(test.source.name, test.start, test.end)]
            needed = self._reached([*own_names, *named], files)
        return {rule.name: text for rule in self.rules if (text := _together(rule, [*tests, *needed.values()]))}

    def _reached(self, names: Iterable[Key], files: Set[str]) -> dict[Key, _Declared]:
        """The declarations of these names, and of all that they name, but for those in the files."""
        needed: dict[Key, _Declared] = {}
        waiting = [*names]
        while waiting:
            key = waiting.pop()
            one = self.declared.get(key)
            if one is not None and one.source.name not in files and key not in needed:
                needed[key] = one
                waiting += self._named(one.source.name, one.start, one.end)
        return needed

    def _about(self, files: Set[str], needed: Mapping[Key, _Declared]) -> list[_Declared]:
        """The tests that stand elsewhere and tell of nothing but what is copied."""
        return [test for test in self.tests if test.source.name not in files and self._is_about(test, files, needed)]

    def _is_about(self, test: _Declared, files: Set[str], needed: Mapping[Key, _Declared]) -> bool:
        """Whether all whose doing it tells is copied."""
        named = [key for key in self._named(test.source.name, test.start, test.end) if key[0] in _DOING]
        told = [(key, self.declared[key]) for key in named if key in self.declared]
        return bool(told) and all(key in needed or one.source.name in files for key, one in told)

    def _named(self, file: str, start: int = 0, end: int | None = None) -> Iterator[Key]:
        """What stands between two places of a file, as far as it is the name of something."""
        for reference in self.workspace.references(file):
            if reference.span.start >= start and (end is None or reference.span.end <= end):
                yield reference.kind, reference.name

    def _declared(self, rule: Source) -> Iterator[tuple[Key, _Declared]]:
        for one in self.workspace.declared(rule.name):
            for node in self.workspace.parsed(rule.name).tree.declarations:
                if node.span.start <= one.span.start and one.span.end <= node.span.end:
                    yield (one.kind, one.name), _at(rule, node.span)

    def _tests(self, rule: Source) -> Iterator[_Declared]:
        for node in self.workspace.parsed(rule.name).tree.declarations:
            if isinstance(node, nodes.Test):
                yield _at(rule, node.span)


def _at(rule: Source, span: Span) -> _Declared:
    return _Declared(rule, _with_comment(rule.text, span.start), span.end)


def _with_comment(text: str, start: int) -> int:
    """Where the lines of comment right above begin."""
    while start and (line := text.rfind("\n", 0, start - 1) + 1) < start and text[line:start].lstrip().startswith("#"):
        start = line
    return start


def _together(rule: Source, needed: Iterable[_Declared]) -> str:
    """Those of one file, in its order."""
    own = sorted({one.start: one for one in needed if one.source is rule}.values(), key=lambda one: one.start)
    return "\n\n".join(one.text for one in own) + "\n" if own else ""
