"""One declaration as lines: every word in turn, and before each what the marks and breaks ask for."""

from __future__ import annotations

from ..diagnostics.columns import width
from ..syntax import nodes as n
from ..values import dataclass
from .blocks import reindented
from .breaks import WIDEST, Breaks
from .words import Words

STEP = 2
_ENDS = frozenset(("RPAR", "RSQB", "LBRACE", "RBRACE"))


@dataclass(frozen=True, slots=True)
class _Level:
    """A broken bracket: where its content begins, and where the line with its closing sign does."""

    opened: int
    indent: int
    back: int


class Layout:
    """`lines(first, last)` prints the words of one declaration, which begins at the margin."""

    def __init__(self, words: Words, breaks: Breaks) -> None:
        self._words, self._breaks = words, breaks
        self._out: list[str] = []
        self._levels = [_Level(-1, 0, 0)]
        self._indent = 0  # of the line that is being written
        self._column = 0
        self._one_line_to = -1  # the closing brace of a block that stands on one line

    def lines(self, first: int, last: int) -> str:
        self._out, self._indent, self._column, self._one_line_to = [], 0, 0, -1
        self._word(first)
        for i in range(first + 1, last + 1):
            self._between(i)
            self._word(i)
        return "".join(self._out)

    def _word(self, i: int) -> None:
        word = self._words.words[i]
        breaks = i in self._breaks.brackets or (word.type == "LSQB" and not self._fits(i, self._words.partner[i]))
        if word.type == "TEXT" and "\n" in word.text:
            self._out.append(reindented(word.text, self._indent + STEP))
            self._column = self._indent + STEP + 3
        else:
            self._out.append(word.text)
            self._column += width(word.text)
        if breaks:
            is_block = word.type == "LBRACE"
            back = self._levels[-1].indent if is_block else self._indent
            self._levels.append(_Level(i, back + STEP, back))
        elif word.type == "LBRACE":
            self._one_line_to = max(self._one_line_to, self._words.partner[i])

    def _between(self, i: int) -> None:
        """What stands between a word and the one before: a line break with comments, or a space."""
        words, level, comments = self._words, self._levels[-1], self._words.comments[i]
        closes = level.opened >= 0 and words.partner[level.opened] == i
        indent = level.back if closes else self._line_break(i, level)
        if comments and indent is None:
            indent = self._hanging(i, level)
        if closes:
            self._levels.pop()
        if indent is None:
            self._out.append(words.space[i])
            self._column += len(words.space[i])
            return
        for k, comment in enumerate(comments):
            self._comment(i, k, comment, level, level.indent if closes else indent)
        start = comments[-1].span.end if comments else words.words[i - 1].end
        apart = self._may_stand_apart(i) and (comments or level.opened != i - 1)
        self._begin_line(indent, bool(apart) and words.blank_between(start, words.words[i].start))

    def _comment(self, i: int, k: int, comment: n.Comment, level: _Level, indent: int) -> None:
        """The comment number `k` before word `i`: beside the word before, or on a line of its own."""
        if k == 0 and not comment.own_line:
            self._out.append("  ")
        else:
            end = self._words.comments[i][k - 1].span.end if k else self._words.words[i - 1].end
            apart = (k > 0 or level.opened != i - 1) and self._words.blank_between(end, comment.span.start)
            self._begin_line(indent, apart)
        self._out.append(comment.text)

    def _may_stand_apart(self, i: int) -> bool:
        """Whether a blank line before this word is kept."""
        return i in self._breaks.items or i in self._breaks.operators or i in self._breaks.other

    def _begin_line(self, indent: int, after_blank: bool) -> None:
        self._out.append("\n\n" if after_blank else "\n")
        self._out.append(" " * indent)
        self._indent = self._column = indent

    def _line_break(self, i: int, level: _Level) -> int | None:
        """The indent of the line that word `i` begins; None where it begins none."""
        breaks, words = self._breaks, self._words
        if level.opened == i - 1:
            return level.indent
        if i in breaks.items:
            return level.indent if words.inside[i] == level.opened else None
        if i in breaks.operators:
            return level.indent if breaks.operators[i] else level.indent + STEP
        if i in breaks.other:
            return level.indent
        if i in breaks.behind and words.words[i].type not in ("COMMA", "RPAR", "RSQB", "RBRACE"):
            return self._hanging(i, level)
        if words.words[i - 1].type == "COMMA":
            return self._after_comma(i, level)
        return None

    def _hanging(self, i: int, level: _Level) -> int:
        """The indent of a word in the middle of an item that cannot stay on the line."""
        if level.opened >= 0 and self._words.words[level.opened].type == "LSQB":
            return level.indent
        return level.indent if self._words.words[i].type in ("LBRACE", "ELSE") else level.indent + STEP

    def _after_comma(self, i: int, level: _Level) -> int | None:
        """Lists are filled; rows, and what has comments in between, stand one to a line."""
        words = self._words
        opened = words.inside[i]
        kind, broken = words.words[opened].type if opened >= 0 else "", opened == level.opened
        if kind == "LSQB" and broken and self._breaks.one_to_a_line(opened):
            return level.indent
        if (kind == "LSQB" and not broken) or self._fits(i, self._until_comma(i)):
            return None
        return level.indent if broken and kind in ("LSQB", "LPAR") else level.indent + STEP

    def _fits(self, first: int, last: int) -> bool:
        """Whether these words can stand on the line that is being written."""
        if first <= self._one_line_to or self._breaks.keeps_line(first):
            return True
        return self._column + self._words.width(first, last) <= self._indent + WIDEST

    def _until_comma(self, i: int) -> int:
        """The comma behind the part of a list that begins at word `i`, or the last word of that part."""
        words = self._words
        while words.words[i].type != "COMMA":
            last = words.partner[i] if words.words[i].type in ("LPAR", "LSQB") else i
            if last + 1 in self._breaks.items or words.words[last + 1].type in _ENDS:
                return last
            i = last + 1
        return i
