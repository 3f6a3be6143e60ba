"""One file in its canonical layout: read, printed, read again and compared."""

from __future__ import annotations

from pathlib import Path

from ..collector import collector_at_rest
from ..diagnostics.diagnostic import Diagnostic, Edit
from ..source import Source, Span
from ..syntax import nodes as n
from ..syntax import parse
from ..syntax.machine import machine
from ..syntax.parse import Parsed
from ..values import dataclass
from .breaks import Breaks
from .joined import Printed, joined
from .layout import Layout
from .marks import Marks
from .marks_declarations import mark_declaration
from .same import same
from .words import Words


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is the source's own where `problems` say why it cannot be read, or where the layout was not `safe`:
    it would have said something else, which is a fault of the formatter."""

    source: Source
    text: str
    problems: tuple[Diagnostic, ...] = ()
    safe: bool = True

    @property
    def changed(self) -> bool:
        return self.text != self.source.text

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What is to be replaced in the source: one edit, as short as it can be, or none."""
        return (difference(self.source, self.text),) if self.changed else ()


def difference(source: Source, text: str) -> Edit:
    """The one edit that makes `text` of the source's, without the lines that begin and end both."""
    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    start, end = len("".join(old[:head])), len(source.text) - len("".join(old[len(old) - tail :]))
    return Edit(Span(source.name, start, end), "".join(new[head : len(new) - tail]))


def format_source(source: Source, cache: Path | None = None) -> Formatted:
    """The whole file. `cache` as in `parse`."""
    with collector_at_rest():
        return _formatted(source, cache, None)


def format_range(source: Source, first: int, last: int, cache: Path | None = None) -> Formatted:
    """The declarations that touch the lines from `first` to `last` (from 1); all else stays as it is, byte by byte."""
    with collector_at_rest():
        return _formatted(source, cache, (first, last))


def _formatted(source: Source, cache: Path | None, lines: tuple[int, int] | None) -> Formatted:
    parsed = parse(source, cache)
    if parsed.diagnostics:
        return Formatted(source, source.text, parsed.diagnostics)
    printed = _Printed(source, parsed, cache)
    text = printed.touched(*lines) if lines else printed.whole()
    if text == source.text:
        return Formatted(source, text)
    safe = _says_the_same(parsed, parse(Source(source.name, text), cache))
    return Formatted(source, text if safe else source.text, (), safe)


def _says_the_same(before: Parsed, after: Parsed) -> bool:
    comments = [c.text for c in before.comments] == [c.text for c in after.comments]
    return comments and not after.diagnostics and same(before.tree.declarations, after.tree.declarations)


class _Printed:
    """One file that was read without a problem."""

    def __init__(self, source: Source, parsed: Parsed, cache: Path | None) -> None:
        marks = Marks()
        for declaration in parsed.tree.declarations:
            mark_declaration(marks, declaration)
        tokens = machine(cache).lexer.read(source.name, source.text).tokens
        self._source, self._declarations = source, parsed.tree.declarations
        self._words = Words(source.text, tokens, parsed.comments, marks)
        self._layout = Layout(self._words, Breaks(self._words))
        self._newline = "\r\n" if source.text[: source.text.find("\n")].endswith("\r") else "\n"

    def whole(self) -> str:
        declarations = [Printed(self._lines(d), d.span, self._comments(d)) for d in self._declarations]
        text = joined(self._source.text, declarations, self._words.comments[-1])
        return text.replace("\n", self._newline)

    def touched(self, first: int, last: int) -> str:
        """Everything as it was, but for the declarations on these lines."""
        text, out, end = self._source.text, [], 0
        for declaration in self._declarations:
            span = declaration.span
            if self._source.position(span.end)[0] >= first and self._source.position(span.start)[0] <= last:
                begin = _margin(text, span.start)
                out += [text[end:begin], self._lines(declaration).replace("\n", self._newline)]
                end = span.end
        return "".join([*out, text[end:]])

    def _lines(self, declaration: n.Declaration) -> str:
        span = declaration.span
        return self._layout.lines(self._words.at[span.start], self._words.ending[span.end])

    def _comments(self, declaration: n.Declaration) -> list[n.Comment]:
        return self._words.comments[self._words.at[declaration.span.start]]


def _margin(text: str, start: int) -> int:
    """Where the line begins if nothing but blanks stands before `start` in it; else `start`."""
    begin = text.rfind("\n", 0, start) + 1
    return start if text[begin:start].strip() else begin
