"""Other processes that read and check the file change nothing but the time it takes (decision 0022)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.standard import standard_schema
from runtime.errors import InvalidInput
from runtime.store.imports import ImportResult, addresses, ahead, at_once, csv_file
from runtime.store.imports.addresses import ordinary
from runtime.store.store import Store

from .imported import NOW, load

MAP = """
    source: shop
    rows:
      - record: contact
        id: id
        at: at
        set: {email: mail, first_name: name, lifecycle_stage: stage}
"""
ODD = {
    17: "17,2020-01-01,no address,x,lead",
    130: '130,2020-01-01,,"Tab\tand\\N and\nline",customer',
    131: "131,2020-01-01,ü@x.example,ＡＮＮ,",
    200: "12,2020-01-01,twice@x.example,Again,lead",
    260: "260,2030-01-01,,Ahead,lead",
    301: "301,2020-01-01,too few",
    333: "333,2020-01-01,,much,no stage",
}


def text_of(rows: int) -> str:
    """A file in which some rows are wrong, one comes twice, one lies ahead, some need escapes."""
    lines = (ODD.get(nr, f"{nr},2020-01-01,a{nr}@x.example,\\n{nr},subscriber") for nr in range(rows))
    return "id,at,mail,name,stage\n" + "".join(f"{line}\n" for line in lines)


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Small batches, made by other processes; how many rows of the file this one reads, block by block."""
    monkeypatch.setattr(ahead, "ENOUGH", 0)
    monkeypatch.setattr(ahead, "may_fork", lambda: True)
    monkeypatch.setattr(at_once, "AT_ONCE", 100)
    monkeypatch.setattr(at_once, "_FEW", 10)
    monkeypatch.setattr(csv_file, "_LINES_AT_ONCE", 20)
    found: list[int] = []
    plain = csv_file.CsvFile._plain

    def counted(file: csv_file.CsvFile) -> Any:
        rows = plain(file)
        found.append(len(rows or ()))
        return rows

    monkeypatch.setattr(csv_file.CsvFile, "_plain", counted)
    return found


def told(result: ImportResult) -> tuple[Any, ...]:
    return result.loaded, result.unchanged, result.skipped, result.rejected, result.facts, result.first_rejects


def contents(store: Store) -> list[Any]:
    wanted = (
        "SELECT id, external_id, created_at, email, email__n, first_name, first_name__n, lifecycle_stage FROM contact",
        "SELECT bucket, key, digest FROM segue_imported",
        "SELECT bucket, id, at, rank FROM segue_loaded",
        "SELECT bucket, id, at, rank, payload FROM segue_inbox WHERE kind <> 'loaded'",
    )
    with store.session() as session:
        return [sorted(session.run(sql)) for sql in wanted]


def alike(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two imports of a file, the second of a file that has grown: as in another store by one process."""
    one = [told(load(store, folder, text_of(rows), MAP, until=NOW)) for rows in (300, 400)]
    monkeypatch.setattr(ahead, "may_fork", lambda: False)
    with Store.memory(standard_schema()) as other:
        assert one == [told(load(other, folder, text_of(rows), MAP, until=NOW)) for rows in (300, 400)]
        assert contents(store) == contents(other)


def test_two_processes_load_what_one_loads(
    store: Store, tmp_path: Path, ours: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alike(store, tmp_path, monkeypatch)


def test_the_first_process_reads_nothing_where_all_is_new(store: Store, tmp_path: Path, ours: list[int]) -> None:
    rows = "".join(f"{nr},2020-01-01,,n,\n" for nr in range(250))
    assert load(store, tmp_path, f"id,at,mail,name,stage\n{rows}", MAP, until=NOW).loaded == 250
    assert ours == []


@pytest.mark.parametrize("sent", [0, 2])
def test_a_second_process_that_dies_is_done_without(
    store: Store, tmp_path: Path, ours: list[int], monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    """Killed before its first batch or after the second: this process goes on behind what it was told."""
    plain, first = ahead._send, os.getpid()
    counted: list[int] = []

    def dies(*given: Any) -> None:
        if len(counted) == sent and os.getpid() != first:
            os._exit(1)
        counted.append(1)
        plain(*given)

    monkeypatch.setattr(ahead, "_send", dies)
    alike(store, tmp_path, monkeypatch)
    assert sum(ours) > 0


def test_a_damaged_file_is_told_by_the_first_process(store: Store, tmp_path: Path, ours: list[int]) -> None:
    import gzip

    whole = gzip.compress("".join(f"{n},2020-01-01,a{n * 77777}@x.example,n,\n" for n in range(20_000)).encode())
    packed = gzip.compress(b"id,at,mail,name,stage\n") + whole[: len(whole) // 2]
    with pytest.raises(InvalidInput, match="the file is damaged after line") as failed:
        load(store, tmp_path, packed, MAP, until=NOW)
    lines = int(re.findall(r"line (\d+)", str(failed.value))[0])
    assert lines > 1_000
    with store.session() as session:
        assert session.one("SELECT count(*) FROM contact") == lines - 1  # but the line of names


_NAMES = st.text("ab.-+_@ü1 \n", max_size=12)
_ADDRESSES = st.one_of(
    st.builds("{}@{}.example".format, _NAMES, st.lists(st.text("ab-1_", max_size=4), max_size=3).map(".".join)),
    st.builds("{}@{}.example".format, st.integers(1, 66).map("a".__mul__), st.integers(1, 66).map("b".__mul__)),
    st.sampled_from(["", "a@x.example", "a.b+c@mail-1.x.example"]),
)


@given(texts=st.lists(_ADDRESSES, max_size=4), empty=st.sampled_from([frozenset(), frozenset({""})]))
def test_addresses_that_a_pattern_takes_are_ones_to_the_library(texts: list[str], empty: frozenset[str]) -> None:
    """Alone and many in one go, however long, with line breaks in them."""
    if ordinary(texts, empty):
        for text in texts:
            if text not in empty:
                try:
                    validate_email(text, check_deliverability=False, test_environment=True)
                except EmailNotValidError as error:
                    pytest.fail(f"{text}: {error}")


@pytest.mark.parametrize("texts", [[""], ["a@x.example", ""], ["", "a@x.example"], ["a@x.example\nb@x.example"]])
def test_what_is_no_address_is_not_taken_among_others(texts: list[str]) -> None:
    assert not ordinary(texts, frozenset())
    assert ordinary(["a@x.example", "", f"{'b' * 60}@x-1.example"], frozenset({""}))


def test_short_addresses_are_told_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(addresses, "_ORDINARY")
    many = [f"ann.m-{nr}+x@mail-{nr}.company.example" for nr in range(3)]
    assert ordinary(["", *many], frozenset({""}))
    with pytest.raises(NameError):
        ordinary([*many, "a..b@x.example"], frozenset())
