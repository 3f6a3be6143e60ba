"""Findings with the paths of their files as from the folder somebody is in, so that a terminal can open them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dsl.diagnostics import Diagnostic, Label
from dsl.source import Source


def from_here(
    found: Sequence[Diagnostic], sources: Mapping[str, Source], root: Path
) -> tuple[Sequence[Diagnostic], Mapping[str, Source]]:
    """The same, named from the working folder instead of from `root`."""
    here = Path.cwd()
    if root == here:
        return found, sources
    files = {label.span.file for one in found for label in (one.label, *one.others)}
    names = {file: _path(root / file, here, root) for file in files if file}
    texts = {new: Source(new, sources[old].text) for old, new in names.items() if old in sources}
    return [_renamed(one, names) for one in found], texts


def _path(file: Path, here: Path, root: Path) -> str:
    """Whoever is inside the project goes up for what is beside them; what is far away has its whole path."""
    near = file.is_relative_to(here) or here.is_relative_to(root)
    return Path(os.path.relpath(file, here) if near else file).as_posix()


def _renamed(one: Diagnostic, names: Mapping[str, str]) -> Diagnostic:
    def moved(label: Label) -> Label:
        file = label.span.file
        return replace(label, span=replace(label.span, file=names.get(file, file)))

    return replace(one, label=moved(one.label), others=tuple(map(moved, one.others)))
