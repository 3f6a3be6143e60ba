"""Answers on the command line: `--answer NAME=VALUE`, or `--answers` with a JSON object in a file or on stdin."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from runtime.errors import InvalidInput

from .options import once, pairs

Answers = Annotated[
    tuple[str, ...],
    Parameter(
        name="--answer", help='NAME=VALUE, "budget=1250"; once for each question. Without any the terminal asks.'
    ),
]
AnswersFile = Annotated[
    Path | None,
    Parameter(name="--answers", help="A JSON object of answers by name; - reads stdin.", allow_leading_hyphen=True),
]
_MOST = 10_000_000  # bytes of a file of answers


def given(written: Iterable[str], file: Path | None) -> dict[str, object]:
    """All of them by name; what stands on the command line wins. Raises InvalidInput."""
    found = _read(file) if file is not None else {}
    return found | once(pairs(written, "write `--answer NAME=VALUE`, with the name of a question"))


def _read(file: Path) -> dict[str, object]:
    said = "what stands on stdin" if str(file) == "-" else f"`{file}`"
    try:
        text = sys.stdin.buffer.read(_MOST + 1) if str(file) == "-" else _bytes(file)
    except OSError as error:
        raise InvalidInput(f"{said} cannot be read: {error.strerror or error}") from None
    if len(text) > _MOST:
        raise InvalidInput(f"{said} is longer than {_MOST:,} bytes", "these are no answers of one talk")
    try:
        found = json.loads(text, object_pairs_hook=_object)
    except InvalidInput:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{said} is no JSON: {_why(error)}", 'write an object: {"budget": 1250}') from None
    if not isinstance(found, dict):
        raise InvalidInput(f"{said} is no JSON object", 'write {"budget": 1250}')
    return found


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Raises InvalidInput for a name that stands there twice: JSON's reader would take the last one without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, n in Counter(name for name, _ in pairs).items() if n > 1)
        raise InvalidInput(f"`{twice[:60]}` is given twice", "write each name once")
    return found


def _why(error: Exception) -> str:
    """Where the signs are wrong; of limits of the reader their meaning."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is no UTF-8"
    return str(error) if isinstance(error, json.JSONDecodeError) else "a number in it is too long"


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_MOST + 1)
