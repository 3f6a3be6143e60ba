"""Which project a file of the editor belongs to; each is read when its first file is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from pygls.uris import to_fs_path

from runtime.errors import InvalidInput
from runtime.project.layout import RULES, SETTINGS, find_root, is_rule_file

from .project import YAML, Project


@dataclass(frozen=True, slots=True)
class File:
    """`name` is what diagnostics call it."""

    project: Project
    name: str


class Projects:
    """`buffers` are the open texts by the URI their editor has for them."""

    def __init__(self) -> None:
        self.buffers: dict[str, str] = {}
        self._projects: dict[Path, Project] = {}
        self._uris: dict[Path, str] = {}

    def all(self) -> list[Project]:
        return list(self._projects.values())

    def change(self, uri: str, text: str | None) -> File | None:
        """The text of an open file as it is now, None where it was closed. The file, if it is one of ours."""
        if text is None:
            self.buffers.pop(uri, None)
        else:
            self.buffers[uri] = text
        file = self.file(uri)
        if file is None:
            return None
        if text is None:
            file.project.buffers.pop(file.name, None)
            self._uris.pop(file.project.root / file.name, None)
        else:
            file.project.buffers[file.name] = text
            self._uris[file.project.root / file.name] = uri
        file.project.refresh(file.name)
        return file

    def touched(self, uri: str) -> File | None:
        """A file was made, changed or deleted on the disk."""
        path = path_of(uri)
        if path.name == SETTINGS and self._bounds_moved(path.parent):
            self._begin_anew()
            return None
        if not any(path.is_relative_to(root) and not project.loose for root, project in self._projects.items()):
            return None
        file = self.file(uri)
        if file is not None and file.name not in file.project.buffers:
            file.project.refresh(file.name)
        return file

    def open_folder(self, folder: Path) -> Project | None:
        """The project a folder is in, read; None where there is none."""
        root = _root(folder)
        return None if root is None else self._project(root, loose=False)

    def file(self, uri: str) -> File | None:
        """None for what is neither a rule file nor a YAML file of a project."""
        path = path_of(uri)
        root = _root(path.parent)
        if root is not None and path.parent == root and path.name in YAML:
            return File(self._project(root, loose=False), path.name)
        if path.suffix != RULES:
            return None
        if root is not None and is_rule_file(root, path):
            return File(self._project(root, loose=False), path.relative_to(root).as_posix())
        return File(self._project(path.parent, loose=True), path.name)

    def uri(self, project: Project, name: str) -> str:
        """As the editor writes it, where the file is open."""
        path = _path(project.root, name)
        return self._uris.get(path) or _uri(path)

    def _project(self, root: Path, *, loose: bool) -> Project:
        known = self._projects.get(root)
        if known is None or known.loose is not loose:
            known = self._projects[root] = Project(root, loose)
            known.buffers |= dict(self._open_in(known))
            known.load()
        return known

    def _open_in(self, project: Project) -> Iterator[tuple[str, str]]:
        """The open files that belong to it, by name."""
        for uri, text in self.buffers.items():
            path = path_of(uri)
            mine = path.parent == project.root if project.loose else _root(path.parent) == project.root
            if not mine or not ((path.name in YAML and path.parent == project.root) or path.suffix == RULES):
                continue
            if project.loose or path.name in YAML or is_rule_file(project.root, path):
                self._uris[path] = uri
                yield path.relative_to(project.root).as_posix(), text

    def _bounds_moved(self, folder: Path) -> bool:
        known = self._projects.get(folder)
        return (known is not None and not known.loose) != (folder / SETTINGS).is_file()

    def _begin_anew(self) -> None:
        """A project came or went: whose a file is must be asked again."""
        folders, self._projects = list(self._projects), {}
        for folder in folders:
            self.open_folder(folder)
        for uri in self.buffers:
            self.file(uri)


def path_of(uri: str) -> Path:
    """Also of what is not on a disk (`untitled:Untitled-1`): then a relative path that nothing has."""
    path = to_fs_path(uri)
    return _normal(Path(path)) if path else Path(unquote(uri))


@lru_cache(maxsize=100_000)
def _path(root: Path, name: str) -> Path:
    """Asked for every file after each change."""
    return root / name


@lru_cache(maxsize=100_000)
def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else str(path)


def _normal(path: Path) -> Path:
    """Links of folders followed, as the command line does."""
    try:
        return path.parent.resolve() / path.name
    except (OSError, RuntimeError, ValueError):
        return path


def _root(folder: Path) -> Path | None:
    if not folder.is_absolute():
        return None
    for here in (folder, *folder.parents):  # an editor may name a folder that is not there
        if here.is_dir():
            try:
                return find_root(here)
            except (InvalidInput, OSError, ValueError):
                return None
    return None
