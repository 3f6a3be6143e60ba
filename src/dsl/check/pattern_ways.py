"""In how many ways a repetition of a pattern fits one text: with several, the search tries them all (X31).

The store that has no patterns of its own searches by trying. Where one text can be cut into runs of a repetition in two
ways, twice that text can be cut in four: `(a|aa)+$` tries billions of ways on sixty letters and one sign. So each sign
of a pattern is a position, `following` says which may come behind which and in how many ways (0, 1, or 2 for several),
and a repetition without a limit is taken only if no text leads from a position back to it in two ways.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ..values import dataclass

MOST_COPIES = 8  # a group that may come more often is judged as if it came without a limit
MOST_POSITIONS = 400
_MOST_TOKENS = 1_000  # what is longer, or takes more pairs, is let through: a false alarm is worse than a miss
_MOST_PAIRS = 300_000
SIGNS = "".join(map(chr, range(128))) + "\u00e9\u3042\u69d8"
TOKEN = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|\(\?:|\{[0-9,]+\}|.", re.DOTALL)

Ways = Counter[int]


@dataclass(frozen=True, slots=True)
class _Part:
    """`empty`: the ways to fit nothing; `first`, `last`: those to begin and to end at a position."""

    empty: int
    first: Mapping[int, int]
    last: Mapping[int, int]
    positions: range


def several_ways(pattern: str) -> tuple[int, int] | None:
    """Where the first repetition stands that fits some texts in more and more ways; None where there is none.

    For a pattern that can be read."""
    tokens = [(found.start(), found.end(), found[0]) for found in TOKEN.finditer(pattern)]
    return _Judged(pattern, tokens).found if len(tokens) <= _MOST_TOKENS else None


class _Judged:
    """`signs`: which of `SIGNS` each position takes, as bits."""

    def __init__(self, pattern: str, tokens: list[tuple[int, int, str]]) -> None:
        self.tokens = tokens
        self.signs: list[int] = []
        self.following: dict[int, Ways] = {}
        self.known: dict[str, int] = {}
        self.found: tuple[int, int] | None = None
        self.alphabet = SIGNS + "".join(sorted({*pattern} - {*SIGNS}))
        self._choice(0)

    def _choice(self, at: int) -> tuple[_Part, int]:
        """The part from a token on, up to the `)` or the end behind it."""
        part, at = self._row(at)
        while at < len(self.tokens) and self.tokens[at][2] == "|":
            other, at = self._row(at + 1)
            part = _Part(
                _few(part.empty + other.empty),
                {**part.first, **other.first},
                {**part.last, **other.last},
                range(part.positions.start, other.positions.stop),
            )
        return part, at

    def _row(self, at: int) -> tuple[_Part, int]:
        part = self._nothing()
        while at < len(self.tokens) and self.tokens[at][2] not in ("|", ")"):
            start, (one, at) = at, self._one(at)
            if at < len(self.tokens) and self.tokens[at][2][0] in "*+?{":
                one = self._repeated(one, start, at)
                at += 1
            part = self._joined(part, one)
        return part, at

    def _one(self, at: int) -> tuple[_Part, int]:
        token = self.tokens[at][2]
        if token in ("(", "(?:"):
            part, at = self._choice(at + 1)
            return part, at + 1
        if token in ("^", "$"):
            return self._nothing(), at + 1
        here = len(self.signs)
        self.signs.append(self._taken(token))
        return _Part(0, {here: 1}, {here: 1}, range(here, here + 1)), at + 1

    def _taken(self, token: str) -> int:
        if token not in self.known:
            one = re.compile(token, re.DOTALL | re.ASCII)
            self.known[token] = sum(1 << n for n, sign in enumerate(self.alphabet) if one.match(sign))
        return self.known[token]

    def _repeated(self, part: _Part, start: int, at: int) -> _Part:
        """What stands from token `start` up to the sign `at` that repeats it; it is read once for each copy."""
        low, high = _counts(self.tokens[at][2])
        size = len(part.positions)
        if not size:
            return part if low else _or_nothing(part)
        alone = size == 1 and not part.empty
        if high is None or not (alone or high <= MOST_COPIES) or len(self.signs) + size * high > MOST_POSITIONS:
            return self._looped(part, low, at)
        copies = [part] + [self._one(start)[0] for _ in range(1, high)]
        whole = self._nothing()
        for place in reversed(range(high)):  # a{1,3} is a(a(a)?)?
            whole = self._joined(copies[place], whole)
            whole = whole if place < low else _or_nothing(whole)
        return whole

    def _looped(self, part: _Part, low: int, at: int) -> _Part:
        self._follow(part.last, part.first)
        left_out = part.empty and low > MOST_COPIES  # any of so many runs
        if left_out or self._turns_back_in_two_ways(part.positions):
            self._tell(at)
        leaving = {position: _few(ways * (1 + part.empty)) for position, ways in part.last.items()}
        empty = part.empty if low else _few(1 + part.empty)
        return _Part(empty, part.first, leaving, part.positions)

    def _tell(self, at: int) -> None:
        if self.found is None:
            self.found = self.tokens[at][:2]

    def _turns_back_in_two_ways(self, positions: range) -> bool:
        """Two walks over one text begin together, part, and come together again. All positions of a repetition reach
        each other, so where they meet again does not matter."""
        behind: dict[tuple[int, int], list[tuple[int, int]]] = {}
        waiting = [(position, position) for position in positions]
        seen, looked_at = set(waiting), 0
        while waiting:
            pair = waiting.pop()
            looked_at += len(self.following.get(pair[0], ())) * len(self.following.get(pair[1], ()))
            if looked_at > _MOST_PAIRS:
                return False
            for following in self._pairs_behind(*pair):
                if pair[0] == pair[1] and following[0] == following[1] and self.following[pair[0]][following[0]] > 1:
                    return True
                behind.setdefault(following, []).append(pair)
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return _parts_before_it_meets(positions, behind)

    def _pairs_behind(self, one: int, other: int) -> list[tuple[int, int]]:
        return [
            (mine, its)
            for mine in self.following.get(one, ())
            for its in self.following.get(other, ())
            if self.signs[mine] & self.signs[its]
        ]

    def _joined(self, part: _Part, other: _Part) -> _Part:
        self._follow(part.last, other.first)
        first, last = Counter(part.first), Counter(other.last)
        if part.empty:
            first.update({position: ways * part.empty for position, ways in other.first.items()})
        if other.empty:
            last.update({position: ways * other.empty for position, ways in part.last.items()})
        positions = range(part.positions.start, max(part.positions.stop, other.positions.stop))
        return _Part(_few(part.empty * other.empty), first, last, positions)

    def _follow(self, last: Mapping[int, int], first: Mapping[int, int]) -> None:
        for position, ways in last.items():
            behind = self.following.setdefault(position, Counter())
            for following, more in first.items():
                behind[following] = _few(behind[following] + ways * more)

    def _nothing(self) -> _Part:
        return _Part(1, {}, {}, range(len(self.signs), len(self.signs)))


def _parts_before_it_meets(positions: Iterable[int], behind: Mapping[tuple[int, int], list[tuple[int, int]]]) -> bool:
    """Whether, going back from walks that are together, there are two that were apart."""
    waiting = [(position, position) for position in positions]
    seen = set(waiting)
    while waiting:
        for before in behind.get(waiting.pop(), ()):
            if before[0] != before[1]:
                return True
            if before not in seen:
                seen.add(before)
                waiting.append(before)
    return False


def _or_nothing(part: _Part) -> _Part:
    return _Part(_few(part.empty + 1), part.first, part.last, part.positions)


def _few(ways: int) -> int:
    return min(ways, 2)


def _counts(sign: str) -> tuple[int, int | None]:
    """The fewest and the most runs; None without a limit."""
    if sign in "*+?":
        return int(sign == "+"), 1 if sign == "?" else None
    low, comma, high = sign[1:-1].partition(",")
    return int(low), (int(high) if high else None) if comma else int(low)
