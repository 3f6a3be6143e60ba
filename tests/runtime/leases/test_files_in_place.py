"""A store's file that is replaced, taken away or written over while a worker has it open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runtime.errors import LeaseLost
from tests.runtime.engine.harness import World
from tests.runtime.leases.journey import RULES


@pytest.mark.parametrize("then", ["put back", "deleted"])
def test_a_worker_whose_file_was_replaced_writes_nothing_and_no_mail_leaves(tmp_path: Path, then: str) -> None:
    """What it wrote into the old file nobody would ever read, and the new one would send the same mails again."""
    file = tmp_path / "crm.db"
    world = World(RULES, f"sqlite:///{file}").contact("ann", at="03-02 10:00", plan="trial").run_to("03-02 08:00")
    backup = tmp_path / "backup.db"
    with sqlite3.connect(file) as one, sqlite3.connect(backup) as other:
        one.backup(other)
    if then == "put back":
        backup.rename(file)
    else:
        file.unlink()
    with pytest.raises(LeaseLost, match=r"crm\.db is gone, or another file was put in its place") as caught:
        world.run_to("03-05 12:00")
    assert caught.value.hint.startswith("nothing was written since; start the worker again")
    assert not world.channel.sent
    world.close()
    if then == "put back":
        world = World(RULES, f"sqlite:///{file}", ready=True).run_to("03-05 12:00")
        assert len(world.channel.sent) == 2
        world.close()


@pytest.mark.parametrize("with_", ["an older state", "another store", "no store"])
def test_a_worker_whose_file_was_written_over_ends_at_its_next_tick(tmp_path: Path, with_: str) -> None:
    """`cp backup.db crm.db` beside a worker: same file, and its log belongs to what was there."""
    file, backup = tmp_path / "crm.db", tmp_path / "backup.db"
    world = World(RULES, f"sqlite:///{file}").contact("ann", at="03-02 10:00", plan="trial").run_to("03-02 08:00")
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(backup)) as other:
        one.backup(other)
    world.run_to("03-02 09:00")
    with closing(sqlite3.connect(file)) as one:
        one.execute("PRAGMA wal_checkpoint(PASSIVE)")
    world.run_to("03-02 09:10")  # no harm: the log alone was written into the file
    if with_ == "another store":
        with closing(sqlite3.connect(backup, isolation_level=None)) as other:
            other.execute("UPDATE segue_meta SET value = 'x' WHERE key = 'store_id'")
            other.execute("UPDATE segue_meta SET value = '9000000000000000' WHERE key = 'clock'")
    file.write_bytes(backup.read_bytes() if with_ != "no store" else b"a letter\n" * 5000)
    with pytest.raises(LeaseLost, match=r"crm\.db was written over while this worker ran") as caught:
        world.run_to("03-05 12:00")
    assert "remove crm.db-wal and crm.db-shm, and put the backup there once more" in caught.value.hint
    assert not world.channel.sent
    world.engine.close()
    world.store.close()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    if with_ == "an older state":
        file.write_bytes(backup.read_bytes())
        world = World(RULES, f"sqlite:///{file}", ready=True).run_to("03-05 12:00")
        assert len(world.channel.sent) == 2
        world.close()
