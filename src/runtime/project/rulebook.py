"""The rule files of a project while somebody works on them: what is wrong with them now, and the program they make.

Nothing is read again that has not changed: a file is known by its stamp.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from dsl.diagnostics import Diagnostic
from dsl.source import Source
from dsl.undecoded import readable
from dsl.workspace import Workspace

from .layout import Stamp, project_files, stamp_of
from .loading import Loaded, load, read_texts, table_file

Stamps = dict[str, Stamp]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """`lines` of text in it, `errors` and other `remarks` about it."""

    name: str
    lines: int
    errors: int
    remarks: int


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` from 1. `severity` is error | warning | info."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All files by name, and what is wrong with them as `segue check` orders it."""

    files: tuple[RuleFile, ...]
    problems: tuple[Problem, ...]


@dataclass
class Rulebook:
    """Of the project in the folder `root`. May be asked from several threads."""

    root: Path
    _loaded: tuple[Stamps, Loaded] | None = None
    _checked: tuple[Stamps, Rules] | None = None
    _workspace: Workspace = field(default_factory=lambda: Workspace(table_file()), repr=False)
    _texts: dict[str, Source] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def stamps(self) -> Stamps:
        """Which files there are: two looks that are equal saw the same. Raises InvalidInput."""
        found = {}
        for name, path in project_files(self.root).items():
            try:
                found[name] = stamp_of(path.stat())
            except OSError:
                continue  # it has just gone
        return found

    def loaded(self) -> Loaded:
        """The project's program. Raises BrokenRules, InvalidInput."""
        with self._lock:
            now = self.stamps()
            if self._loaded is None or self._loaded[0] != now:
                self._loaded = (now, load(self.root))
            return self._loaded[1]

    def rules(self) -> Rules:
        """Every file and every problem. Raises InvalidInput."""
        with self._lock:
            now = self.stamps()
            if self._checked is None or self._checked[0] != now:
                self._checked = (now, self._check())
            return self._checked[1]

    def text(self, name: str) -> tuple[str, ...]:
        """The lines of a file as it was last checked; () of one that is not there."""
        self.rules()
        source = self._texts.get(name)
        return tuple(readable(source).text.splitlines()) if source else ()

    def _check(self) -> Rules:
        """Only texts that are other than before are looked into again."""
        texts = read_texts(self.root)
        now = {source.name: source for source in texts.rules}
        for name in [name for name in self._texts if name not in now]:
            self._workspace.remove(name)
        self._workspace.configure(texts.schema, texts.settings)
        for source in now.values():
            self._workspace.update(source)
        self._texts = now | {source.name: source for source in (texts.schema, texts.settings) if source is not None}
        problems = tuple(self._problem(one) for one in self._workspace.check())
        return Rules(tuple(_file(source, problems) for _, source in sorted(self._texts.items())), problems)

    def _problem(self, one: Diagnostic) -> Problem:
        span = one.label.span
        source = self._texts.get(span.file)
        line, column = readable(source).position(span.start) if source else (1, 1)
        return Problem(span.file, line, column, one.severity, one.code, one.message, one.help)


def _file(source: Source, problems: tuple[Problem, ...]) -> RuleFile:
    mine = [p.severity == "error" for p in problems if p.file == source.name]
    return RuleFile(source.name, len(readable(source).text.splitlines()), sum(mine), len(mine) - sum(mine))
