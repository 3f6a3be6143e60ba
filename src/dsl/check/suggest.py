"""`did you mean` as the checker says it: the guess alone, since each place has its own words for the rest."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.suggest import closest

__all__ = ["closest", "did_you_mean"]


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """`did you mean `x`?`, or nothing."""
    meant = closest(name, candidates)
    return f"did you mean `{meant}`?" if meant else ""
