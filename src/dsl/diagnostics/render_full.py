"""A problem with the lines it stands in, carets under the words meant: the look of docs/style.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..source import Source
from .columns import shown, width
from .diagnostic import Diagnostic, Label, Severity

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_FRAME, _BOLD = "1;34", "1"


@dataclass(frozen=True, slots=True)
class _Ink:
    """Colours of one rendering; `on` is false for files and pipes."""

    on: bool
    main: str

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text


@dataclass(frozen=True, slots=True)
class _Mark:
    """Carets on one line: display columns from 0, and what is said behind them."""

    line: int
    start: int
    length: int
    text: str
    primary: bool


def render_full(diagnostic: Diagnostic, sources: Mapping[str, Source], color: bool = False) -> str:
    """The diagnostic as several lines, without a line break at the end.

    The main span is underlined with `^`, others with `-`; a span over several lines is marked on its first and
    last. A file that is not among `sources` is named without its lines.
    """
    ink = _Ink(color, _COLOURS[diagnostic.severity])
    head = ink.paint(f"{diagnostic.severity}[{diagnostic.code}]", ink.main)
    lines = [head + ink.paint(f": {shown(diagnostic.message)}", _BOLD)]
    gutter = _gutter(diagnostic, sources)
    labels = (diagnostic.label, *diagnostic.others)
    for file in dict.fromkeys(label.span.file for label in labels):
        own = [(label, label is diagnostic.label) for label in labels if label.span.file == file]
        lines += _file_part(own, sources.get(file), gutter, ink)
    lines += _remarks(diagnostic, gutter, ink)
    return "\n".join(line.rstrip() for line in lines)


def _gutter(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> int:
    """Digits of the greatest line number shown; 1 where none is."""
    numbers = [1]
    for label in (diagnostic.label, *diagnostic.others):
        if source := sources.get(label.span.file):
            numbers.append(source.position(_last(label))[0])
    return len(str(max(numbers)))


def _file_part(labels: list[tuple[Label, bool]], source: Source | None, gutter: int, ink: _Ink) -> Iterable[str]:
    label, primary = labels[0]
    arrow = ink.paint(" " * (gutter + 1) + ("-->" if primary else ":::"), _FRAME)
    if source is None:
        if label.span.file:
            yield f"{arrow} {shown(label.span.file)}"
        return
    line, column = source.position(label.span.start)
    yield f"{arrow} {shown(source.name)}:{line}:{column}"
    yield _framed("", "", gutter, ink)
    marks = [mark for own, main in labels for mark in _marks(own, main, source)]
    yield from _snippet(marks, source, gutter, ink)
    yield _framed("", "", gutter, ink)


def _snippet(marks: list[_Mark], source: Source, gutter: int, ink: _Ink) -> Iterable[str]:
    """Each marked line once, its marks below it, `...` where lines are left out; a gap of one line is filled."""
    before = 0
    for number in sorted({mark.line for mark in marks}):
        if before and number == before + 2:
            yield _framed(str(before + 1), shown(source.line(before + 1)), gutter, ink)
        elif before and number > before + 2:
            yield ink.paint("...", _FRAME)
        yield _framed(str(number), shown(source.line(number)), gutter, ink)
        for mark in sorted((m for m in marks if m.line == number), key=lambda m: (m.start, not m.primary)):
            yield _framed("", " " * mark.start + _carets(mark, ink), gutter, ink)
        before = number


def _carets(mark: _Mark, ink: _Ink) -> str:
    text = ("^" if mark.primary else "-") * mark.length + (f" {shown(mark.text)}" if mark.text else "")
    return ink.paint(text, ink.main if mark.primary else _FRAME)


def _framed(number: str, text: str, gutter: int, ink: _Ink) -> str:
    return ink.paint(f"{number:>{gutter}} |", _FRAME) + f" {text}"


def _last(label: Label) -> int:
    """The offset of the last character meant; a span that ends with a line break does not reach the next line."""
    return max(label.span.start, label.span.end - 1)


def _marks(label: Label, primary: bool, source: Source) -> list[_Mark]:
    first, column = source.position(label.span.start)
    last, end_column = source.position(_last(label))
    if first == last:
        text = source.line(first)
        # An empty span, or one that lies behind the line (a missing `}`), still gets one caret.
        start, end = column - 1, max(end_column, column)
        return [_Mark(first, width(text[:start]), max(width(text[start:end]), 1), label.text, primary)]
    head, tail = source.line(first), source.line(last)
    indent = len(tail) - len(tail.lstrip())
    tail_width = max(width(tail[indent:end_column]), 1)
    return [
        _Mark(first, width(head[: column - 1]), max(width(head[column - 1 :].rstrip()), 1), "", primary),
        _Mark(last, width(tail[:indent]), tail_width, label.text, primary),
    ]


def _remarks(diagnostic: Diagnostic, gutter: int, ink: _Ink) -> Iterable[str]:
    for kind, text in (("help", diagnostic.help), ("note", diagnostic.note)):
        if text:
            first, *more = text.splitlines()
            sign = ink.paint(" " * (gutter + 1) + "=", _FRAME)
            yield f"{sign} {ink.paint(kind, _BOLD)}: {shown(first)}"
            yield from (" " * (gutter + 5 + len(kind)) + shown(line) for line in more)
