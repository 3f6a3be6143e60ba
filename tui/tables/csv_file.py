"""Any table as CSV: every row of it, as it is written on the screen, not only those in sight; a spreadsheet works
nothing out of it."""

from __future__ import annotations

import csv
import tempfile
from typing import IO

from runtime.reading.spreadsheets import cell as harmless

from .paged_table import PagedTable


def written(table: PagedTable) -> IO[str]:
    """A file that holds the table, at its beginning; whoever takes it closes it. Blocks while pages are read."""
    file = tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="", suffix=".csv", prefix="segue-")  # noqa: SIM115 # its taker closes it
    named = [i for i, column in enumerate(table.columns) if column.title]
    rows = csv.writer(file)
    rows.writerow([table.columns[i].title for i in named])
    for row in table.every_row():
        rows.writerow([_text(row.cells[i]) for i in named])
    file.flush()
    file.seek(0)
    return file


def _text(cell: object) -> str:
    return harmless(cell[0] if isinstance(cell, tuple) else str(cell))
