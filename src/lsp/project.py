"""One project in an editor: the files on the disk, what of them is open and not saved, and what is found in all."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dsl.diagnostics.diagnostic import Diagnostic
from dsl.source import Source
from dsl.undecoded import readable
from dsl.workspace import Workspace
from runtime.errors import InvalidInput
from runtime.project.layout import RULES, SCHEMA, SETTINGS, project_files
from runtime.project.loading import read_rules, read_text, table_file

YAML = (SCHEMA, SETTINGS)
_HALVES = re.compile("[\ud800-\udfff]")  # halves of a pair, which JSON can hold and no file can


@dataclass(slots=True)
class Project:
    """`loose`: rule files without a project; only those that are open belong to it, and the standard CRM holds.
    `buffers` are the texts of open files by name, `unread` why a file could not be read."""

    root: Path
    loose: bool
    workspace: Workspace = field(default_factory=lambda: Workspace(table_file()))
    buffers: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    _yaml: dict[str, Source | None] = field(default_factory=lambda: dict[str, Source | None](dict.fromkeys(YAML)))
    _found: tuple[Diagnostic, ...] | None = None
    _settled: bool = False

    def load(self) -> None:
        """Reads all files, as they are on the disk or open."""
        for name in {*self._files(), *self.buffers}:
            self._read(name)
        self._configure()

    def _files(self) -> Iterable[str]:
        if self.loose:
            return ()
        try:
            return project_files(self.root)
        except InvalidInput as problem:
            self.unread[SETTINGS] = problem.message
            return ()

    def refresh(self, name: str) -> None:
        """A file is another one now, on the disk or in its editor, or is gone."""
        self._read(name)
        if name in YAML:
            self._configure()

    def _read(self, name: str) -> None:
        self._found = None
        self.unread.pop(name, None)
        source = self._source(name)
        if name in YAML:
            self._yaml[name] = source
        elif source is None:
            self.workspace.remove(name)
        else:
            self.workspace.update(source)

    def _source(self, name: str) -> Source | None:
        if name in self.buffers:
            return Source(name, _HALVES.sub("\ufffd", self.buffers[name]))
        path = self.root / name
        if self.loose or not path.exists():
            return None
        try:
            return read_rules(path, name) if name.endswith(RULES) else read_text(path, name)
        except InvalidInput as problem:
            self.unread[name] = problem.message
            return None

    def _configure(self) -> None:
        schema, settings = (self._yaml[name] for name in YAML)
        self.workspace.configure(_plain(schema), _plain(settings))

    def check(self) -> tuple[Diagnostic, ...]:
        """Everything that is found now; asked again without a change it costs nothing."""
        if self._found is None:
            self._found = self.workspace.check()
            if not self._settled:
                # What was read stays as long as the editor is open: looking through it for garbage takes a second.
                gc.freeze()
                self._settled = True
        return self._found

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.workspace.sources

    def source(self, name: str) -> Source | None:
        """The text of a file as the checker reads it."""
        found = self.sources.get(name)
        return readable(found) if found is not None else None

    @property
    def files(self) -> tuple[str, ...]:
        return (*self.workspace.rule_files, *(name for name, source in self._yaml.items() if source is not None))


def _plain(source: Source | None) -> Source | None:
    return readable(source) if source is not None else None
