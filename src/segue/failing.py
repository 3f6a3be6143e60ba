"""What a user reads when something went wrong: a sentence and a hint, never a traceback."""

from __future__ import annotations

import errno
import sys
import tempfile
import traceback
from collections.abc import Sequence

from cyclopts import CycloptsError

from runtime.errors import SegueError

from .main import BUG, FAILED


def told(error: Exception, arguments: Sequence[str]) -> int:
    """Say what went wrong on stderr; the exit code."""
    match error:
        case SegueError():
            _findings(error)
            return _say(error.message, error.hint, error.exit_code)
        case CycloptsError():
            return _say(str(error), f"see `segue {arguments[0]} --help`", FAILED)
        case OSError() if error.errno in _PLAIN:
            about = f"{error.filename}: " if error.filename else ""
            return _say(f"{about}{error.strerror}", _PLAIN[error.errno], FAILED)
    return _bug(error, arguments)


def _say(message: str, hint: str, code: int) -> int:
    print(f"segue: {message.strip()}", file=sys.stderr)
    if hint:
        print(f"  {hint}", file=sys.stderr)
    return code


def _findings(error: SegueError) -> None:
    """A project whose rules are broken shows them."""
    from runtime.project import BrokenRules

    if isinstance(error, BrokenRules):
        from .findings import show_findings

        show_findings(error.compiled, sys.stderr)


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    text = f"segue {' '.join(arguments)}\n\n" + "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile("w", prefix="segue-", suffix=".txt", delete=False, encoding="utf-8") as file:
            file.write(text)
        kept = f"the details are in {file.name}; please send us that file"
    except OSError:
        kept = f"{type(error).__name__}: {error}"
    return _say("something went wrong that should not have; this is a fault of Segue's, not of your project", kept, BUG)


_PLAIN = {
    errno.ENOSPC: "the disk is full; free some space, then run again",
    errno.EDQUOT: "your quota is used up; free some space, then run again",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you have no right to do this there",
    errno.EPERM: "you have no right to do this there",
    errno.ENOENT: "",
    errno.EISDIR: "",
    errno.ENOTDIR: "",
    errno.EIO: "see to the disk, then run again",
}
