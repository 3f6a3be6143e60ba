"""Which project the paths on a command line belong to, and what is to be told of it. Opens no store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsl.compile import Compiled
from dsl.diagnostics import Diagnostic, summary
from dsl.source import Source

from .errors import InvalidInput
from .project import RULES, SCHEMA, SETTINGS, Texts, compile_texts, find_root, read_rules, read_texts


@dataclass(frozen=True, slots=True)
class Asked:
    """All texts of the project some paths are in, and which of them are meant. `standard`: there is no project, the
    standard CRM holds."""

    texts: Texts
    inside: tuple[str, ...]  # () for all
    standard: bool

    def covers(self, file: str) -> bool:
        """Whether a file, named as from the root, is meant."""
        return not self.inside or any(file == path or file.startswith(f"{path}/") for path in self.inside)

    def about(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is in one of the files meant."""
        return self.covers(diagnostic.label.span.file)

    @property
    def files(self) -> int:
        yaml = ((SCHEMA, self.texts.schema), (SETTINGS, self.texts.settings))
        return sum(self.covers(name) for name in [s.name for s in self.texts.rules] + [n for n, s in yaml if s])


@dataclass(frozen=True, slots=True)
class Checked:
    """`compiled` with the diagnostics that are asked for, whose files are named as from `root`. `known` were left out,
    as the baseline knows them."""

    compiled: Compiled
    files: int
    root: Path
    standard: bool
    known: int = 0

    @property
    def summary(self) -> str:
        told = summary(self.compiled.diagnostics, self.files)
        return f"{told}; {self.known:,} known, left out" if self.known else told


def asked_for(paths: Sequence[Path], project: Path | None, here: Path) -> Asked:
    """What the paths on a command line mean; without paths the whole project. Raises InvalidInput."""
    for path in paths:
        if not path.exists():
            raise InvalidInput(f"there is no {path}")
    root = _root(paths, project, here)
    texts = read_texts(root) if root else _loose(paths, here)
    return Asked(texts, _wanted(paths, texts.root, here), root is None)


def check_asked(asked: Asked) -> Checked:
    """Check the whole project, and keep what is found in the files meant. Raises InvalidInput."""
    compiled = compile_texts(asked.texts)
    kept = tuple(filter(asked.about, compiled.diagnostics))
    return Checked(replace(compiled, diagnostics=kept), asked.files, asked.texts.root, asked.standard)


def _root(paths: Sequence[Path], project: Path | None, here: Path) -> Path | None:
    """The one project of all paths; None for rule files that belong to none."""
    if project is not None:
        return find_root(project)
    starts = [path if path.is_dir() else path.resolve().parent for path in paths] or [here]
    roots = {_root_of(start) for start in starts}
    if len(roots) > 1:
        raise InvalidInput("these paths are of several projects", "check one project at a time")
    root = roots.pop()
    if root is None and not any(path.suffix == RULES or path.is_dir() for path in paths):
        return find_root(starts[0])  # says that there is none
    return root


def _root_of(start: Path) -> Path | None:
    try:
        return find_root(start)
    except InvalidInput:
        return None


def _loose(paths: Sequence[Path], here: Path) -> Texts:
    """Rule files without a project."""
    files = [f for path in paths for f in (sorted(path.rglob(f"*{RULES}")) if path.is_dir() else [path])]
    if not files:
        raise InvalidInput("there are no rule files there", f"rule files end with `{RULES}`")
    return Texts(here, tuple(_named(f) for f in files), None, None)


def _named(path: Path) -> Source:
    return read_rules(path, path.as_posix())


def _wanted(paths: Iterable[Path], root: Path, here: Path) -> tuple[str, ...]:
    """The paths as diagnostics name files; () for all."""
    found = []
    for path in paths:
        absolute = path.resolve()
        found.append(absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path.as_posix())
    return () if "." in found else tuple(found)
