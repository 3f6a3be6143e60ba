"""Which brackets, chains and branches are broken over several lines.

What the author wrote over several lines stays so, what they wrote on one line stays so while it is not too wide. Widths
are those of the part itself, not of the line it stands in: a part does not change because it is moved deeper."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from .marks import Branches
from .words import Words

WIDEST = 120  # columns


class Breaks:
    """Indexes of words. `brackets`: those opened for several lines; `operators`: an `and` or `or` that begins a line,
    and whether its chain fills a bracket (else it hangs below a word); `behind`: the word behind a chain that hangs;
    `other`: an `else` that begins a line; `items`: words that begin an item of braces."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._commented = list(accumulate(len(comments) for comments in words.comments))
        self.items = {words.at[place] for place in words.marks.items}
        self.items |= {words.ending[place] + 1 for place in words.marks.before_items}
        self._kept_lines = {words.line[i - 1] for i in range(1, len(words.comments)) if self._ends_with_ignore(i)}
        self.brackets = {i for i, word in enumerate(words.words) if self._opens(i, word.type)}
        self.operators: dict[int, bool] = {}
        self.behind: set[int] = set()
        self._chains()
        self.other = {i for branches in words.marks.branches for i in self._branches(branches)}

    def comments_in(self, first: int, last: int) -> bool:
        """Whether a comment stands between these two words."""
        return self._commented[last] > self._commented[first]

    def one_to_a_line(self, i: int) -> bool:
        """Whether the list that word `i` opens, if it is broken, is not filled: one of rows, or with comments in it."""
        return self._has_rows(i) or self.comments_in(i, self._words.partner[i])

    def _ends_with_ignore(self, i: int) -> bool:
        """Whether a comment that hides findings stands behind the item or declaration that ends before word `i`."""
        words, comments = self._words, self._words.comments[i]
        if not comments or comments[0].own_line or not comments[0].text.startswith("# segue:"):
            return False
        declared = i == len(words.words) or words.inside[i] < 0
        return i in self.items or (words.words[i - 1].type if declared else words.words[i].type) == "RBRACE"

    def keeps_line(self, i: int) -> bool:
        """A line whose findings are suppressed is not broken: the comment would stand elsewhere."""
        return self._words.line[i] in self._kept_lines

    def _wide(self, first: int, last: int) -> bool:
        return self._words.width(first, last) > WIDEST and not self.keeps_line(first)

    def _opens(self, i: int, kind: str) -> bool:
        """Chains and the width of a line break more."""
        words, closed = self._words, self._words.partner.get(i, i)
        match kind:
            case "LBRACE" if closed == i + 1:
                return self.comments_in(i, closed)
            case "LBRACE":
                return words.line[closed] > words.line[i] or self._wide(i + 1, closed - 1)
            case "LSQB":
                return self.comments_in(i, closed) or (self._has_rows(i) and words.broken_before(i + 1))
            case "LPAR":
                return bool(words.comments[i + 1] or words.comments[closed])
        return False

    def _has_rows(self, i: int) -> bool:
        return self._words.words[i + 1].type == "LPAR"

    def _chains(self) -> None:
        """Inner chains first: one that is broken breaks those around it."""
        inner: list[int] = []  # where broken chains begin, from the last to the first
        for chain in sorted(self._words.marks.chains, key=lambda c: (-c.start, c.end)):
            first, last = self._words.at[chain.start], self._words.ending[chain.end]
            holds = bisect_right(inner, -first) > bisect_left(inner, -last)
            operators = [self._words.at[place] for place in chain.operators]
            if self._words.words[operators[0]].type == "COMMA":
                continue  # `purchased(product = "x", total = 3 EUR)` of a test is filled like a list
            if holds or self._chain_breaks(first, last, operators):
                inner.append(-first)
                self._break(first, last, operators)

    def _chain_breaks(self, first: int, last: int, operators: list[int]) -> bool:
        broken = any(self._words.broken_before(i) or self._words.broken_before(i + 1) for i in operators)
        return broken or self.comments_in(first, last) or self._wide(first, last)

    def _break(self, first: int, last: int, operators: list[int]) -> None:
        bracket = self._words.inside[first]
        fills = bracket == first - 1 and self._words.partner.get(bracket) == last + 1
        self.operators |= dict.fromkeys(operators, fills)
        if fills:
            self.brackets.add(bracket)
        else:
            self.behind.add(last + 1)
            if self._words.words[last + 1].type == "LBRACE" and self._words.partner[last + 1] > last + 2:
                self.brackets.add(last + 1)

    def _branches(self, branches: Branches) -> list[int]:
        """`{ .. }` on one line and then `else` on the next, where the author liked that or all is too wide."""
        words = self._words
        places = [words.ending[place] + 1 for place in branches.before_else]
        wide = self._wide(words.at[branches.start], words.ending[branches.end])
        if not (wide or any(words.broken_before(i) for i in places)):
            return []
        return [i for i in places if words.partner[i - 1] not in self.brackets]
