"""Groups in their order: periods without anything put in between, sorted, and cut to the first ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dsl.program.others import Report
from dsl.schema.model import Kind, Type

from .naming import column_named, period_of
from .results import Cell

MOST_FILLED = 10_000  # rows; a report that would have more shows only those there are
Group = tuple[tuple[Any, ...], tuple[Cell, ...]]  # keys, a period as its number; figures


def in_order(report: Report, found: list[Group], nothing: Callable[[], tuple[Cell, ...]]) -> list[Group]:
    """`nothing` makes the figures of a group that has no row."""
    groups = sorted(_filled(report, found, nothing), key=lambda group: _by_keys(report, group))
    if report.sort is not None:
        groups = _sorted(report, groups)
    return groups[: report.top] if report.top is not None else groups


def _by_keys(report: Report, group: Group) -> tuple[Any, ...]:
    """From the first up; choices in the order of the schema; what is missing last."""
    return tuple(_rank(value.type, key) for value, key in zip(report.by, group[0], strict=True))


def _rank(type_: Type, key: Any) -> tuple[Any, ...]:
    if key is None:
        return (2,)
    if type_.kind is Kind.CHOICE and key in type_.options:
        return 0, type_.options.index(key)
    return 1, key


def _sorted(report: Report, groups: list[Group]) -> list[Group]:
    """Those that are the same stay in the order of their groups; without a figure, or a value, always last."""
    assert report.sort is not None
    named, descending = report.sort
    i = column_named(report, named)
    if i is None:
        return groups
    if i < len(report.by):
        there = [group for group in groups if group[0][i] is not None]
        there.sort(key=lambda group: _rank(report.by[i].type, group[0][i]), reverse=descending)
        return there + [group for group in groups if group[0][i] is None]
    m = i - len(report.by)
    there = [group for group in groups if group[1][m].value is not None]
    there.sort(key=lambda group: _compared(group[1][m]), reverse=descending)
    return there + [group for group in groups if group[1][m].value is None]


def _compared(cell: Cell) -> Any:
    return cell.exact


def _filled(report: Report, found: list[Group], nothing: Callable[[], tuple[Cell, ...]]) -> Iterable[Group]:
    """Every period between the first and the last, for all that it is grouped by besides."""
    place = next((i for i, value in enumerate(report.by) if period_of(value)), None)
    if place is None:
        return found
    numbers = [keys[place] for keys, _ in found if keys[place] is not None]
    others = {keys[:place] + keys[place + 1 :] for keys, _ in found if keys[place] is not None}
    if not numbers or (max(numbers) - min(numbers) + 1) * len(others) > MOST_FILLED:
        return found
    there = {keys for keys, _ in found}
    whole = ((*o[:place], n, *o[place:]) for n in range(min(numbers), max(numbers) + 1) for o in others)
    return found + [(keys, nothing()) for keys in whole if keys not in there]
