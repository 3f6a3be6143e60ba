"""Points in whole numbers, so that a value is the same on every database and in every order of the events.

A score counts in `parts` of a point: the least power of ten that makes every number of its rules whole. What an award
has left after so many days is a whole number too (`factor`), kept in a table that SQL joins. So a value is a sum of
products of integers, and it is rounded once, at the end: to hundredths of a point, half away from zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil, log2

from dsl.program.conditions import Unit
from dsl.program.others import Score

HUNDREDTHS = 100
FADING = HUNDREDTHS << 34  # fine enough that rounding a factor is not seen in the hundredths of a million points


@dataclass(frozen=True, slots=True)
class Scale:
    """How a score counts. `half`: the days that halve a point, None where points do not fade; `weight`: of a part of a
    point that has not faded."""

    parts: int
    half: int | None

    @property
    def weight(self) -> int:
        return HUNDREDTHS if self.half is None else FADING

    @property
    def divisor(self) -> int:
        """Of the weights in a hundredth of a point."""
        return self.parts * self.weight // HUNDREDTHS

    def units(self, points: float) -> int:
        """Points in parts."""
        return round(points * self.parts)

    def hundredths(self, total: int) -> int:
        """A sum of weighted parts, rounded half away from zero."""
        found = (abs(total) + self.divisor // 2) // self.divisor
        return found if total >= 0 else -found


@lru_cache(maxsize=1024)
def scale_of(score: Score) -> Scale:
    numbers = [rule.points for rule in score.rules] + [rule.cap for rule in score.rules if rule.cap is not None]
    numbers += [score.cap] if score.cap is not None else []
    digits = max((_digits(number) for number in numbers), default=0)
    half = score.half_every
    return Scale(10**digits, None if half is None else half.n * (7 if half.unit is Unit.WEEKS else 1))


def _digits(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@lru_cache(maxsize=1 << 16)
def factor(age: int, half: int) -> int:
    """What is left of a point after `age` days where `half` days halve it, of FADING."""
    return round(FADING * 2 ** (-age / half)) if age < gone(half) else 0


def gone(half: int) -> int:
    """After how many days nothing is left."""
    return ceil(half * (log2(FADING) + 2))
