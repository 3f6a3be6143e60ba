"""Did you mean ..?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, or None. Case, `-` for `_` and the order of its parts are the first
    guesses; of words that are as near, the one with the same first letter."""
    candidates = list(known)
    plain = {_plain(k): k for k in reversed(candidates)}
    if _plain(word) in plain:
        return plain[_plain(word)]
    turned = {_parts(k): k for k in reversed(plain) if "_" in k}
    if _parts(_plain(word)) in turned:
        return plain[turned[_parts(_plain(word))]]
    found = get_close_matches(_plain(word), plain, n=3, cutoff=0.66)
    return plain[max(found, key=lambda near: _nearness(_plain(word), near))] if found else None


def _parts(word: str) -> tuple[str, ...]:
    return tuple(sorted(word.split("_")))


def _nearness(word: str, near: str) -> tuple[float, bool]:
    return SequenceMatcher(None, near, word).ratio(), near[:1] == word[:1]


def perhaps(word: str, known: Iterable[str]) -> str:
    """`did you mean `x`?`, or nothing: for places that have words of their own for the rest."""
    guess = closest(word, known)
    return f"did you mean `{guess}`?" if guess else ""


def did_you_mean(word: str, known: Iterable[str], most: int = 12) -> str:
    """The text of `help`: the closest word, else the words there are (where they are few enough to read)."""
    candidates = list(known)
    listed = f"known here: {', '.join(candidates)}" if 0 < len(candidates) <= most else ""
    return perhaps(word, candidates) or listed


def of_those_declared(kind: str, word: str, known: Iterable[str]) -> str:
    """`did_you_mean`, or that there is nothing of that kind at all."""
    candidates = list(known)
    return did_you_mean(word, candidates) if candidates else f"no {kind} is declared"


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
