"""Chance without a stream: a number for every question, the same whenever and in whatever order it is asked.

So one person's fate does not depend on how many others there are, on batches, or on what the rules sent to others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")
_SIZE = 1 << 64


class Dice:
    """`roll("opens", enrollment, ordinal)` is a number in [0, 1) that follows from the seed and the words alone."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def roll(self, *question: object) -> float:
        text = "\x1f".join(map(str, question))
        return int.from_bytes(blake2b(text.encode(), digest_size=8, key=self._key).digest(), "big") / _SIZE

    def between(self, low: int, high: int, *question: object) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.roll(*question) * (high - low + 1))

    def pick(self, options: Sequence[T], *question: object) -> T:
        return options[int(self.roll(*question) * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float], *question: object) -> T:
        """One of the options; the weights need no sum of their own."""
        bounds = list(accumulate(weights))
        return options[bisect_right(bounds, self.roll(*question) * bounds[-1])]
