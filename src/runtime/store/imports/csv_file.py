"""Reads a CSV file, plain or gzipped, as a stream of rows with their line numbers.

A broken row (a quote never closed, too many columns, bytes that are no text) is a row with a `fault`; only a file that
cannot be read at all raises InvalidInput.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from io import BufferedReader, TextIOWrapper
from itertools import islice, repeat
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from ...errors import InvalidInput
from .shapes import FormatShape

_UNDECODED = re.compile("[\udc80-\udcff]")
_GZIP = b"\x1f\x8b"
_LINES_AT_ONCE = 5_000
_MOST_SWALLOWED = 1000  # lines that one quote may hold
_LONGEST = 1 << 24  # characters of one cell
csv.field_size_limit(_LONGEST)
_BOM = codecs.BOM_UTF8
_BLANK = ("\n", "\r\n", "\r")  # lines that are no rows


class CsvRow(NamedTuple):
    """`line` is the one on which the row begins; `fault` says why it cannot be read, then `cells` is what there is."""

    line: int
    cells: list[str]
    fault: str = ""


class CsvFile:
    """An open file. Iterate it once; `read` of `size` bytes are behind us, for a progress bar."""

    def __init__(self, path: Path, form: FormatShape) -> None:
        self.path, self.form = path, form
        self._raw = _opened(path)
        self.size = path.stat().st_size
        self._lines = _Lines(self, _as_text(path, self._raw, form.encoding))
        self._reader = None if form.delimiter == "blanks" else self._csv_reader(self._lines)
        self.columns = self._columns()

    @property
    def read(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()

    def __iter__(self) -> Iterator[CsvRow]:
        for block in self.blocks():
            yield from block

    def blocks(self) -> Iterator[list[CsvRow]]:
        """The rows, some thousands at a time."""
        first = True
        while block := self._plain() or self._any():
            if first and "are not" in block[0].fault:
                where = f"{self.path}:{block[0].line}"
                raise InvalidInput(f"{where}: {block[0].fault}", "name its encoding with `format.encoding`")
            first = False
            yield block

    def pass_over(self) -> int:
        """Pass over what would be the next block of `blocks`; how many rows it has. 0 where that is not to be seen
        without reading them: nothing was passed over then."""
        if self._reader is None or self._lines.waits:
            return 0
        lines = self._lines.take(_LINES_AT_ONCE)
        text = "".join(lines)
        rows = len(lines) - sum(map(lines.count, _BLANK))
        if '"' not in text and len(text) < _LONGEST and _is_text(text) and rows:
            return rows
        self._lines.give_back(lines)
        return 0

    def _plain(self) -> list[CsvRow] | None:
        """The rows of the next lines, where these hold whole rows and nothing odd: ten times as fast as row by row.
        Else the lines wait for `_any`."""
        if self._reader is None or self._lines.waits:
            return None
        began = self._lines.number
        lines = self._lines.take(_LINES_AT_ONCE)
        found: list[CsvRow] = []
        width, before, text = len(self.columns), 0, "".join(lines)
        if not _is_text(text):
            self._lines.give_back(lines)
            return []
        try:
            read = self._split_all(text) or list(self._csv_reader(lines))
            if len(read) == len(lines) and set(map(len, read)) == {width}:  # a line is a row
                return list(map(CsvRow, range(began + 1, began + 1 + len(read)), read, repeat("")))
            reader = self._csv_reader(lines)
            for cells in reader:
                if len(cells) == width:
                    found.append(CsvRow(began + before + 1, cells))
                elif cells:
                    found.append(_too_wide(CsvRow(began + before + 1, cells), width))
                if reader.line_num - before > _MOST_SWALLOWED:
                    raise csv.Error("too many lines")
                before = reader.line_num
        except csv.Error:
            found = []
        if not found:
            self._lines.give_back(lines)
        return found

    def _split_all(self, text: str) -> list[list[str]]:
        """The cells of lines without quotes, where each line has two or more: four times as fast as `csv.reader`. []
        where it has to look."""
        if '"' in text or len(self.columns) < 2 or len(text) >= _LONGEST:
            return []
        text = text.replace("\r\n", "\n").removesuffix("\n")
        between = repeat(self._delimiter)
        return [] if "\r" in text else list(map(str.split, text.split("\n"), between))

    def _any(self) -> list[CsvRow]:
        """The rows of the lines that wait, or the next one, whatever is wrong with them."""
        found = []
        while (row := self._next()) is not None:
            if not row.fault and len(row.cells) != len(self.columns):
                row = _too_wide(row, len(self.columns))
            found.append(row)
            if not self._lines.waits:
                break
        return found

    def _columns(self) -> list[str]:
        form = self.form
        if form.columns is not None and not form.header:
            return form.columns
        row = self._next()
        if row is None:
            raise InvalidInput(f"{self.path} is empty", "it must begin with a line of column names")
        if row.fault:
            raise InvalidInput(f"{self.path}:{row.line}: {row.fault}", "name its encoding with `format.encoding`")
        names = form.columns or [name.strip() for name in row.cells]
        twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
        if twice is not None:
            raise InvalidInput(f"{self.path}:{row.line}: two columns are called `{twice}`", "name them in the map")
        return names

    def _next(self) -> CsvRow | None:
        """The next row that is not blank."""
        while True:
            self._lines.begin_row()
            row = self._split() if self._reader is None else self._parse()
            if row is None or row.cells:
                return row

    def _split(self) -> CsvRow | None:
        line = next(self._lines, None)
        return None if line is None else CsvRow(self._lines.began, line.split(), self._lines.fault())

    @property
    def _delimiter(self) -> str:
        return "\t" if self.form.delimiter == "tab" else self.form.delimiter

    def _csv_reader(self, lines: Iterable[str]) -> _Reader:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _parse(self) -> CsvRow | None:
        lines = self._lines
        assert self._reader is not None
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            # Only its first line is lost: what the quote has swallowed is read again as rows of their own.
            self._reader = self._csv_reader(self._lines)
            text = lines.put_back()
            why = "a quote is opened here and never closed"
            if "expected after" in str(error):
                why = "text follows a closing quote"
            elif "field limit" in str(error):
                why = f"a cell is longer than {_LONGEST:,} characters"
            return CsvRow(lines.began, [text.rstrip("\r\n")], why)
        return CsvRow(lines.began, cells, lines.fault())


def _too_wide(row: CsvRow, width: int) -> CsvRow:
    return row._replace(fault=f"the row has {len(row.cells)} columns, {width} are due")


def _is_text(text: str) -> bool:
    """Whether there is nothing in it that `_Lines.fault` speaks of."""
    return "\0" not in text and (text.isascii() or _UNDECODED.search(text) is None)


class _Reader(Protocol):
    """What `csv.reader` gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class _Lines:
    """The file's lines; remembers those of the present row."""

    def __init__(self, file: CsvFile, text: IO[str]) -> None:
        self._file, self._text = file, text
        self._waiting: deque[str] = deque()
        self._row: list[str] = []
        self._failure: InvalidInput | None = None  # met while reading ahead
        self.number = 0
        self.began = 1

    @property
    def waits(self) -> bool:
        """Whether lines were given back."""
        return bool(self._waiting)

    def take(self, most: int) -> list[str]:
        """The next lines, none at the end of the file."""
        taken: list[str] = []
        try:
            if self._failure is None:
                taken.extend(islice(self._text, most))  # what comes before a failure is kept
        except (EOFError, OSError, zlib.error, UnicodeError) as error:
            self._failure = self._spoken(error, self.number + len(taken))
        self.number += len(taken)
        return taken

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extend(lines)
        self.number -= len(lines)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._read()
        if len(self._row) >= _MOST_SWALLOWED:
            self._waiting.appendleft(line)
            raise csv.Error("too many lines")
        self.number += 1
        self._row.append(line)
        return line

    def begin_row(self) -> None:
        self._row = []
        self.began = self.number + 1

    def put_back(self) -> str:
        """Give the row's lines but the first back; the first is the answer."""
        first, *others = self._row or [""]
        self._waiting.extendleft(reversed(others))
        self.number -= len(others)
        self._row = [first]
        return first

    def fault(self) -> str:
        """What is wrong with the characters of the present row."""
        for line in self._row:
            if line.isascii():
                if "\0" in line:
                    return "the row holds a NUL character"
            elif found := _UNDECODED.search(line):
                return f"bytes such as 0x{ord(found[0]) - 0xDC00:02X} are not {self._file.form.encoding}"
            elif "\0" in line:
                return "the row holds a NUL character"
        return ""

    def _read(self) -> str:
        if self._failure is not None:
            raise self._failure
        try:
            return next(self._text)
        except (EOFError, OSError, zlib.error, UnicodeError) as error:
            raise self._spoken(error, self.number) from error

    def _spoken(self, error: Exception, line: int) -> InvalidInput:
        path, encoding = self._file.path, self._file.form.encoding
        if isinstance(error, UnicodeError):
            return InvalidInput(
                f"{path}: line {line + 1} cannot be read as {encoding}: {error}",
                "name its encoding with `format.encoding`",
            )
        return InvalidInput(
            f"{path}: the file is damaged after line {line}: {error}",
            "the rows before it are loaded; get the file anew and import it again",
        )


def _opened(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InvalidInput(f"there is no file {path}") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path} is a folder", "name a file in it") from None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def _as_text(path: Path, raw: BufferedReader, encoding: str) -> IO[str]:
    """Undecodable bytes come through as lone surrogates, so that they cost one row and not the file."""
    zipped = raw.peek(2)[:2] == _GZIP
    if path.suffix == ".gz" and not zipped and path.stat().st_size:
        raise InvalidInput(f"{path} ends with .gz but is not gzipped", "rename it, or get the file anew")
    name = codecs.lookup(encoding).name
    binary = gzip.GzipFile(fileobj=raw) if zipped else raw
    if name == "utf-8" or _begins_with_mark(path, binary):
        name = "utf-8-sig"  # the mark says so, whatever the map says
    return TextIOWrapper(binary, encoding=name, errors="surrogateescape", newline="")


def _begins_with_mark(path: Path, binary: BufferedReader | gzip.GzipFile) -> bool:
    try:
        return binary.peek(len(_BOM))[: len(_BOM)] == _BOM
    except (EOFError, OSError, zlib.error) as error:
        raise InvalidInput(f"{path}: the file is damaged: {error}", "get the file anew") from error
