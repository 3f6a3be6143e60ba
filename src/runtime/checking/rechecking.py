"""A project checked with what the last run found: quick where nothing has changed, and never another answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dsl.collector import collector_at_rest

from ..errors import InvalidInput
from ..project.layout import SCHEMA, SETTINGS, Stamp, decoded, project_files, read_whole, stamp_of
from .kept_findings import Last, digest, folder_of, read_last, read_memory, write

if TYPE_CHECKING:
    from dsl.diagnostics import Diagnostic
    from dsl.source import Source
    from dsl.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rechecked:
    """All findings, the texts they are about, the names of all files. `fresh` is False where nothing had changed."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    files: tuple[str, ...]
    fresh: bool


@dataclass(slots=True)
class _Look:
    """The files as they are now: `contents` of those that had to be read, `moved` are those that are new or other."""

    paths: Mapping[str, Path]
    files: dict[str, tuple[Stamp, bytes]]
    contents: dict[str, bytes]
    moved: set[str]


def recheck(root: Path) -> Rechecked:
    """Every problem of the project. Raises InvalidInput."""
    started = time.time_ns()
    folder = folder_of(root)
    last = read_last(folder) if folder is not None else None
    look = _look_at(project_files(root), last)
    if last is not None and not look.moved and last.files.keys() == look.files.keys():
        if folder is not None and look.contents:
            write(folder, Last(started, look.files, last.found, last.memory))  # so that nobody doubts them again
        return Rechecked(_unpacked(last.found), _Texts(look), tuple(look.files), fresh=False)
    kept = read_memory(folder, last) if folder is not None and last is not None else None
    with collector_at_rest():  # all that is made stays until the end: looking through it takes half as long again
        found, memory = _check(look, last, kept)
    if folder is not None:
        from dsl.keeping import packed

        write(folder, Last(started, look.files, packed(found) if found else b"", digest(memory)), memory)
    return Rechecked(found, _Texts(look), tuple(look.files), fresh=True)


def _look_at(paths: Mapping[str, Path], last: Last | None) -> _Look:
    look = _Look(paths, {}, {}, set())
    for name, path in paths.items():
        if last is not None:
            try:
                stamp = stamp_of(path.stat())
            except OSError as error:
                raise InvalidInput(f"{name} cannot be read: {error.strerror}") from None
            if last.is_sure(name, stamp):
                look.files[name] = last.files[name]
                continue
        content, stamp = read_whole(path, name)
        look.files[name], look.contents[name] = (stamp, digest(content)), content
        if last is None or name not in last.files or last.files[name][1] != look.files[name][1]:
            look.moved.add(name)
    return look


def _check(look: _Look, last: Last | None, kept: bytes | None) -> tuple[tuple[Diagnostic, ...], bytes]:
    """What is found, and what is to be kept for the next run."""
    from dsl.keeping import packed
    from dsl.workspace import Workspace

    from ..project.loading import table_file
    from .two_processes import judge_on_two

    texts, workspace = _Texts(look), Workspace(table_file())
    moved = look.moved
    if last is None or kept is None or not _remembered(workspace, kept, texts, _same_yaml(look, last)):
        moved = set(look.paths)
    for name in (last.files.keys() if last else set()) - look.paths.keys():
        workspace.remove(name)
    workspace.configure(*texts.yaml())
    for name in moved - {SCHEMA, SETTINGS}:
        workspace.update(texts.raw(name))
    if moved >= look.paths.keys():  # nothing is known yet
        judge_on_two(workspace, {name: len(texts.raw(name).text) for name in moved - {SCHEMA, SETTINGS}})
    return workspace.check(), packed(workspace.memory())


def _same_yaml(look: _Look, last: Last) -> bool:
    """Whether schema.yaml and segue.yaml are as they were, there or not."""
    return look.moved.isdisjoint((SCHEMA, SETTINGS)) and (look.files.keys() ^ last.files.keys()).isdisjoint(
        (SCHEMA, SETTINGS)
    )


def _remembered(workspace: Workspace, kept: bytes, texts: _Texts, same_yaml: bool) -> bool:
    """Lets the workspace start from what was kept, if that can be read."""
    from dsl.keeping import Unreadable, unpacked
    from dsl.workspace import Memory

    try:
        memory = unpacked(kept)
        if not isinstance(memory, Memory):
            return False
        workspace.remember(memory, texts.raw, texts.yaml() if same_yaml else None)
    except Unreadable:
        return False
    return True


def _unpacked(found: bytes) -> tuple[Diagnostic, ...]:
    if not found:
        return ()
    from dsl.keeping import unpacked

    diagnostics: tuple[Diagnostic, ...] = unpacked(found)
    return diagnostics


class _Texts(Mapping[str, "Source"]):
    """The texts of a project, read when they are asked for. INVARIANT: each is the one that was checked."""

    def __init__(self, look: _Look) -> None:
        self._look = look
        self._read: dict[str, Source] = {}

    def __getitem__(self, name: str) -> Source:
        from dsl.undecoded import readable

        return readable(self.raw(name))

    def raw(self, name: str) -> Source:
        """Bytes of a rule file that are no letters stand in it as lone surrogates."""
        if name not in self._read:
            from dsl.source import Source

            errors = "strict" if name in (SCHEMA, SETTINGS) else "surrogateescape"
            self._read[name] = Source(name, decoded(self._content(name), name, errors))
        return self._read[name]

    def yaml(self) -> tuple[Source | None, Source | None]:
        """schema.yaml and segue.yaml."""
        schema, settings = (self.raw(name) if name in self._look.paths else None for name in (SCHEMA, SETTINGS))
        return schema, settings

    def _content(self, name: str) -> bytes:
        if name in self._look.contents:
            return self._look.contents[name]
        content, _ = read_whole(self._look.paths[name], name)
        if digest(content) != self._look.files[name][1]:
            raise InvalidInput(f"{name} changed while it was checked", "run it again")
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._look.paths)

    def __len__(self) -> int:
        return len(self._look.paths)
