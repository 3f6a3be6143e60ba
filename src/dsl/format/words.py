"""The words of a file in their canonical spelling, with what stands between them where all is on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..diagnostics.columns import width
from ..syntax import nodes as n
from ..syntax.tokens import Token
from .marks import Marks

_CLOSING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
_CLINGS_TO_WORD_BEFORE = frozenset(("COMMA", "RPAR", "RSQB", "DOT", "DOTS", "COLON"))
_CLINGS_TO_WORD_BEHIND = frozenset(("LPAR", "LSQB", "DOT", "DOTS"))
_FUNCTIONS = frozenset(("COUNT", "LAST", "FIRST", "SUM", "MIN", "MAX", "AVG", "SCORE"))
_SIGNED = frozenset(("NUMBER", "MONEY", "PERCENT"))
_BLANKS_WITHIN = frozenset(("AT_LEAST", "AT_MOST", "DURATION", "MONEY"))
_CLOCKS = frozenset(("CLOCK", "CLOCK_RANGE", "DATETIME"))


class Word(NamedTuple):
    """One token as it is printed; `start` and `end` say where it was written."""

    type: str
    text: str
    start: int
    end: int


class Words:
    """Parallel lists, one entry a word: its line in the source, its partner if it is a bracket, the bracket it is in
    (-1: none), the comments before it, the space before it and where it begins if all stands on one line."""

    def __init__(self, text: str, tokens: Sequence[Token], comments: Iterable[n.Comment], marks: Marks) -> None:
        self.text, self.marks = text, marks
        self.words = [Word(t.type, _spelled(t.type, t.text), t.start, t.end) for t in tokens if t.type != "$END"]
        self.at = {word.start: i for i, word in enumerate(self.words)}
        self.ending = {word.end: i for i, word in enumerate(self.words)}
        self.comments = _comments(self.words, comments)
        self.partner, self.inside = _brackets(self.words)
        self.line = self._lines()
        self.space = [self._space(i) if i else "" for i in range(len(self.words))]
        self.column = self._columns()

    def width(self, first: int, last: int) -> int:
        """Columns of the words from `first` to `last` on one line."""
        return self.column[last] - self.column[first] + width(self.words[last].text)

    def broken_before(self, i: int) -> bool:
        """Whether the author began a line with this word."""
        return i > 0 and self.text.find("\n", self.words[i - 1].end, self.words[i].start) >= 0

    def blank_between(self, start: int, end: int) -> bool:
        return self.text.count("\n", start, end) > 1

    def _lines(self) -> list[int]:
        found, line, at = [], 1, 0
        for word in self.words:
            line += self.text.count("\n", at, word.start)
            at = word.start
            found.append(line)
        return found

    def _columns(self) -> list[int]:
        found, column = [], 0
        for word, space in zip(self.words, self.space, strict=True):
            column += len(space)
            found.append(column)
            column += width(word.text)
        return found

    def _space(self, i: int) -> str:
        before, word, marks = self.words[i - 1], self.words[i], self.marks
        if word.type in _CLINGS_TO_WORD_BEFORE or before.type in _CLINGS_TO_WORD_BEHIND:
            return ""
        if word.type == "LPAR" and before.end in marks.as_written:
            return " " if word.start > before.end else ""
        if word.type == "LPAR" and (before.type in _FUNCTIONS or before.end in marks.close):
            return ""
        if (before.type == "MINUS" and word.type in _SIGNED) or (before.type, word.type) == ("LBRACE", "RBRACE"):
            return ""
        wide = word.start in marks.items and word.start not in marks.narrow and before.type != "LBRACE"
        return "  " if wide else " "


def _spelled(kind: str, text: str) -> str:
    if kind in _BLANKS_WITHIN:
        return " ".join(text.split())
    if kind in _CLOCKS:
        return _clock(text)
    return text.replace("\r\n", "\n") if kind == "TEXT" else text


def _clock(text: str) -> str:
    """`9:00 - 17:00` is `09:00-17:00`."""
    day, *hours = text.split() if text[4:5] == "-" else ("", text)
    spelled = ("-".join(f"{hour.strip():0>5}" for hour in part.split("-")) for part in hours)
    return " ".join([day, *spelled]).lstrip()


def _comments(words: list[Word], comments: Iterable[n.Comment]) -> list[list[n.Comment]]:
    """The comments before each word, and those behind the last."""
    found: list[list[n.Comment]] = [[] for _ in range(len(words) + 1)]
    i = 0
    for comment in comments:
        while i < len(words) and words[i].end <= comment.span.start:
            i += 1
        found[i].append(comment)
    return found


def _brackets(words: list[Word]) -> tuple[dict[int, int], list[int]]:
    """Both ways which bracket belongs to which; the innermost open bracket around each word, itself not counted."""
    partner: dict[int, int] = {}
    inside: list[int] = []
    opened: list[int] = []
    for i, word in enumerate(words):
        if word.type in _CLOSING.values() and opened:
            first = opened.pop()
            partner[first], partner[i] = i, first
        inside.append(opened[-1] if opened else -1)
        if word.type in _CLOSING:
            opened.append(i)
    return partner, inside
