"""A field of small dots, eight to a character, in which lines are drawn (Braille patterns of Unicode)."""

from __future__ import annotations

from itertools import groupby

ACROSS, DOWN = 2, 4  # dots of a character
_BLANK = 0x2800
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # of the left and the right ones, from above


class Dots:
    """`columns` x `rows` characters. Dots count from the upper left; a character has the tone that was drawn last."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._bits: dict[tuple[int, int], int] = {}
        self._marks: dict[tuple[int, int], str] = {}
        self._tones: dict[tuple[int, int], str] = {}

    def dot(self, x: int, y: int, tone: str) -> None:
        at = (x // ACROSS, y // DOWN)
        self._bits[at] = self._bits.get(at, 0) | _BITS[x % ACROSS][y % DOWN]
        self._tones[at] = tone

    def line(self, start: tuple[int, int], end: tuple[int, int], tone: str) -> None:
        """Straight, both ends in it, without a gap however steep."""
        (left, top), (right, bottom) = start, end
        steps = max(abs(right - left), abs(bottom - top), 1)
        for i in range(steps + 1):
            self.dot(left + round(i * (right - left) / steps), top + round(i * (bottom - top) / steps), tone)

    def mark(self, x: int, y: int, sign: str, tone: str) -> None:
        """A sign instead of the dots of that character."""
        at = (x // ACROSS, y // DOWN)
        self._marks[at], self._tones[at] = sign, tone

    def row(self, y: int) -> list[tuple[str, str]]:
        """A row of characters from the left, each run of one tone with it; "" for what is blank."""
        cells = [(self._sign((x, y)), self._tones.get((x, y), "")) for x in range(self.columns)]
        return [("".join(sign for sign, _ in run), tone) for tone, run in groupby(cells, key=lambda cell: cell[1])]

    def _sign(self, at: tuple[int, int]) -> str:
        bits = self._bits.get(at, 0)
        return self._marks.get(at) or (chr(_BLANK + bits) if bits else " ")
