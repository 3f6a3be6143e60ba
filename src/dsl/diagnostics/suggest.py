"""Did you mean ..?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, or None. Case and `-` for `_` are the first guesses."""
    candidates = list(known)
    plain = {_plain(k): k for k in reversed(candidates)}
    if _plain(word) in plain:
        return plain[_plain(word)]
    found = get_close_matches(_plain(word), plain, n=1, cutoff=0.66)
    return plain[found[0]] if found else None


def perhaps(word: str, known: Iterable[str]) -> str:
    """`did you mean `x`?`, or nothing: for places that have words of their own for the rest."""
    guess = closest(word, known)
    return f"did you mean `{guess}`?" if guess else ""


def did_you_mean(word: str, known: Iterable[str], most: int = 12) -> str:
    """The text of `help`: the closest word, else the words there are (where they are few enough to read)."""
    candidates = list(known)
    listed = f"known here: {', '.join(candidates)}" if 0 < len(candidates) <= most else ""
    return perhaps(word, candidates) or listed


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
