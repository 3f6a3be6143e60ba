"""A screen learns that somebody wrote, and that the file it reads is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsl.schema import standard_schema
from runtime.errors import StoreError
from runtime.reading.pulse import Pulse
from runtime.store import meta
from runtime.store.store import Store
from tests.runtime.databases import BOTH


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "postgres":
        yield request.getfixturevalue("databases").store(standard_schema())
        return
    with Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema()) as store:
        yield store


def test_what_others_write_is_felt_once(store: Store) -> None:
    pulse = Pulse(store)
    pulse.beat()
    assert not pulse.beat()
    with store.session() as session, session.transaction():
        meta.write(session, "clock", "5")
    assert pulse.beat()
    assert not pulse.beat()
    pulse.close()


def test_reading_is_not_felt(store: Store) -> None:
    pulse = Pulse(store)
    pulse.beat()
    with store.session() as session:
        assert session.one("SELECT count(*) FROM contact") == 0
    assert not pulse.beat()
    pulse.close()


def test_a_file_that_vanishes_is_told_and_opened_anew_when_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with Store.create(f"sqlite:///{path}", standard_schema()) as store:
        pulse = Pulse(store)
        assert pulse.beat()
        path.rename(tmp_path / "away.db")
        for look in (pulse.there, pulse.beat, pulse.beat):
            with pytest.raises(StoreError, match=r"crm\.db is not there any more"):
                look()
        (tmp_path / "away.db").rename(path)
        assert pulse.beat()
        pulse.there()
        pulse.close()


def test_a_file_put_in_the_place_of_another_is_read_instead(tmp_path: Path) -> None:
    path, other = tmp_path / "crm.db", tmp_path / "other.db"
    with Store.create(f"sqlite:///{other}", standard_schema()) as store, store.session() as session:
        with session.transaction():
            meta.write(session, "clock", "7")
        session.run("PRAGMA wal_checkpoint(TRUNCATE)")
    with Store.create(f"sqlite:///{path}", standard_schema()) as store:
        pulse = Pulse(store)
        pulse.beat()
        assert store.get("clock") is None
        store.close()
        for side in ("-wal", "-shm"):
            path.with_name(f"crm.db{side}").unlink(missing_ok=True)
        other.replace(path)
        with pytest.raises(StoreError):
            pulse.there()  # nothing may be asked of it before it is known again
        assert pulse.beat() and store.get("clock") == "7"
        pulse.close()


def test_a_store_of_another_format_is_asked_nothing_until_it_is_ours_again(store: Store) -> None:
    """A newer program brought it up while it was open; then a copy was put back."""
    pulse = Pulse(store)
    pulse.beat()
    ours = str(store.format)
    for format_, words in (("999", "use the newer Segue"), ("0", "older Segue"), ("x", "no store of Segue's")):
        _write_format(store, format_)
        for look in (pulse.beat, pulse.there, pulse.beat):
            with pytest.raises(StoreError) as told:
                look()
            assert words in f"{told.value}: {told.value.hint}"
    _write_format(store, ours)
    assert pulse.beat()
    pulse.there()
    pulse.close()


def _write_format(store: Store, format_: str) -> None:
    with store.session() as session, session.transaction():
        meta.write(session, "format", format_)
