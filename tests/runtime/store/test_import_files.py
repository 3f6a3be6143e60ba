"""`segue import`: files as they come, broken, packed, in any encoding."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dsl.schema.standard import standard_schema
from runtime.errors import InvalidInput
from runtime.store.imports import import_file
from runtime.store.store import Store
from runtime.store.values import LONGEST

from .imported import CONTACTS, PEOPLE, load, map_of, payloads, why


@pytest.mark.parametrize(
    ("rows", "told", "names"),
    [
        ('1,,"a\nb"\n2,,c\n', [], ["a\nb", "c"]),
        ('1,,a\n2,,"never closed\n3,,c\n4,,d\n', ["3 : a quote is opened here and never closed"], ["a", "c", "d"]),
        ('1,,"a"x\n2,,b\n', ["2 : text follows a closing quote"], ["b"]),
        ("1,,a\0\n2,,b\n", ["2 : the row holds a NUL character"], ["b"]),
        ("1,,a\n\n\n2,,b\n3,,c,d\n", ["6 : the row has 4 columns, 3 are due"], ["a", "b"]),
        ("1,,a\r\n2,,b\r\n", [], ["a", "b"]),
    ],
)
def test_broken_csv_costs_only_the_broken_row(
    memory: Store, tmp_path: Path, rows: str, told: list[str], names: list[str]
) -> None:
    result = load(memory, tmp_path, ("id,mail,name\n" + rows).encode(), CONTACTS)
    assert why(result) == told
    assert [p["first_name"] for p in payloads(memory)] == names


def test_bytes_that_are_no_text(memory: Store, tmp_path: Path) -> None:
    rows = b"id,mail,name\n1,,a\n2,,\xe9\n3,,c\n"
    assert why(load(memory, tmp_path, rows, CONTACTS)) == ["3 : bytes such as 0xE9 are not utf-8"]
    assert (tmp_path / "rows.csv.rejects.csv").read_bytes().split(b"\n")[1].startswith(b"2,,\xe9,3,")
    with pytest.raises(InvalidInput, match=r"rows.csv:2: bytes such as 0xE9 are not utf-8") as caught:
        load(memory, tmp_path, rows.replace(b"1,,a\n", b""), CONTACTS)
    assert caught.value.hint == "name its encoding with `format.encoding`"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_encodings(memory: Store, tmp_path: Path, encoding: str) -> None:
    map_ = CONTACTS + f"    format: {{encoding: {encoding.removesuffix('-sig')}}}\n"
    load(memory, tmp_path, "id,mail,name\n1,,花\n".encode(encoding), map_)
    assert payloads(memory)[0]["first_name"] == "花"


def test_gzip_plain_and_damaged(memory: Store, tmp_path: Path) -> None:
    assert load(memory, tmp_path, gzip.compress(PEOPLE.encode()), CONTACTS).loaded == 2
    long = gzip.compress(("id,mail,name\n" + "".join(f"{i},,{i * i}\n" for i in range(50_000))).encode())
    with pytest.raises(InvalidInput, match=r"the file is damaged after line \d+"):
        load(memory, tmp_path, long[: len(long) // 2], CONTACTS)
    (tmp_path / "x.csv.gz").write_text(PEOPLE)
    for name, message in (
        ("x.csv.gz", "ends with .gz but is not gzipped"),
        ("none.csv", "there is no file"),
        (".", "is a folder"),
    ):
        with pytest.raises(InvalidInput, match=message):
            import_file(memory, standard_schema(), tmp_path / name, map_of(CONTACTS))


def test_a_column_that_is_not_there(memory: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"rows.csv:1: there is no column `name` \(map.yaml:6:\d+\)") as caught:
        load(memory, tmp_path, "id,mail,names\n1,,a\n", CONTACTS)
    assert caught.value.hint == "did you mean `names`?"
    for text, message in (("", "is empty"), ("a,a\n", "two columns are called `a`")):
        with pytest.raises(InvalidInput, match=message):
            load(memory, tmp_path, text, CONTACTS)


def test_surplus_cells_are_not_lost(memory: Store, tmp_path: Path) -> None:
    result = load(memory, tmp_path, PEOPLE + "3,carl@x.example,Carl,too,much\n", CONTACTS)
    assert result.rejects is not None
    assert result.rejects.read_text("utf-8").splitlines()[1].endswith('3 are due",too,much')


def test_a_byte_order_mark_says_more_than_the_map(memory: Store, tmp_path: Path) -> None:
    result = load(memory, tmp_path, PEOPLE.encode("utf-8-sig"), CONTACTS + "    format: {encoding: cp1252}\n")
    assert result.loaded == 2


def test_a_cell_may_be_as_large_as_a_text(memory: Store, tmp_path: Path) -> None:
    large = f"3,,{'x' * LONGEST}\n4,,{'x' * (LONGEST + 1)}\n"
    result = load(memory, tmp_path, PEOPLE + large, CONTACTS)
    assert (result.loaded, result.rejected) == (3, 1)
