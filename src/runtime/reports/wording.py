"""Keys and figures of a report in words, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_UP, Decimal

from dsl.schema.model import Kind

from ..reading.spreadsheets import cell as harmless
from ..reading.values import lasting, money, plain, shown, whole
from ..times import zones
from . import periods
from .results import Cell, Column, Key, Progress, Result

NOTHING = "–"


def key_words(column: Column, key: Key, zone: str) -> str:
    """`2026-03`, `free`; what is missing is named: `(no owner)`."""
    if key is None:
        return f"(no {column.label})"
    if key in column.names:
        return column.names[key]
    return periods.called(str(key), column.period) if column.period else shown(key, column.type, zone)


def figure_words(column: Column, value: int | float | None, zone: str = "UTC") -> str:
    """`1,234`, `1,234.50 EUR`, `20.5%`, `3 days 4 h`; money as the account writes it."""
    if value is None:
        return NOTHING
    match column.type.kind:
        case Kind.MONEY:
            return money(whole(value), column.type.currency or "USD")
        case Kind.PERCENT:
            return f"{_tenths(value)}%"
        case Kind.DURATION:
            return lasting(whole(value)) if value >= 0 else f"-{lasting(-whole(value))}"
        case Kind.DATE:
            return zones.iso_date(int(value))
        case Kind.DATETIME:
            return shown(value, column.type, zone)
    return f"{value:,}" if isinstance(value, int) else f"{Decimal(repr(value)).quantize(Decimal('0.01')):,}"


def share_words(share: float | None) -> str:
    return NOTHING if share is None else f"{_tenths(100 * share)}%"


def progress_words(result: Result, one: Progress) -> str:
    """`2026-03: 90 of 120, 75.0%`."""
    column = result.measures[0]
    figures = [figure_words(column, value, result.zone) for value in (one.cell.value, one.target)]
    period = f"{periods.called(one.period, result.per or 'day')}: " if one.period else ""
    return f"{period}{figures[0]} of {figures[1]}, {share_words(one.share)}"


def as_csv(result: Result) -> str:
    """A line per group: periods by their first day, amounts in major units, shares in hundredths, nothing grouped; what
    a spreadsheet would take for a formula stands behind a `'`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in (*result.groups, *result.measures)])
    for row in result.rows:
        keys = (plain(c.type, key, result.zone) for c, key in zip(result.groups, row.keys, strict=True))
        cells = (plain(c.type, cell.value, result.zone) for c, cell in zip(result.measures, row.cells, strict=True))
        found = ("" if value is None else value for value in (*keys, *cells))
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in found])
    return out.getvalue()


def as_json(result: Result) -> dict[str, object]:
    """Each row has its groups and figures by the name of the column. A share says of what it is one."""
    return {
        "report": result.name,
        "label": result.label,
        "of": result.of,
        "as_of": zones.to_datetime(result.as_of, result.zone).isoformat(),
        "show": result.show,
        "groups": [column.name for column in result.groups],
        "measures": [{"name": c.name, "kind": str(c.type), "of": c.of} for c in result.measures],
        "rows": [
            {c.name: plain(c.type, key, result.zone) for c, key in zip(result.groups, row.keys, strict=True)}
            | {c.name: _cell(c, cell, result.zone) for c, cell in zip(result.measures, row.cells, strict=True)}
            for row in result.rows
        ],
        "target_per": result.per,
        "progress": [
            {
                "period": one.period,
                "figure": _cell(result.measures[0], one.cell, result.zone),
                "target": plain(result.measures[0].type, one.target, result.zone),
                "share": one.share,
            }
            for one in result.progress
        ],
    }


def _cell(column: Column, cell: Cell, zone: str) -> object:
    value = plain(column.type, cell.value, zone)
    return value if cell.base is None else {"value": value, "count": cell.count, "base": cell.base}


def _tenths(value: int | float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
