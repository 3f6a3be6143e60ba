"""Which project the paths on a command line belong to, and what is to be told of it. Opens no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsl.diagnostics.diagnostic import FixKind
from dsl.diagnostics.order import fixable, summary

from ..errors import InvalidInput
from ..project.layout import RULES, SCHEMA, SETTINGS, covers, meant, one_root
from .rechecking import Rechecked, recheck

if TYPE_CHECKING:
    from dsl.compile import Compiled
    from dsl.diagnostics import Diagnostic

    from ..project.loading import Texts


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
    """`told` has the diagnostics that are asked for, whose files are named as from `root`; `inside` are those meant, ()
    for all. `known` were left out, as the baseline knows them. `standard`: see `Asked`."""

    told: Compiled | Rechecked
    files: int
    root: Path
    inside: tuple[str, ...] = ()
    standard: bool = False
    known: int = 0

    @property
    def summary(self) -> str:
        told, safe = summary(self.told.diagnostics, self.files), fixable(self.told.diagnostics, FixKind.SAFE)
        parts = (
            f"{safe:,} can be fixed by `--fix`" if safe else "",
            f"{self.known:,} known, left out" if self.known else "",
        )
        return "; ".join(filter(None, (told, *parts)))


def check_paths(paths: Sequence[Path], project: Path | None, here: Path) -> Checked:
    """Checks the whole project that paths on a command line are in, and keeps what is found in them; see `recheck`.
    Raises InvalidInput."""
    root = one_root(paths, project, here)
    if root is None:
        return _check_loose(asked_for(paths, project, here))
    inside, found = meant(paths, root), recheck(root)
    kept = tuple(d for d in found.diagnostics if covers(inside, d.label.span.file))
    files = sum(covers(inside, name) for name in found.files)
    return Checked(replace(found, diagnostics=kept), files, root, inside)


def _check_loose(asked: Asked) -> Checked:
    from ..project.loading import compile_texts

    compiled = compile_texts(asked.texts)
    kept = tuple(filter(asked.about, compiled.diagnostics))
    return Checked(replace(compiled, diagnostics=kept), asked.files, asked.texts.root, asked.inside, standard=True)


def asked_for(paths: Sequence[Path], project: Path | None, here: Path) -> Asked:
    """What the paths on a command line mean; without paths the whole project. Raises InvalidInput."""
    from ..project.loading import read_texts

    root = one_root(paths, project, here)
    texts = read_texts(root) if root else _loose(paths, here)
    return Asked(texts, meant(paths, texts.root), root is None)


def _loose(paths: Sequence[Path], here: Path) -> Texts:
    """Rule files without a project."""
    files = [f for path in paths for f in (sorted(path.rglob(f"*{RULES}")) if path.is_dir() else [path])]
    if not files:
        raise InvalidInput("there are no rule files there", f"rule files end with `{RULES}`")
    from ..project.loading import Texts, read_rules

    return Texts(here, tuple(read_rules(f, f.as_posix()) for f in files), None, None)
