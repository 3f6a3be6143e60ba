"""A problem with the lines it stands in, carets under the words meant: the look of docs/style.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..source import Source
from ..values import dataclass
from .columns import shown, width
from .diagnostic import Diagnostic, Label, Severity

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_FRAME, _BOLD = "1;34", "1"
_LONGEST = 200  # characters of a line that are shown


@dataclass(frozen=True, slots=True)
class _Ink:
    """Colours of one rendering; `on` is false for files and pipes."""

    on: bool
    main: str

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text


@dataclass(frozen=True, slots=True)
class _Mark:
    """Carets on one line: its characters `[start, end)`, counted from 0, and what is said behind them."""

    line: int
    start: int
    end: int
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
        own = sorted((m for m in marks if m.line == number), key=lambda m: (m.start, not m.primary))
        text, left_out = _window(source.line(number), own)
        yield _framed(str(number), shown(text), gutter, ink)
        for mark in own:
            yield _framed("", _carets(mark, text, left_out, ink), gutter, ink)
        before = number


def _window(text: str, marks: list[_Mark]) -> tuple[str, int]:
    """The part of a very long line that holds the marks, and how many characters before it are left out."""
    if len(text) <= _LONGEST:
        return text, 0
    start = max(0, min(mark.start for mark in marks) - _LONGEST // 4)
    part = text[start : start + _LONGEST]
    return ("…" if start else "") + part + ("…" if start + _LONGEST < len(text) else ""), start - (start > 0)


def _carets(mark: _Mark, text: str, left_out: int, ink: _Ink) -> str:
    start = min(mark.start - left_out, len(text))
    length = max(width(text[start : mark.end - left_out]), 1)
    told = ("^" if mark.primary else "-") * length + (f" {shown(mark.text)}" if mark.text else "")
    return " " * width(text[:start]) + ink.paint(told, ink.main if mark.primary else _FRAME)


def _framed(number: str, text: str, gutter: int, ink: _Ink) -> str:
    return ink.paint(f"{number:>{gutter}} |", _FRAME) + f" {text}"


def _last(label: Label) -> int:
    """The offset of the last character meant; a span that ends with a line break does not reach the next line."""
    return max(label.span.start, label.span.end - 1)


def _marks(label: Label, primary: bool, source: Source) -> list[_Mark]:
    first, column = source.position(label.span.start)
    last, end_column = source.position(_last(label))
    if first == last:
        # An empty span, or one that lies behind the line (a missing `}`), still gets one caret.
        return [_Mark(first, column - 1, max(end_column, column), label.text, primary)]
    head, tail = source.line(first), source.line(last)
    indent = len(tail) - len(tail.lstrip())
    return [
        _Mark(first, column - 1, len(head.rstrip()), "", primary),
        _Mark(last, indent, end_column, label.text, primary),
    ]


def _remarks(diagnostic: Diagnostic, gutter: int, ink: _Ink) -> Iterable[str]:
    for kind, text in (("help", diagnostic.help), ("note", diagnostic.note)):
        if text:
            first, *more = text.splitlines()
            sign = ink.paint(" " * (gutter + 1) + "=", _FRAME)
            yield f"{sign} {ink.paint(kind, _BOLD)}: {shown(first)}"
            yield from (" " * (gutter + 5 + len(kind)) + shown(line) for line in more)
