"""Text files that are written anew: all of the new content or nothing, and what changes as `diff -u` shows it."""

from __future__ import annotations

import codecs
import os
from contextlib import suppress
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from tempfile import mkstemp


class ChangedMeanwhile(OSError):  # noqa: N818 - named for what happened, as in `errors`
    """The file is not what was read a moment ago."""


def encoded(text: str, before: bytes) -> bytes:
    """The text as bytes, with a byte order mark where there was one."""
    return (mark_of(before) + text).encode()


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """All of the new content or nothing, whenever we are stopped. The mode stays; a read-only file is not replaced.

    Raises ChangedMeanwhile where the file does not hold `before` any more, OSError where it cannot be written."""
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "you have no right to write it")
    number, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != before:
            raise ChangedMeanwhile
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def mark_of(content: bytes) -> str:
    """The byte order mark, if there is one."""
    return "\ufeff" if content.startswith(codecs.BOM_UTF8) else ""


def difference(name: str, before: str, after: str, mark: str = "") -> str:
    """What changes, as `patch -p1` and `git apply` take it: `mark` is a byte order mark. Lines end with a line feed and
    nothing else."""
    end = "\t" if " " in name else ""  # else the name would end at its first blank
    lines = unified_diff(
        list(StringIO(mark + before)), list(StringIO(mark + after)), f"a/{name}{end}", f"b/{name}{end}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
