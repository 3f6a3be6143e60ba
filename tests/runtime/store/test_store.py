"""Opening a store, and what is said when the world fails it."""

from __future__ import annotations

import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from dsl.schema.standard import standard_schema
from runtime.errors import InvalidInput, StoreBusy, StoreError
from runtime.store.failures import spoken
from runtime.store.store import FORMAT, Store

from .imported import CONTACTS, load


def open_fails(url: str, **options: bool) -> StoreError:
    with pytest.raises(StoreError) as caught:
        Store.open(url, **options)
    return caught.value


def test_nothing_there(tmp_path: Path) -> None:
    error = open_fails(f"sqlite:///{tmp_path}/crm.db")
    assert str(error) == f"there is no store {tmp_path}/crm.db"
    assert error.hint == "run `segue migrate` first"
    assert not (tmp_path / "crm.db").exists()
    assert "there is no folder" in str(open_fails(f"sqlite:///{tmp_path}/no/crm.db", create=True))
    assert "is a folder" in str(open_fails(f"sqlite:///{tmp_path}"))


def test_no_database(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("Dear Sir or Madam, " * 100)
    assert str(open_fails(f"sqlite:///{tmp_path}/crm.db")).endswith("crm.db is not a database")


def test_no_tables_yet(url: str) -> None:
    Store.open(url, create=True).close()
    error = open_fails(url)
    assert str(error).endswith("holds no store yet")
    assert error.hint == "run `segue migrate` first"


def test_a_newer_format(store: Store, url: str) -> None:
    with store.session() as session, session.transaction():
        session.run("UPDATE segue_meta SET value = '99' WHERE key = 'format'")
    assert f"has format 99, this Segue reads formats up to {FORMAT}" in str(open_fails(url))


def test_addresses() -> None:
    for url in ("crm.db", "mysql://crm"):
        with pytest.raises(InvalidInput):
            Store.open(url)
    error = open_fails("postgresql+psycopg://me:secret@127.0.0.1:9/crm")
    assert "cannot be reached" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:s3/cret@127.0.0.1:9/crm",
        "postgresql+psycopg://me:s3cret@127.0.0.1:none/crm",
        "postgresql+psycopg://me:s3cret",
        "postgresql+psycopg://127.0.0.1:9/crm?user=me&password=s3cret&sslmode=none",
        "mysql://me:s3cret@127.0.0.1/crm",
    ],
)
def test_an_address_that_is_wrong_is_told_without_its_password(url: str) -> None:
    with pytest.raises((InvalidInput, StoreError)) as caught:
        Store.open(url)
    told = f"{caught.value} {caught.value.hint}"
    assert "cret" not in told and told.strip()


def test_another_process_has_it(store: Store, url: str) -> None:
    if store.dialect != "sqlite":
        pytest.skip("SQLite has one writer")
    with store.session() as one, store.session() as other:
        other.run("PRAGMA busy_timeout = 10")
        with one.transaction(), pytest.raises(StoreBusy, match="is locked by another process"), other.transaction():
            pass
        with other.transaction():
            pass


def test_reading_only(store: Store, url: str) -> None:
    with Store.open(url, readonly=True) as reader, reader.session() as session:
        assert session.one("SELECT count(*) FROM contact") == 0
        with pytest.raises(StoreError, match="is read-only"):
            session.run("DELETE FROM contact")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_one_may_not_write(tmp_path: Path) -> None:
    Store.create(f"sqlite:///{tmp_path}/crm.db", standard_schema()).close()
    (tmp_path / "crm.db").chmod(0o444)
    store = Store.open(f"sqlite:///{tmp_path}/crm.db")
    with store.session() as session, pytest.raises(StoreError, match="is read-only"):
        session.run("DELETE FROM contact")


def test_an_error_of_a_full_disk_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its log finds no room SQLite says `disk I/O error`."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert "failed: disk I/O error" in str(spoken(error, f"{tmp_path}/crm.db"))
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    assert f"the disk of {tmp_path}/crm.db is full" in str(spoken(error, f"{tmp_path}/crm.db"))


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """The transaction that does not fit is undone; with more room the import goes on."""
    store = Store.create(f"sqlite:///{tmp_path}/crm.db", standard_schema())
    rows = "id,mail,name\n" + "".join(f"{i},,{'n' * 100}\n" for i in range(3000))
    with store.session() as session:
        session.run(f"PRAGMA max_page_count = {session.one('PRAGMA page_count') + 20}")
    with pytest.raises(StoreError, match=r"the disk of .* is full; nothing of this step was written"):
        load(store, tmp_path, rows, CONTACTS)
    with store.session() as session:
        assert session.one("SELECT count(*) FROM segue_inbox") == 0
        session.run("PRAGMA max_page_count = 1000000")
    assert load(store, tmp_path, rows, CONTACTS).loaded == 3000


def test_a_bug_stays_the_exception_it_is(store: Store) -> None:
    with store.session() as session, pytest.raises(Exception, match="no_such_table") as caught:
        session.run("SELECT * FROM no_such_table")
    assert not isinstance(caught.value, StoreError)


def test_what_runs_is_broken_off_from_another_thread_and_the_session_goes_on(store: Store) -> None:
    """What runs now, not what comes next."""
    with store.session() as session, ThreadPoolExecutor() as threads:
        session.break_off()
        running = threads.submit(session.run, _LONG)
        while not running.done():
            session.break_off()
            time.sleep(0.05)
        assert running.exception() is not None
        assert session.one("SELECT 1") == 1


_LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000000) SELECT count(*) FROM n"
