"""What a pass gathers does not stay in memory, and the worker keeps the pages in which it looks things up (0021)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store.store import Store
from tests.runtime.engine.harness import compiled

ROWS, LONG = 100_000, "x" * 300  # together more than is kept in memory


def _temporary() -> list[int]:
    """The sizes of the files without a name that SQLite has open."""
    sizes = []
    for open_ in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # one is that of the listing itself
            if "etilqs" in str(open_.readlink()):
                sizes.append(os.fstat(int(open_.name)).st_size)
    return sizes


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells open files by /proc")
def test_what_is_much_goes_to_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    program = compiled("")
    with Store.create(url, program.schema) as store:
        engine = Engine(store, program, MemoryChannel())
        before = sum(_temporary())
        engine.session.run(
            "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :rows)"
            " INSERT INTO chosen SELECT x % 256, x, :long, '' FROM n",
            rows=ROWS,
            long=LONG,
        )
        assert sum(_temporary()) - before > 1_000_000
        engine.session.run("DELETE FROM chosen")
        engine.close()


def test_a_worker_maps_no_pages_and_a_reader_does(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    program = compiled("")
    with Store.create(url, program.schema) as store, store.session() as reader:
        engine = Engine(store, program, MemoryChannel())
        engine.go_live(0)
        assert (engine.session.one("PRAGMA mmap_size"), reader.one("PRAGMA mmap_size") > 0) == (0, True)
        engine.close()
