"""Long lists of words, written as text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text parted by spaces."""
    return frozenset(text.split())
