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
class Checked:
    """`compiled` with the diagnostics that are asked for, whose files are named as from `root`. `standard`: there is
    no project, the standard CRM held."""

    compiled: Compiled
    files: int
    root: Path
    standard: bool

    @property
    def summary(self) -> str:
        return summary(self.compiled.diagnostics, self.files)


def check_paths(paths: Sequence[Path], project: Path | None, here: Path) -> Checked:
    """Check the whole project the paths are in, and keep what is found in them. Raises InvalidInput."""
    for path in paths:
        if not path.exists():
            raise InvalidInput(f"there is no {path}")
    root = _root(paths, project, here)
    texts = read_texts(root) if root else _loose(paths, here)
    compiled = compile_texts(texts)
    inside = _wanted(paths, texts.root, here)
    kept = tuple(d for d in compiled.diagnostics if _is_in(d, inside))
    return Checked(replace(compiled, diagnostics=kept), _count(texts, inside), texts.root, root is None)


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


def _is_in(diagnostic: Diagnostic, inside: tuple[str, ...]) -> bool:
    return _names(diagnostic.label.span.file, inside)


def _names(file: str, inside: tuple[str, ...]) -> bool:
    return not inside or any(file == path or file.startswith(f"{path}/") for path in inside)


def _count(texts: Texts, inside: tuple[str, ...]) -> int:
    names = [s.name for s in texts.rules] + [n for n, s in ((SCHEMA, texts.schema), (SETTINGS, texts.settings)) if s]
    return sum(_names(name, inside) for name in names)
