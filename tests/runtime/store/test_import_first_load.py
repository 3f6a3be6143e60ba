"""A first load in one transaction, its indexes made at the end, leaves what batches would leave (decision 0022)."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dsl.schema.standard import standard_schema
from runtime.errors import InvalidInput
from runtime.store.imports import ImportResult, at_once, first_load
from runtime.store.store import Store

from .imported import NOW, load
from .test_import_two_processes import MAP, text_of

TABLES = ("contact", "segue_imported", "segue_loaded", "segue_inbox")
KEYS = "SELECT conrelid, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
KILLED = """
import os, signal, sys
from pathlib import Path
from runtime.store.imports import at_once, first_load
from runtime.store.store import Store
from tests.runtime.store.imported import load
at_once.AT_ONCE, first_load.MOST, first_load.SMALLEST, batches = 1_000, 1, 0, []
def dies(read, total):
    batches.append(read)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
url, folder, text, map_, now = sys.argv[1:]
load(Store.open(url), Path(folder), Path(text).read_text(), map_, until=int(now), progress=dies)
"""


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    return Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file is a first load, in batches of a hundred rows."""
    monkeypatch.setattr(first_load, "MOST", 1)
    monkeypatch.setattr(first_load, "SMALLEST", 100)
    monkeypatch.setattr(at_once, "AT_ONCE", 100)
    monkeypatch.setattr(at_once, "_FEW", 10)


def state(store: Store) -> dict[str, Any]:
    with store.session() as session:
        found: dict[str, Any] = {t: sorted(session.run(f"SELECT * FROM {t}"), key=repr) for t in TABLES}
        found["indexes"] = sorted(session.run(first_load._INDEXES[store.dialect], table="contact"))
        if store.dialect == "sqlite":
            assert session.run("PRAGMA integrity_check") == [("ok",)]
        else:
            found["keys"] = sorted(session.run(KEYS))
    return found


def told(result: ImportResult) -> tuple[Any, ...]:
    return result.loaded, result.unchanged, result.rejected, result.facts, result.first_rejects


def test_one_transaction_leaves_what_batches_leave(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that come twice, are wrong, lie ahead or need escapes among them; and the same file again."""
    other_store, began = Store.memory(standard_schema()), first_load.first_load
    first_loads = []
    monkeypatch.setattr(first_load, "first_load", lambda *given: first_loads.append(given) or began(*given))
    for _ in range(2):
        one = load(store, tmp_path, text_of(400), MAP, until=NOW)
        with monkeypatch.context() as patch:
            patch.setattr(first_load, "SMALLEST", 1 << 40)
            other = load(other_store, tmp_path, text_of(400), MAP, until=NOW)
        assert told(one) == told(other)
        first, second = state(store), state(other_store)
        for table in ("segue_imported", "segue_loaded"):
            assert first[table] == second[table]
        assert [len(first[t]) for t in TABLES] == [len(second[t]) for t in TABLES]
        assert len(first["contact"]) > 350
        assert len(first["indexes"]) == 2
    assert len(first_loads) == (1 if store.dialect == "postgresql" else 2)


@pytest.mark.parametrize("odd", ["", "7,2020-01-01,,twice,\n", "900,2030-01-01,,Ahead,\n"])
def test_keys_are_away_until_somebody_asks_for_them(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    """On PostgreSQL; where all rows are new and go into the table that is at the end, and they are as before."""
    before, plain, away = state(store), first_load.Keys.bring_back, []

    def noted(keys: first_load.Keys) -> None:
        away.append(keys.away)
        plain(keys)

    monkeypatch.setattr(first_load.Keys, "bring_back", noted)
    rows = [f"{nr},2020-01-01,a{nr}@x.example,n,\n" for nr in range(400)]
    text = "id,at,mail,name,stage\n" + "".join([*rows[:250], odd, *rows[250:]])
    assert load(store, tmp_path, text, MAP, until=NOW).loaded == 400 + bool(odd)
    after = state(store)
    assert 380 < len(after["contact"]) <= 400
    assert {name: after[name] for name in after if name not in TABLES} == {
        name: before[name] for name in before if name not in TABLES
    }
    assert away[0] == (store.dialect == "postgresql")
    assert (len(away) == 1) == (odd == "")


def test_a_ledger_that_is_not_empty_keeps_its_key(store: Store, tmp_path: Path) -> None:
    assert load(store, tmp_path, text_of(300), MAP, until=None).loaded > 290
    load(store, tmp_path, text_of(400), MAP, until=NOW)
    with store.session() as session:
        entered = session.one("SELECT count(*) FROM segue_imported")
        loaded = session.one("SELECT count(*) FROM contact")
    assert entered - loaded > 290


def test_killed_in_the_middle_nothing_is_there(store: Store, url: str, tmp_path: Path) -> None:
    before, text = state(store), tmp_path / "text"
    text.write_text(text_of(20_000))
    child = [sys.executable, "-c", KILLED, url, str(tmp_path), str(text), MAP, str(NOW)]
    assert subprocess.run(child, check=False).returncode == -signal.SIGKILL
    after = state(store)
    assert after == before
    assert load(store, tmp_path, text_of(20_000), MAP, until=NOW).loaded > 19_900
    assert state(store)["indexes"] == before["indexes"]


def test_a_reader_sees_the_old_state_meanwhile(file_store: Store, tmp_path: Path) -> None:
    seen = []

    def look(read: int, total: int) -> None:
        with Store.open(file_store.url, readonly=True) as store, store.session() as session:
            indexes = session.run("SELECT name FROM sqlite_master WHERE name = 'idx_contact_created_at'")
            seen.append((session.one("SELECT count(*) FROM contact"), indexes))

    load(file_store, tmp_path, text_of(16_000), MAP, until=NOW, progress=look)
    assert len(seen) > 2
    assert set(map(repr, seen)) == {"(0, [('idx_contact_created_at',)])"}


def test_before_the_place_where_a_file_is_damaged_rows_stay(file_store: Store, tmp_path: Path) -> None:
    indexes = state(file_store)["indexes"]
    packed = gzip.compress(text_of(40_000).encode())
    with pytest.raises(InvalidInput, match="the file is damaged after line"):
        load(file_store, tmp_path, packed[: len(packed) // 2], MAP, until=NOW)
    after = state(file_store)
    assert len(after["contact"]) > 1_000
    assert after["indexes"] == indexes


def test_a_table_that_holds_as_much_keeps_its_indexes(
    file_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file_store.session() as session:
        assert first_load.suits(session, "contact", 1_000)
        assert not first_load.suits(session, "contact", 99)
    load(file_store, tmp_path, text_of(100), MAP, until=NOW)
    with file_store.session() as session:
        held = session.one("SELECT count(*) FROM contact")
        monkeypatch.setattr(first_load, "SMALLEST", 0)
        assert not first_load.suits(session, "contact", held - 1)
        assert first_load.suits(session, "contact", held)
