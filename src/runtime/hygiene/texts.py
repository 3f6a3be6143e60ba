"""The functions of texts in a fix: in Python, so that both databases are given the same (P15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..store.names import folded
from ..store.patterns import replaced

_WIDEST = 4  # signs that may fold to one: `ｶﾞ` is two, and is compared as `ガ`


def applied(function: str, text: str | None, arguments: tuple[str, ...]) -> str | None:
    """What a function makes of a text. No text gives none, and so does a text of which nothing is left."""
    if text is None:
        return None
    return _FUNCTIONS[function](text, *arguments) or None


def without_prefix(text: str, prefix: str) -> str:
    """Where the text begins with it, as `starts with` compares: without regard to case and width (X31)."""
    whole, taken = folded(text), folded(prefix)
    for n in range(1, min(len(text), _WIDEST * len(prefix)) + 1):
        if folded(text[:n]) == taken and taken + folded(text[n:]) == whole:
            return text[n:]
    return text


def without_suffix(text: str, suffix: str) -> str:
    """The same at the end, as `ends with` compares."""
    whole, taken = folded(text), folded(suffix)
    for n in range(1, min(len(text), _WIDEST * len(suffix)) + 1):
        if folded(text[-n:]) == taken and folded(text[:-n]) + taken == whole:
            return text[:-n]
    return text


_FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "without_prefix": without_prefix,
    "without_suffix": without_suffix,
    "replace": lambda text, pattern, by: replaced(text, pattern, by),
}
