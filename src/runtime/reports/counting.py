"""The other side of a report's figures: shares as how many they are, and what each group is of all."""

from __future__ import annotations

from dataclasses import replace

from dsl.schema.model import Kind, Type

from .results import Cell, Column, Result
from .wording import share_words

_ADDS_UP = ("count", "sum(")


def counted(result: Result) -> Result:
    """Shares of people or mails as how many these are; a target that is a share is left out then."""
    shares = [column.type.kind is Kind.PERCENT and bool(column.of) for column in result.measures]
    if not any(shares):
        return result
    measures = tuple(_counting(c) if share else c for c, share in zip(result.measures, shares, strict=True))
    rows = tuple(
        replace(row, cells=tuple(_counted(x) if share else x for x, share in zip(row.cells, shares, strict=True)))
        for row in result.rows
    )
    return replace(result, measures=measures, rows=rows, progress=() if shares[0] else result.progress)


def _counting(column: Column) -> Column:
    return replace(column, name=column.name.removesuffix("_rate"), type=Type(Kind.NUMBER))


def _counted(cell: Cell) -> Cell:
    return replace(cell, value=cell.count)


def parts_of_all(result: Result) -> tuple[str, ...]:
    """For each row what share of all its first figure is, as `12.5%`; () where that figure does not add up, or the
    groups are but one."""
    values = [row.cells[0].value or 0 for row in result.rows]
    whole = sum(values)
    adds_up = result.groups and result.measures[0].name.startswith(_ADDS_UP)
    if not adds_up or len(values) < 2 or whole <= 0 or min(values) < 0:
        return ()
    return tuple(share_words(value / whole) for value in values)
