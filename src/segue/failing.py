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
from .misread import misread
from .output import say


def told(error: Exception, arguments: Sequence[str]) -> int:
    """Say what went wrong on stderr; the exit code."""
    match error:
        case SegueError():
            _findings(error)
            return _say(error.message, error.hint, error.exit_code)
        case CycloptsError():
            return _say(*misread(error, arguments), FAILED)
        case UnicodeEncodeError() | TypeError() if _SURROGATES in str(error):  # of a codec, of orjson
            return _say("an argument or a file's name holds bytes that are no UTF-8", "write it in UTF-8", FAILED)
        case OSError() if error.errno in _PLAIN:
            about = f"{str(error.filename)[:_NAME]}: " if error.filename else ""
            return _say(f"{about}{error.strerror}", _PLAIN[error.errno], FAILED)
    return _bug(error, arguments)


def _say(message: str, hint: str, code: int) -> int:
    said = message.strip()
    if len(said) > _LONGEST:
        said = f"{said[:_LONGEST]} .."
    say(f"segue: {said}")
    if hint:
        say(f"  {hint}")
    return code


def _findings(error: SegueError) -> None:
    """A project whose rules are broken shows them."""
    from runtime.project.loading import BrokenRules

    if isinstance(error, BrokenRules):
        from .findings import show_findings

        show_findings(error.compiled, sys.stderr)


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    text = f"segue {' '.join(arguments)}\n\n" + "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="segue-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            file.write(text)
        kept = f"the details are in {file.name}; please send us that file"
    except OSError:
        kept = f"{type(error).__name__}: {error}"
    return _say("something went wrong that should not have; this is a fault of Segue's, not of your project", kept, BUG)


_SURROGATES = "surrogates not allowed"
_NAME = 300  # of a file: what is wrong with it stands behind its name
_LONGEST = 2_000  # what somebody wrote stands in a message; a book pasted by mistake does not help
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
    errno.ENAMETOOLONG: "give it a shorter name",
    errno.ELOOP: "the links lead in a circle",
}
