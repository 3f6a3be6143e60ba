"""The files of one project, checked again and again: after a change only what it can have changed is looked at anew.

Pure: texts are handed in, findings come out. The command line fills one and asks once; the language server and
`segue test --watch` keep one and update it as files change.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .check.declarations import by_name
from .check.findings import Findings
from .check.one_file import FILE, Outcome, Outline, check_rules, check_templates, outline
from .check.project import check_across, check_project_defaults, program_of, senders
from .check.project_defaults import default_settings
from .check.scope import EVERY, SENDERS, TOPIC, Declared, Key, Names
from .diagnostics.diagnostic import Diagnostic, Severity
from .diagnostics.order import in_order
from .lint.ignores import Ignores, read_ignores
from .lint.overview import Facts as Noted
from .lint.run import lint_declaration
from .lint.whole import lint_whole, shown
from .program.definitions import Program
from .schema import read_project, read_schema, standard_schema
from .schema.model import Project, Schema
from .source import Source
from .syntax import Parsed, nodes, parse
from .undecoded import not_utf8, readable

_K = TypeVar("_K")


@dataclass(slots=True)
class _File:
    """`parsed` and the outcomes are None until they are needed again."""

    source: Source
    undecoded: tuple[Diagnostic, ...]
    parsed: Parsed | None = None
    outline: Outline | None = None
    ignores: Ignores | None = None
    rules: Outcome | None = None
    templates: Outcome | None = None

    def outcomes(self) -> Iterator[Outcome]:
        yield from (outcome for outcome in (self.rules, self.templates) if outcome is not None)


@dataclass(frozen=True, slots=True)
class _Setup:
    """schema.yaml and segue.yaml, read. Both may be missing: then the standard CRM holds, in UTC and USD."""

    schema: Schema
    project: Project
    defaults: Mapping[str, nodes.Setting]
    found: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]
    settings: Source | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What files know of each other: the answers of `Names`."""

    declared: Mapping[Key, Declared]
    topics: Mapping[str, str]
    senders: Mapping[str, tuple[str, ...] | None]


class Workspace:
    """`table` is a file in which the parser keeps its table. Not for several threads at once."""

    def __init__(self, table: Path | None = None) -> None:
        self._table = table
        self._files: dict[str, _File] = {}
        self._moved: set[Key] = set()  # (FILE, name) of each text that is not what it was
        self._known = _Known({}, {}, {})
        self._setup = _read_setup(None, None)
        self._names = Names(self._setup.schema, self._setup.project)

    def configure(self, schema: Source | None, settings: Source | None) -> None:
        """schema.yaml and segue.yaml as they are now, None for one that is not there."""
        setup = _read_setup(schema, settings)
        if (setup.schema, setup.project) != (self._setup.schema, self._setup.project):
            for file in self._files.values():
                file.rules = file.templates = None
        self._setup = setup

    def update(self, source: Source) -> None:
        """A rule file as it is now, new or changed."""
        known = self._files.get(source.name)
        if known is None or known.source.text != source.text:
            self._moved.add((FILE, source.name))
            self._files[source.name] = _File(readable(source), tuple(not_utf8(source)))

    def remove(self, name: str) -> None:
        """A rule file that is gone."""
        if self._files.pop(name, None) is not None:
            self._moved.add((FILE, name))

    @property
    def names(self) -> Names:
        """Everything that has a name, as of the last `check`."""
        return self._names

    @property
    def sources(self) -> dict[str, Source]:
        """All texts, by name."""
        files = [file.source for file in self._files.values()]
        return {source.name: source for source in (*files, *self._setup.sources)}

    def parsed(self, name: str) -> Parsed:
        """The tree of a file. Raises KeyError where there is no such file."""
        return self._parsed(self._files[name])

    def outcomes(self, name: str) -> tuple[Outcome, ...]:
        """What the last `check` found in a file: sound declarations, references, what was compiled."""
        return tuple(self._files[name].outcomes())

    def check(self) -> tuple[Diagnostic, ...]:
        """Every problem of every file, in the order of files and lines."""
        with _no_collection():
            return tuple(in_order(self._check()))

    def _check(self) -> list[Diagnostic]:
        self._files = {name: self._files[name] for name in sorted(self._files, key=lambda name: name.split("/"))}
        files = list(self._files.values())
        across = Findings(self.sources)
        outlines = [self._outline(file) for file in files]
        known = _Known(by_name([one.declared for one in outlines], across), _topics(outlines), self._known.senders)
        changed = self._moved | _changed(self._known, known)
        self._first_pass(files, known, changed)
        facts = [file.rules.facts for file in files if file.rules]
        sending = senders(
            (checked for one in facts for checked in one.definitions),
            (mailing for one in facts for mailing in one.mailings),
        )
        last = _Known(known.declared, known.topics, sending)
        self._second_pass(files, last, changed | _changed(known, last))
        self._known, self._moved = last, set()
        check_project_defaults(self._names, self._setup.defaults, across, self._setup.settings)
        check_across([outcome.facts for file in files for outcome in file.outcomes()], self._setup.schema, across)
        across.found += self._setup.found
        for file in files:
            across.found += _found(file)
        notes = [
            note
            for file in files
            for outcome in file.outcomes()
            for note in outcome.facts.notes
            if isinstance(note, Noted)
        ]
        lint_whole(self._names, notes, across)
        ignores = {file.source.name: file.ignores for file in files if file.ignores is not None}
        return shown(across.found, self._setup.project.lint, ignores, across.sources)

    def _parsed(self, file: _File) -> Parsed:
        if file.parsed is None:
            file.parsed = parse(file.source, self._table)
        return file.parsed

    def _outline(self, file: _File) -> Outline:
        if file.outline is None:
            parsed = self._parsed(file)
            file.outline = outline(parsed.tree, file.source)
            file.ignores = read_ignores(file.source, parsed.tree, parsed.comments)
        return file.outline

    def _first_pass(self, files: Iterable[_File], known: _Known, changed: set[Key]) -> None:
        self._names = names = self._names_of(known)
        for file in files:
            if file.rules is None or not changed.isdisjoint(file.rules.facts.read):
                file.rules = check_rules(
                    self._parsed(file).tree, file.source, names, lint_declaration, self._setup.defaults
                )

    def _second_pass(self, files: Iterable[_File], known: _Known, changed: set[Key]) -> None:
        self._names = names = self._names_of(known)
        for file in files:
            if file.templates is None or not changed.isdisjoint(file.templates.facts.read):
                file.templates = check_templates(self._parsed(file).tree, file.source, names, lint_declaration)

    def _names_of(self, known: _Known) -> Names:
        return Names(self._setup.schema, self._setup.project, known.declared, known.topics, known.senders)

    def program(self) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        """The program, None where there are errors, and every problem (see `check`)."""
        found = self.check()
        if any(d.severity is Severity.ERROR for d in found):
            return None, found
        compiled = {key: value for f in self._files.values() for o in f.outcomes() for key, value in o.compiled.items()}
        return program_of(compiled, self._setup.schema, self._setup.project), found


