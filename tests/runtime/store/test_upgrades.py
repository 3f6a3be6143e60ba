"""A store of any format that was ever released comes up to today's, whole or not at all, and goes on as before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, create_engine, inspect

from runtime.errors import StoreError
from runtime.store import migrate, upgrades
from runtime.store.seen import Seen
from runtime.store.store import FORMAT, Store
from runtime.store.tables import metadata
from tests.runtime.engine.harness import World, compiled

RELEASED = Path(__file__).parent / "released"
DUMPS = sorted(RELEASED.glob("format_*.sql"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An empty database, in a transaction."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    with engine.begin() as begun:
        yield begun
    engine.dispose()


def test_each_format_has_one_revision() -> None:
    assert [r.revision for r in upgrades.revisions(0, FORMAT)] == [str(n) for n in range(1, FORMAT + 1)]


def test_upgraded_from_the_first_format_the_tables_are_those_of_a_new_store(connection: Connection) -> None:
    upgrades.upgrade(connection, 0, FORMAT)
    assert _shape(connection) == _shape_of_a_new_store(connection)


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_the_revisions_tell_what_was_released(dump: Path, tmp_path: Path) -> None:
    file = _restored(dump, tmp_path)
    engine = create_engine("sqlite://")
    with engine.begin() as made, create_engine(f"sqlite:///{file}").begin() as restored:
        upgrades.upgrade(made, 0, int(dump.stem.removeprefix("format_")))
        assert _shape(made) == _shape(restored)


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_an_older_store_goes_on_where_it_was(dump: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{_restored(dump, tmp_path)}"
    rules, schema = (_released(name) for name in ("rules.segue", "schema.yaml"))
    with pytest.raises(StoreError, match="was made by an older Segue"):
        Store.open(url)
    with Store.open(url, create=True) as store:
        found = migrate.plan(store, compiled(rules, schema).schema)
        assert found.words[0] == f"bring Segue's own tables from format {dump.stem[-1]} to {FORMAT}"
        migrate.apply(found)
        assert not migrate.plan(store, compiled(rules, schema).schema)
    world = World(rules, url=url, schema=schema, ready=True)
    world.names = dict(world.sql("SELECT id, external_id FROM contact"))
    world.run_to("03-12 00:00")
    assert world.sql("SELECT template, state, count(*) FROM segue_outbox GROUP BY 1, 2 ORDER BY 1, 2") == [
        ("intro", "sent", 3),
        ("last", "sent", 2),
    ]
    assert world.sql("SELECT status, reason, count(*) FROM segue_enrollment GROUP BY 1, 2 ORDER BY 1") == [
        ("finished", "no_reply", 2),
        ("unenrolled", "reply", 1),
    ]
    world.close()


def test_texts_of_the_past_are_compared_after_the_upgrade_as_before(tmp_path: Path) -> None:
    file = _restored(DUMPS[0], tmp_path)
    with sqlite3.connect(file) as raw:
        raw.execute(
            "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, old, new)"
            " SELECT bucket, 'contact', id, 'country', created_at, 0, 'Österreich', 'ＤＥ' FROM contact LIMIT 1"
        )
    with Store.open(f"sqlite:///{file}", create=True) as store:
        migrate.apply(migrate.plan(store, compiled(_released("rules.segue"), _released("schema.yaml")).schema))
    with sqlite3.connect(file) as raw:
        rows = raw.execute("SELECT old_n, new_n FROM segue_property_history WHERE property = 'country'").fetchall()
    assert rows == [("österreich", "de")]


def test_what_people_did_before_the_upgrade_is_kept_after_it(tmp_path: Path) -> None:
    """In `format_3.sql` a machine and Cyd open a mail, Ann clicks and meets somebody after a reply ended hers."""
    file = _restored(RELEASED / "format_3.sql", tmp_path)
    with Store.open(f"sqlite:///{file}", create=True) as store:
        migrate.apply(migrate.plan(store, compiled(_released("rules.segue"), _released("schema.yaml")).schema))
    with sqlite3.connect(file) as raw:
        kept = raw.execute(
            "SELECT c.external_id, e.seen, o.seen FROM contact c JOIN segue_enrollment e ON e.contact_id = c.id"
            " JOIN segue_outbox o ON o.contact_id = c.id ORDER BY 1"
        ).fetchall()
    opened = Seen.OPENED | Seen.OPENED_BY_MACHINE
    assert kept == [
        ("ann", Seen.CLICKED | Seen.MET, Seen.CLICKED),
        ("bob", 0, 0),
        ("cyd", opened, Seen.OPENED),
    ]


def test_an_upgrade_that_is_cut_short_leaves_the_old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _restored(DUMPS[0], tmp_path)
    rules, schema = (_released(name) for name in ("rules.segue", "schema.yaml"))
    before = _dumped(file)

    def cut_short(connection: Connection, found: int, wanted: int) -> None:
        for revision in upgrades.revisions(found, wanted):
            with Operations.context(MigrationContext.configure(connection)):
                revision.upgrade()
        raise KeyboardInterrupt

    monkeypatch.setattr(upgrades, "upgrade", cut_short)
    with Store.open(f"sqlite:///{file}", create=True) as store, pytest.raises(KeyboardInterrupt):
        migrate.apply(migrate.plan(store, compiled(rules, schema).schema))
    assert _dumped(file) == before
    monkeypatch.undo()
    with Store.open(f"sqlite:///{file}", create=True) as store:
        migrate.apply(migrate.plan(store, compiled(rules, schema).schema))
        assert store.format == FORMAT


def test_a_store_of_a_newer_version_is_refused_plainly(tmp_path: Path) -> None:
    file = _restored(DUMPS[0], tmp_path)
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE segue_meta SET value = '99' WHERE key = 'format'")
    for create in (False, True):
        with pytest.raises(StoreError, match=f"has format 99, this Segue reads formats up to {FORMAT}"):
            Store.open(f"sqlite:///{file}", create=create)


def _released(name: str) -> str:
    return (RELEASED / name).read_text()


def _restored(dump: Path, folder: Path) -> Path:
    file = folder / "crm.db"
    with sqlite3.connect(file) as raw:
        raw.executescript(dump.read_text())
    return file


def _dumped(file: Path) -> list[str]:
    with sqlite3.connect(file) as raw:
        return list(raw.iterdump())


def _shape_of_a_new_store(like: Connection) -> dict[str, object]:
    if like.dialect.name == "sqlite":
        with create_engine("sqlite://").begin() as new:
            metadata.create_all(new)
            return _shape(new)
    like.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    metadata.create_all(like)
    return _shape(like)


def _shape(connection: Connection) -> dict[str, object]:
    """Columns, keys and indexes of our own tables, as the database tells them; columns in no order."""
    look = inspect(connection)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in look.get_columns(name)),
            look.get_pk_constraint(name)["constrained_columns"],
            sorted((i["name"], i["column_names"], bool(i["unique"])) for i in look.get_indexes(name)),
        )
        for name in look.get_table_names()
        if name.startswith("segue_")
    }
