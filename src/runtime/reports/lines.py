"""Figures along a time: a line for each of what it is grouped by besides, with a scale at the left and times below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from dsl.diagnostics.columns import width
from dsl.schema.model import Kind

from .dots import ACROSS, DOWN, Dots
from .pieces import Line, Piece, cut, fitted
from .results import Key, Result
from .wording import figure_words, key_words

DATED = (Kind.DATE, Kind.DATETIME)
MARKS = "•+×oz*"  # of as many series, which tell them apart without colour; the rest is told of
_COUNTED = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY)  # what has round figures
_APART = 4  # columns from mark to mark
_STEP = 12  # columns from time to time at most: a line of two figures is no wider than it must be
_TICK = 2  # rows from one figure of the scale to the next

Values = Mapping[Key, int | float]


def line_chart(result: Result, columns: int, height: int) -> list[Line]:
    """The first measure over the first group that is a time, oldest at the left; where a figure is missing, the line is
    broken. Where there are more times than two in a column, the last ones are drawn."""
    at = next((i for i, group in enumerate(result.groups) if group.type.kind in DATED), 0)
    series = _series(result, at)
    times: list[Key] = sorted({row.keys[at] for row in result.rows if row.keys[at] is not None}, key=str)
    values = [v for one in series.values() for v in one.values()]
    if not times or not values:
        return [(Piece("nothing to show", "missing"),)]
    height = max(height, 3)
    scale = _scale(min(0, *values), max(0, *values), height, result.measures[0].type.kind)
    if len(scale) > 1:
        height = (height - 1) // (len(scale) - 1) * (len(scale) - 1) + 1  # from figure to figure as many rows
    told = [figure_words(result.measures[0], value, result.zone) for value in scale]
    margin = max(map(width, told))
    room = columns - margin - 3
    if room < 2:
        return [fitted((Piece(told[-1], "value"),), columns)]
    times = times[-ACROSS * room :]
    wide = min(room, _STEP * (len(times) - 1) + 1)
    field = _drawn(series, times, (scale[0], scale[-1]), Dots(wide, height))
    names = {_dot(value, scale[0], scale[-1], height) // DOWN: name for value, name in zip(scale, told, strict=True)}
    lines = [_row(field, y, names.get(y, ""), margin) for y in range(height)]
    lines.append((Piece(" " * (margin + 1), ""), Piece("└" + "─" * (wide + 1), "axis")))
    at_columns = [_across(i, len(times), wide) // ACROSS for i in range(len(times))]
    words = [key_words(result.groups[at], time, result.zone) for time in times]
    lines.append(fitted((Piece(" " * (margin + 3), ""), Piece(_below(words, at_columns, room), "label")), columns))
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


# --- the scale --------------------------------------------------------------------------------


def _scale(low: int | float, high: int | float, height: int, kind: Kind) -> list[int | float]:
    """The figures at the left, from below: round ones, of lengths of time both ends alone."""
    if kind not in _COUNTED or high == low:
        return [low, high] if high > low else [low]
    whole = isinstance(low, int) and isinstance(high, int)
    most = max((height - 1) // _TICK, 2)
    step = first = last = 0.0
    while not step or last - first > most:  # both ends are rounded: there may be one too many
        step = _round(max(1.5 * step, (high - low) / most, 1 if whole else 0))
        first, last = math.floor(low / step), math.ceil(high / step)
    return [i * (int(step) if whole else step) for i in range(int(first), int(last) + 1)]


def _round(least: float) -> float:
    """The next of 1, 2, 5, 10, 20 .. that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in (1, 2, 5, 10, 20) if n * power >= least * (1 - 1e-9))


# --- the field --------------------------------------------------------------------------------


def _drawn(series: Mapping[str, Values], times: Sequence[Key], ends: tuple[float, float], field: Dots) -> Dots:
    """The first series on top of the others, with its marks."""
    every = math.ceil(_APART * max(len(times) - 1, 1) / field.columns)
    shown = list(zip(MARKS, series.values(), strict=False))
    for nr, (mark, values) in reversed(list(enumerate(shown, 1))):
        tone = "line" if nr == 1 else f"line{nr}"
        spots = {
            i: (_across(i, len(times), field.columns), _dot(values[time], *ends, field.rows))
            for i, time in enumerate(times)
            if time in values
        }
        for i, j in pairwise(spots):
            if j == i + 1:
                field.line(spots[i], spots[j], tone)
        for i, (x, y) in spots.items():
            alone = i - 1 not in spots and i + 1 not in spots
            if alone or ((every == 1 or len(shown) > 1) and (len(times) - 1 - i) % every == 0):
                field.mark(x, y, mark, tone)
    return field


def _across(i: int, count: int, columns: int) -> int:
    """The dot of time `i` from the left."""
    return round(i * (ACROSS * columns - 1) / (count - 1)) if count > 1 else 0


def _dot(value: float, low: float, high: float, rows: int) -> int:
    """The dot of a figure from above."""
    up = (value - low) / (high - low) if high > low else 0
    return DOWN * rows - 1 - round(up * (DOWN * rows - 1))


def _row(field: Dots, y: int, name: str, margin: int) -> Line:
    axis = "┤ " if name else "│ "
    left = (Piece(" " * (margin - width(name)) + name + " ", "value"), Piece(axis, "axis"))
    return (*left, *(Piece(text, tone) for text, tone in field.row(y)))


# --- below ------------------------------------------------------------------------------------


def _below(words: Sequence[str], columns: Sequence[int], room: int) -> str:
    """The first and the last time below their places, and as many between as there is room for, evenly."""
    last = len(words) - 1
    for by in range(1, last + 1):
        line = ""
        for i in (*range(0, last - by + 1, by), last):
            start = min(columns[i] - (width(words[i]) // 2 if i else 0), room - width(words[i]))
            if line and start < width(line) + 2:
                break
            line += " " * (start - width(line)) + words[i]
        else:
            return line
    return f"{words[0]} – {words[-1]}" if last else words[0]


def _legend(series: Mapping[str, object], columns: int) -> list[Line]:
    """The mark of each series with its name, side by side where there is room."""
    if list(series) == [""]:
        return []
    lines = list(_flowing([(mark, cut(name, columns - 2)) for mark, name in zip(MARKS, series, strict=False)], columns))
    if len(series) > len(MARKS):
        lines.append((Piece(f"and {len(series) - len(MARKS):,} more; `show: table` has all", "missing"),))
    return lines


def _flowing(named: Sequence[tuple[str, str]], columns: int) -> Iterator[Line]:
    line: list[Piece] = []
    used = 0
    for nr, (mark, name) in enumerate(named, 1):
        long = 2 + width(name)
        if line and used + 3 + long > columns:
            yield tuple(line)
            line, used = [], 0
        gap = [Piece("   ", "")] if line else []
        line += [*gap, Piece(f"{mark} ", "line" if nr == 1 else f"line{nr}"), Piece(name, "label")]
        used += long + 3 * len(gap)
    yield tuple(line)