def _read_setup(schema: Source | None, settings: Source | None) -> _Setup:
    project, found = read_project(settings) if settings else (Project("project"), ())
    currency = project.account.currency
    model, more = read_schema(schema, currency) if schema else (standard_schema(currency), ())
    defaults, _ = default_settings(project.defaults)
    sources = tuple(source for source in (schema, settings) if source is not None)
    return _Setup(model, project, defaults, (*found, *more), sources, settings)


def _topics(outlines: Iterable[Outline]) -> dict[str, str]:
    return {template: topic for one in outlines for template, topic in one.topics.items()}


def _found(file: _File) -> Iterator[Diagnostic]:
    """All findings of one file; where bytes are no letters the parser has nothing to add."""
    yield from file.undecoded
    places = {d.label.span.start for d in file.undecoded}
    if file.parsed is not None:
        yield from (d for d in file.parsed.diagnostics if d.label.span.start not in places)
    if file.outline is not None:
        yield from file.outline.found
    for outcome in file.outcomes():
        yield from outcome.facts.found


def _changed(before: _Known, now: _Known) -> set[Key]:
    """Every question to `Names` that has another answer now."""
    changed = _differing(before.declared, now.declared)
    if list(before.declared) != list(now.declared):
        kinds = {kind for kind, _ in before.declared} | {kind for kind, _ in now.declared}
        changed |= {(kind, EVERY) for kind in kinds if _of(before, kind) != _of(now, kind)}
    changed |= {(TOPIC, name) for name in _differing(before.topics, now.topics)}
    return changed | {(SENDERS, name) for name in _differing(before.senders, now.senders)}


def _of(known: _Known, kind: str) -> list[str]:
    return [name for k, name in known.declared if k == kind]


def _differing(before: Mapping[_K, object], now: Mapping[_K, object]) -> set[_K]:
    nothing = object()
    return {key for key in before.keys() | now.keys() if before.get(key, nothing) != now.get(key, nothing)}


@contextmanager
def _no_collection() -> Iterator[None]:
    """The garbage collector paused: nodes hold no circles, and it costs half as much again."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
