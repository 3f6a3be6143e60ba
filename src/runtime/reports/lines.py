"""Figures along a time: a line of dots, one mark for each of what it is grouped by besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dsl.diagnostics.columns import width
from dsl.schema.model import Kind

from .pieces import Line, Piece, cut, fitted
from .results import Key, Result
from .wording import figure_words, key_words

DATED = (Kind.DATE, Kind.DATETIME)
MARKS = "•+×oz*"  # of as many series; the rest is told of


def line_chart(result: Result, columns: int, height: int) -> list[Line]:
    """The first measure over the first group that is a time, oldest at the left; a figure that is missing has no dot.
    Where there are more times than columns, the last ones are drawn."""
    at = next((i for i, group in enumerate(result.groups) if group.type.kind in DATED), 0)
    series = _series(result, at)
    times = sorted({row.keys[at] for row in result.rows if row.keys[at] is not None}, key=str)
    values = [v for one in series.values() for v in one.values()]
    if not times or not values:
        return [(Piece("nothing to show", "missing"),)]
    low, high = min(0, *values), max(0, *values)
    scale = [figure_words(result.measures[0], value, result.zone) for value in (high, low)]
    margin = max(map(width, scale))
    room = columns - margin - 3
    if room < 2:
        return [fitted((Piece(scale[0], "value"),), columns)]
    times = times[-room:]
    step = max(1, min(8, room // len(times)))
    rows = _dots(series, times, step, low, high, max(height, 3))
    lines: list[Line] = []
    for i, row in enumerate(rows):
        name = scale[0] if i == 0 else scale[1] if i == len(rows) - 1 else ""
        lines.append(
            (Piece(" " * (margin - width(name)) + name + " ", "value"), Piece("│ ", "axis"), Piece(row, "line"))
        )
    lines.append((Piece(" " * (margin + 1), ""), Piece("└" + "─" * (step * len(times) + 1), "axis")))
    lines.append(_ends(result, at, times, margin + 3, columns))
    return lines + _legend(series, columns)


def _series(result: Result, at: int) -> dict[str, dict[Key, int | float]]:
    """By what else it is grouped by: the figure of each time; the one with the most comes first."""
    found: dict[str, dict[Key, int | float]] = {}
    for row in result.rows:
        names = (
            key_words(c, key, result.zone)
            for i, (c, key) in enumerate(zip(result.groups, row.keys, strict=True))
            if i != at
        )
        value = row.cells[0].value
        if row.keys[at] is not None and value is not None:
            found.setdefault(" · ".join(names), {})[row.keys[at]] = value
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _dots(
    series: Mapping[str, Mapping[Key, int | float]],
    times: Sequence[Key],
    step: int,
    low: int | float,
    high: int | float,
    height: int,
) -> list[str]:
    """The field above the axis, the first series on top of the others."""
    field = [[" "] * (step * len(times)) for _ in range(height)]
    for mark, values in reversed(list(zip(MARKS, series.values(), strict=False))):
        for i, time in enumerate(times):
            if time in values:
                up = (values[time] - low) / (high - low) if high > low else 0
                field[height - 1 - round(up * (height - 1))][i * step] = mark
    return ["".join(row).rstrip() for row in field]


def _ends(result: Result, at: int, times: Sequence[Key], margin: int, columns: int) -> Line:
    """The first and the last time below the axis."""
    names = [key_words(result.groups[at], time, result.zone) for time in (times[0], times[-1])]
    if len(times) == 1:
        names = names[:1]
    return fitted((Piece(" " * margin, ""), Piece(" – ".join(names), "label")), columns)


def _legend(series: Mapping[str, object], columns: int) -> list[Line]:
    if list(series) == [""]:
        return []
    lines: list[Line] = [
        fitted((Piece(f"{mark} ", "line"), Piece(cut(name, columns - 2), "label")), columns)
        for mark, name in zip(MARKS, series, strict=False)
    ]
    if len(series) > len(MARKS):
        lines.append((Piece(f"and {len(series) - len(MARKS):,} more; `show: table` has all", "missing"),))
    return lines
