"""Which project the paths on a command line belong to, and what is to be told of it. Opens no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsl.compile import Compiled
from dsl.diagnostics import Diagnostic, summary
from dsl.source import Source

from .errors import InvalidInput
from .layout import RULES, SCHEMA, SETTINGS, covers, meant, one_root
from .project import Texts, compile_texts, read_rules, read_texts


@dataclass(frozen=True, slots=True)
class Asked:
    """All texts of the project some paths are in, and which of them are meant. `standard`: there is no project, the
    standard CRM holds."""

    texts: Texts
    inside: tuple[str, ...]  # () for all
    standard: bool

    def covers(self, file: str) -> bool:
        """Whether a file, named as from the root, is meant."""
        return covers(self.inside, file)

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
    root = one_root(paths, project, here)
    texts = read_texts(root) if root else _loose(paths, here)
    return Asked(texts, meant(paths, texts.root), root is None)


def check_asked(asked: Asked) -> Checked:
    """Check the whole project, and keep what is found in the files meant. Raises InvalidInput."""
    compiled = compile_texts(asked.texts)
    kept = tuple(filter(asked.about, compiled.diagnostics))
    return Checked(replace(compiled, diagnostics=kept), asked.files, asked.texts.root, asked.standard)


def _loose(paths: Sequence[Path], here: Path) -> Texts:
    """Rule files without a project."""
    files = [f for path in paths for f in (sorted(path.rglob(f"*{RULES}")) if path.is_dir() else [path])]
    if not files:
        raise InvalidInput("there are no rule files there", f"rule files end with `{RULES}`")
    return Texts(here, tuple(_named(f) for f in files), None, None)


def _named(path: Path) -> Source:
    return read_rules(path, path.as_posix())
