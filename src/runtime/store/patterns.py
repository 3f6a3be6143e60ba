"""What SQLite lacks: `matches`, as it has no patterns of its own (X31), `md5` and `ascii`, and `ln` where it was built
without.

A pattern means what PostgreSQL's `~` does under the collation "C": a dot is any sign, `$` is the very end, and the
letters, digits and blanks of a class are those of ASCII. The checker lets nothing through that the two read
differently.
"""

from __future__ import annotations

import math
import re
import sqlite3
from functools import lru_cache
from hashlib import md5

_DOLLAR = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def know_patterns(connection: sqlite3.Connection) -> None:
    """Teach one connection to match. Not under the name of the operator REGEXP: SQLAlchemy gives that one a meaning."""
    connection.create_function("matches", 2, matches, deterministic=True)
    connection.create_function("ln", 1, math.log, deterministic=True)
    connection.create_function("md5", 1, _md5, deterministic=True)
    connection.create_function("ascii", 1, _ascii, deterministic=True)


def matches(text: str | None, pattern: str) -> bool | None:
    """Whether the pattern is found in the text; None where there is none."""
    return None if text is None else _compiled(_begun(pattern)).search(text) is not None


def replaced(text: str, pattern: str, by: str) -> str:
    """Each match replaced by the text `by` as it stands."""
    return _compiled(pattern).sub(lambda _: by, text)


@lru_cache(maxsize=512)
def _begun(pattern: str) -> str:
    """The pattern without `.*` at its beginning, which asks for nothing: the search begins anywhere in any case, and
    would look through the whole rest of the text from each sign of it."""
    while pattern.startswith(".*"):
        pattern = pattern[2:]
    return pattern


def _md5(text: str | None) -> str | None:
    """As PostgreSQL's: 32 hex digits that stand for a text, no secret."""
    return None if text is None else md5(text.encode(), usedforsecurity=False).hexdigest()


def _ascii(text: str | None) -> int | None:
    """As PostgreSQL's: the code of the first letter, of any script."""
    return None if text is None else ord(text[0]) if text else 0


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    ends = _DOLLAR.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    return re.compile(ends, re.DOTALL | re.ASCII)
