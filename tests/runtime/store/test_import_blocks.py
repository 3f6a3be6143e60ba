"""A block of a file is split, or passed over, as `csv.reader` would have it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch

from runtime.store.imports import csv_file
from runtime.store.imports.csv_file import CsvFile, CsvRow
from runtime.store.imports.shapes import FormatShape

_LINES = st.lists(
    st.sampled_from(["1,2", "a, b ", ",", "", " ", "1", "1,2,3", "1;2", '"x",2', '"x\ny",2', "ü,ß", "\0,1"])
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def written(folder: str, lines: list[str], end: str, last: bool) -> Path:
    path = Path(folder) / "rows.csv"
    path.write_bytes((end.join(["a,b", *lines]) + end * last).encode())
    return path


def rows_of(path: Path) -> list[CsvRow]:
    file = CsvFile(path, FormatShape())
    found = list(file)
    file.close()
    return found


@given(lines=_LINES, end=_ENDS, last=st.booleans(), block=st.integers(1, 4))
def test_rows_are_those_of_the_slow_way(lines: list[str], end: str, last: bool, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder, MonkeyPatch.context() as patch:
        path = written(folder, lines, end, last)
        patch.setattr(csv_file, "_LINES_AT_ONCE", block)
        quick = rows_of(path)
        patch.setattr(CsvFile, "_split_all", lambda *_: [])
        assert quick == rows_of(path)


@given(
    lines=_LINES, end=_ENDS, last=st.booleans(), block=st.integers(1, 4), wanted=st.lists(st.booleans(), min_size=30)
)
def test_blocks_that_are_passed_over_are_those_of_the_file(
    lines: list[str], end: str, last: bool, block: int, wanted: list[bool]
) -> None:
    with tempfile.TemporaryDirectory() as folder, MonkeyPatch.context() as patch:
        path = written(folder, lines, end, last)
        patch.setattr(csv_file, "_LINES_AT_ONCE", block)
        whole, file = list(CsvFile(path, FormatShape()).blocks()), CsvFile(path, FormatShape())
        blocks = file.blocks()
        for there, want in zip(whole, wanted, strict=False):
            passed = 0 if want else file.pass_over()
            assert passed == len(there) or (not passed and next(blocks) == there)
        file.close()


def test_lines_without_quotes_are_passed_over(tmp_path: Path) -> None:
    file = CsvFile(written(str(tmp_path), ["1,2", "", "3,4"], "\n", True), FormatShape())
    assert (file.pass_over(), file.pass_over()) == (2, 0)
