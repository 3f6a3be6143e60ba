"""The file of rows set aside: each as it was, with its line, the column to blame and the reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO, Any, NamedTuple

from ...errors import InvalidInput

MARKS = ("segue_line", "segue_column", "segue_why")


class Reject(NamedTuple):
    line: int
    column: str
    why: str


class RejectFile:
    """Made with the first reject. One of an earlier import that has none now is taken away."""

    def __init__(self, path: Path, columns: list[str], delimiter: str, encoding: str) -> None:
        self.path, self.columns, self.encoding = path, columns, encoding
        self._delimiter = {"tab": "\t", "blanks": ","}.get(delimiter, delimiter)
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, cells: list[str], reject: Reject) -> None:
        if self._file is None:
            self._open()
        width = len(self.columns)
        filled = [*cells[:width], *[""] * (width - len(cells))]
        # Surplus cells stand behind the reason: nothing is lost, and the row is set aside again until it is repaired.
        self._writer.writerow([*filled, *reject, *cells[width:]])

    def close(self, complete: bool) -> None:
        if self._file is not None:
            self._file.close()
        elif complete and self._is_ours():
            self.path.unlink()

    def _open(self) -> None:
        try:
            self._file = self._opened()
        except OSError:
            self.path = Path(self.path.name)  # the data stand where we may not write: here, then
            try:
                self._file = self._opened()
            except OSError as error:
                message = f"rejected rows cannot be written to {self.path}: {error.strerror}"
                raise InvalidInput(message, "name another file for them") from error
        self._writer = csv.writer(self._file, delimiter=self._delimiter, lineterminator="\n")
        self._writer.writerow([*self.columns, *MARKS])

    def _opened(self) -> IO[str]:
        return self.path.open("w", encoding=self.encoding, errors="surrogateescape", newline="")

    def _is_ours(self) -> bool:
        try:
            with self.path.open(encoding=self.encoding, errors="replace") as file:
                return MARKS[0] in file.readline()
        except OSError:
            return False
