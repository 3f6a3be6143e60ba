"""What `segue check` found last time, kept in the user's cache folder: unchanged files are not read again.

Two files for each project. `last` says how every file was, and what was found: enough where nothing has changed, and
read without a part of the language. `memory` holds what a workspace knows, to go on from where something has.

Nothing here is trusted: both files carry a sum of their content, a mark of this very version of Segue, and lie in a
folder that nobody else may write to. What does not fit is as if it were not there. They are replaced in one step, so
runs at the same time do not disturb each other; `memory` is believed only with the `last` that was written with it.
"""

from __future__ import annotations

import marshal
import os
import shutil
import stat
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ..project.layout import Stamp

_SIZE = 16  # bytes of a digest
# Clocks of file systems are coarse: what was written so shortly before a run may be written again without a trace.
DOUBT = 2_000_000_000
LONG = 60 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Last:
    """`started`: when that run began, in ns. `files`: each with its stamp and the digest of its content. `found`:
    all findings as bytes of `dsl.keeping`, empty for none. `memory`: the digest of the other file."""

    started: int
    files: Mapping[str, tuple[Stamp, bytes]]
    found: bytes
    memory: bytes

    def is_sure(self, name: str, stamp: Stamp) -> bool:
        """Whether a file with that stamp is as it was, without a look into it."""
        known = self.files.get(name)
        return known is not None and known[0] == stamp and max(stamp[1], stamp[2]) < self.started - DOUBT


def digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_SIZE).digest()


def folder_of(root: Path) -> Path | None:
    """The project's folder in the user's cache (XDG), made where it is missing; None where there is no safe one."""
    if not hasattr(os, "getuid"):
        return None
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "segue" / "checks" / digest(os.fsencode(root)).hex()
        if not folder.is_dir():
            _sweep(folder.parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    safe = found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o022
    return folder if safe and os.access(folder, os.W_OK) else None


def _sweep(checks: Path) -> None:
    """Takes away what is kept of projects that nobody has checked for long: they may be gone."""
    with suppress(OSError):
        for last in checks.glob("*/last"):
            if time.time() - last.stat().st_mtime > LONG:
                shutil.rmtree(last.parent, ignore_errors=True)


def read_last(folder: Path) -> Last | None:
    content = _read(folder / "last")
    try:
        return Last(*marshal.loads(content)) if content is not None else None
    except (ValueError, EOFError, TypeError):
        return None


def read_memory(folder: Path, last: Last) -> bytes | None:
    """What was written with `last`; None where it is not there any more."""
    content = _read(folder / "memory")
    return content if content is not None and digest(content) == last.memory else None


def write(folder: Path, last: Last, memory: bytes | None = None) -> None:
    """Keeps both, or `last` alone where `memory` is as it was. A full disk keeps nothing."""
    with suppress(OSError):
        if memory is not None:
            _write(folder / "memory", memory)
        _write(folder / "last", marshal.dumps((last.started, dict(last.files), last.found, last.memory)))


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    mark, sum, rest = content[:_SIZE], content[_SIZE : 2 * _SIZE], content[2 * _SIZE :]
    return rest if mark == _mark() and digest(rest) == sum else None


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(_mark() + digest(content) + content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _mark() -> bytes:
    """This version of Segue and of Python: the code itself, as it lies on the disk, for a version being worked on."""
    global _own
    if _own is None:
        import dsl
        import grammar

        code = [sys.version, *(_code(Path(next(iter(package.__path__)))) for package in (dsl, grammar))]
        _own = digest("\n".join(code).encode())
    return _own


_own: bytes | None = None


def _code(folder: Path) -> str:
    lines = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                lines.append(_code(Path(entry.path)))
            elif entry.name.endswith((".py", ".lark")):
                found = entry.stat()
                lines.append(f"{entry.path} {found.st_size} {found.st_mtime_ns}")
    return "\n".join(sorted(lines))
