"""Reports drawn as text: a table, bars, a line, a number on its way to a target.

Pure functions: a result and a width in, lines out. A line is made of pieces with a role each, which the terminal app
colours; the command line prints them as they are. Japanese glyphs take two columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsl.diagnostics.columns import shown, width

from .lines import DATED, line_chart
from .pieces import Line, Piece, cut, fitted, text_of
from .results import Progress, Result, Row
from .wording import figure_words, key_words, progress_words

__all__ = ["Line", "Piece", "cut", "drawn", "text_of"]

_NARROW = 20  # columns; below that nothing can be told apart
_EIGHTHS = " ▏▎▍▌▋▊▉"


def drawn(result: Result, columns: int = 80, height: int = 12) -> list[Line]:
    """The report as it wants to be shown, no wider than `columns`. What has no row says so; a date has no length, so it
    is no bar."""
    columns = max(columns, _NARROW)
    if not result.rows:
        return [(Piece("nothing to show", "missing"),)]
    match result.show if result.measures[0].type.kind not in DATED else "table":
        case "bars":
            lines = bars(result, columns)
        case "line":
            lines = line_chart(result, columns, height)
        case "number":
            return number(result, columns)
        case _:
            lines = table(result, columns)
    return lines + ([()] if result.progress else []) + progress(result, columns)


# --- numbers and targets ----------------------------------------------------------------------


def number(result: Result, columns: int) -> list[Line]:
    """Each figure with its name, and the way to the target."""
    names = [column.name for column in result.measures]
    wide = min(max(map(width, names)), columns // 2)
    lines: list[Line] = []
    for column, cell in zip(result.measures, result.rows[0].cells, strict=True):
        words = figure_words(column, cell.value, result.zone)
        of = f"  {cell.count:,} of {cell.base:,} {column.of}" if cell.base is not None else ""
        lines.append(
            fitted((Piece(cut(column.name, wide, fill=True) + "  ", "label"), Piece(words + of, "value")), columns)
        )
    return lines + progress(result, columns)


def progress(result: Result, columns: int) -> list[Line]:
    """A bar for each period of the target."""
    told = [(one, progress_words(result, one)) for one in result.progress]
    wide = max((width(words) for _, words in told), default=0)
    return [_way(one, words, wide, columns) for one, words in told]


def _way(one: Progress, words: str, wide: int, columns: int) -> Line:
    """`2026-03: 90 of 120, 75.0%  ███████▌  `: full where the target is reached, whatever lies beyond it."""
    label = Piece(words + " " * (wide - width(words)), "reached" if (one.share or 0) >= 1 else "value")
    room = min(columns - wide - 2, 40)
    if room < 4:
        return fitted((label,), columns)
    bar = _bar(min(max(one.share or 0.0, 0.0), 1.0), room)
    return label, Piece("  ", ""), Piece(bar, "bar"), Piece("·" * (room - width(bar)), "target")


# --- bars -------------------------------------------------------------------------------------


def bars(result: Result, columns: int) -> list[Line]:
    """A bar for the first measure of each group, to the left of nought where it is below; figures of all behind it."""
    labels = [label_of(result, row) for row in result.rows]
    figures = _figures(result)
    behind = max(map(width, figures))
    label = min(max(map(width, labels)), max(columns - behind - 8, columns // 3))
    room = columns - label - behind - 3
    numbers = [float(row.cells[0].value or 0) for row in result.rows]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    lines = []
    for name, row, words, value in zip(labels, result.rows, figures, numbers, strict=True):
        missing = row.cells[0].value is None
        pieces = [Piece(cut(name, label, fill=True) + " ", "missing" if None in row.keys else "label")]
        if room >= 3:
            pieces.append(Piece(_about(value, low, high, room) + "  ", "missing" if missing else "bar"))
        lines.append(fitted((*pieces, Piece(words, "value")), columns))
    return lines


def label_of(result: Result, row: Row) -> str:
    """The groups of a row in one: `2026-03 · ada · mail`."""
    keys = (key_words(column, key, result.zone) for column, key in zip(result.groups, row.keys, strict=True))
    return shown(" · ".join(keys))


def _figures(result: Result) -> list[str]:
    """Those of each row, below each other."""
    told = [
        [shown(figure_words(c, cell.value, result.zone)) for c, cell in zip(result.measures, row.cells, strict=True)]
        for row in result.rows
    ]
    widths = [max(map(width, column)) for column in zip(*told, strict=True)]
    return ["  ".join(" " * (w - width(text)) + text for text, w in zip(row, widths, strict=True)) for row in told]


def _about(value: float, low: float, high: float, room: int) -> str:
    """The bar between nought and the value, on a scale from `low` to `high` that is `room` wide."""
    span = high - low
    if not span:
        return " " * room
    left = round(room * -low / span) if low else 0
    if value < 0:
        length = min(max(round(room * -value / span), 1), left)
        return " " * (left - length) + "█" * length + " " * (room - left)
    bar = _bar(value / high, room - left) if high else ""
    return " " * left + bar + " " * (room - left - width(bar))


def _bar(share: float, room: int) -> str:
    """As long as the share of `room`, to an eighth of a column; whatever is more than nought is to be seen."""
    eighths = round(share * room * 8)
    if share > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


# --- tables -----------------------------------------------------------------------------------


def table(result: Result, columns: int) -> list[Line]:
    """Groups to the left, figures to the right, each as wide as it must be; groups are cut where there is no room."""
    groups, zone = len(result.groups), result.zone
    names = [column.name for column in (*result.groups, *result.measures)]
    cells = [
        [
            *(shown(key_words(c, key, zone)) for c, key in zip(result.groups, row.keys, strict=True)),
            *(shown(figure_words(c, x.value, zone)) for c, x in zip(result.measures, row.cells, strict=True)),
        ]
        for row in result.rows
    ]
    widths = _narrowed([max(map(width, column)) for column in zip(names, *cells, strict=True)], groups, columns)
    lines = [_line(names, widths, groups, ["head"] * len(names), columns)]
    for row, texts in zip(result.rows, cells, strict=True):
        roles = ["missing" if key is None else "label" for key in row.keys] + ["value"] * len(row.cells)
        lines.append(_line(texts, widths, groups, roles, columns))
    return lines


def _narrowed(widths: list[int], groups: int, columns: int) -> list[int]:
    """The widest group gives way until all fits, but none below six columns."""
    widths = list(widths)
    while sum(widths) + 2 * (len(widths) - 1) > columns and groups:
        widest = max(range(groups), key=lambda i: widths[i])
        if widths[widest] <= 6:
            break
        widths[widest] -= 1
    return widths


def _line(texts: Sequence[str], widths: Sequence[int], groups: int, roles: Iterable[str], columns: int) -> Line:
    pieces: list[Piece] = []
    for i, (text, wide, role) in enumerate(zip(texts, widths, roles, strict=True)):
        told = cut(text, wide)
        gap = " " * (wide - width(told))
        pieces.append(Piece(("  " if i else "") + (told + gap if i < groups else gap + told), role))
    return fitted(tuple(pieces), columns)
