"""The files of a project: where it begins, which files are its own, and reading them whatever they turn out to be."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from ..errors import InvalidInput

SETTINGS, SCHEMA, RULES = "segue.yaml", "schema.yaml", ".segue"
LARGEST = 64 * 1024 * 1024  # bytes of one file: more is no rule that a person wrote
_SKIPPED = frozenset(("node_modules", "__pycache__", "venv"))
_TRIES = 3  # to read a file that somebody writes at the same time

Stamp = tuple[int, int, int, int]  # size, modified, changed (ns), inode: another one, and the file may be another


def find_root(start: Path) -> Path:
    """The folder with segue.yaml, from `start` upwards. Raises InvalidInput where there is none."""
    try:
        here = start.resolve(strict=True)
    except (OSError, RuntimeError):
        raise InvalidInput(f"there is no folder {start}") from None
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise InvalidInput(f"there is no project here: no {SETTINGS} in {here} or above it", "run `segue init`")


def by_project(paths: Sequence[Path]) -> list[list[Path]]:
    """The paths in groups of one project each, in the order of their first. A folder that is in no project and holds
    some stands for these, and for the rule files beside them; so does the folder one stands in, without paths."""
    here = Path()
    named = paths or ([here] if _projects_in(here) else [])
    groups: dict[Path | None, list[Path]] = {}
    for path in (part for one in named for part in _parts(one)):
        groups.setdefault(_root_of(path if path.is_dir() else path.resolve().parent), []).append(path)
    return list(groups.values())


def _parts(path: Path) -> list[Path]:
    projects = _projects_in(path)
    beside = [f for f in rule_files(path) if not any(f.is_relative_to(one) for one in projects)] if projects else []
    return [*projects, *beside] or [path]


def _projects_in(folder: Path) -> list[Path]:
    """The projects in a folder that is in none, not far below it."""
    if not folder.is_dir() or _root_of(folder) is not None:
        return []
    found: list[Path] = []
    for below in ("*", "*/*", "*/*/*"):
        places = (file.parent for file in folder.glob(f"{below}/{SETTINGS}"))
        found += [one for one in places if not any(one.is_relative_to(outer) for outer in found)]
    return sorted(one for one in found if not any(_passed_over(name) for name in one.relative_to(folder).parts))


def one_root(paths: Sequence[Path], project: Path | None, here: Path) -> Path | None:
    """The one project that all paths are in; None for rule files that belong to none. Raises InvalidInput."""
    for path in paths:
        if not path.exists():
            raise InvalidInput(f"there is no {path}")
    if project is not None:
        return find_root(project)
    starts = [path if path.is_dir() else path.resolve().parent for path in paths] or [here]
    roots = {_root_of(start) for start in starts}
    if len(roots) > 1:
        raise InvalidInput("these paths are of several projects", "check one project at a time")
    root = roots.pop()
    for folder in filter(Path.is_dir, paths or [here]):
        if projects := _projects_in(folder):
            named = ", ".join(one.as_posix() for one in projects)
            raise InvalidInput(f"{folder} is no project, but holds some", f"take one of {named}")
    if root is None and not any(path.suffix == RULES or path.is_dir() for path in paths):
        return find_root(starts[0])  # says that there is none
    return root


def _root_of(start: Path) -> Path | None:
    try:
        return find_root(start)
    except InvalidInput:
        return None


def meant(paths: Iterable[Path], root: Path) -> tuple[str, ...]:
    """The paths as diagnostics name files; () for all."""
    found = []
    for path in paths:
        absolute = path.resolve()
        found.append(absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path.as_posix())
    return () if "." in found else tuple(found)


def covers(inside: tuple[str, ...], file: str) -> bool:
    """Whether a file, named as from the root, is one of those meant."""
    return not inside or any(file == path or file.startswith(f"{path}/") for path in inside)


def rule_files(root: Path) -> list[Path]:
    """Every rule file below `root` in the order of their names, hidden folders left out, and of a project another one
    that lies in it (`segue demo` makes one wherever one stands). Raises InvalidInput for a folder that cannot be read:
    to go on without its rules would end those inside them."""
    found = []
    of_project = (root / SETTINGS).is_file()
    for folder, folders, names in os.walk(root, onerror=partial(_unread_folder, root)):
        if of_project and SETTINGS in names and Path(folder) != root:
            folders.clear()
            continue
        folders[:] = sorted(f for f in folders if not _passed_over(f))
        found += [Path(folder) / name for name in names if name.endswith(RULES)]
    return sorted(found)


def _passed_over(folder: str) -> bool:
    return folder.startswith(".") or folder in _SKIPPED


def _unread_folder(root: Path, error: OSError) -> None:
    folder = Path(error.filename)
    if folder.is_dir():  # else it has just gone
        said = os.path.relpath(folder, root)
        raise InvalidInput(f"the folder {said} cannot be read: {error.strerror}", "give yourself the right to read it")


def is_rule_file(root: Path, path: Path) -> bool:
    """Whether a file of that path is, or would be, one of the rule files below `root`."""
    if path.suffix != RULES or not path.is_relative_to(root):
        return False
    inside = path.relative_to(root).parent
    if any(_passed_over(folder) for folder in inside.parts):
        return False
    return not any((root / folder / SETTINGS).is_file() for folder in (inside, *inside.parents) if folder.name)


def project_files(root: Path) -> dict[str, Path]:
    """All files of a project by the names that diagnostics give them: its rules, then schema.yaml and segue.yaml."""
    names = {path.relative_to(root).as_posix(): path for path in rule_files(root)}
    return names | {name: root / name for name in (SCHEMA, SETTINGS) if os.path.lexists(root / name)}


def stamp_of(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def read_whole(path: Path, said: str) -> tuple[bytes, Stamp]:
    """The content of a regular file, and its stamp at that moment. `said` is its name to people. Raises InvalidInput:
    also for folders and pipes, which would not end, and for a file that does not stop changing."""
    try:
        for _ in range(_TRIES):
            with _opened(path, said) as file:
                before = os.fstat(file.fileno())
                content = file.read()
                after = os.fstat(file.fileno())
            if stamp_of(before) == stamp_of(after) and len(content) == after.st_size:
                return content, stamp_of(after)
    except OSError as error:
        raise InvalidInput(f"{said} cannot be read: {error.strerror}") from None
    raise InvalidInput(f"{said} changes while it is read", "run it again when nobody writes to it")


def _opened(path: Path, said: str) -> IO[bytes]:
    """Without waiting for somebody at the other end of a pipe."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _check_kind(os.fstat(number), said)
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def _check_kind(found: os.stat_result, said: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise InvalidInput(f"{said} is a folder, not a file")
    if not stat.S_ISREG(found.st_mode):
        raise InvalidInput(f"{said} is no regular file", "rules and settings are read from files on a disk")
    if found.st_size > LARGEST:
        raise InvalidInput(f"{said} is too large: {found.st_size:,} bytes", f"a file has {LARGEST:,} bytes at most")


def decoded(content: bytes, said: str, errors: str = "strict") -> str:
    """The text. Raises InvalidInput where it is not UTF-8, unless `errors` says what to do with it."""
    try:
        return content.decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{said} is not UTF-8: byte {error.start + 1:,} is none of it", "save it as UTF-8") from None
