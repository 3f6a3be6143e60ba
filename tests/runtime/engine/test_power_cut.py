"""The power goes, and with it what no sync has brought to the disk: the tail of the database's log, pages of a
checkpoint, names in the mail folder. What was mailed is known, nobody is mailed twice, nobody is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.runtime.engine import crash_child
from tests.runtime.engine.power import Call, Disk, traced
from tests.runtime.engine.test_crash import MEMORY, SHORT, run, same
from tests.runtime.engine.test_failing_disk import injects

_CUTS = int(os.environ.get("SEGUE_POWER_CUTS", "6"))
_WORK = "import sys, pathlib; from tests.runtime.engine import crash_child; crash_child.work(pathlib.Path({!r}), {!r})"


@pytest.fixture(scope="module")
def calls() -> Iterator[tuple[Path, list[Call]]]:
    """A folder with a store at its beginning, and all that a run did to the files of its like."""
    if not injects():
        pytest.skip("strace is not installed, or may not trace here")
    with TemporaryDirectory(dir=MEMORY) as made:
        first, played = Path(made) / "first", Path(made) / "played"
        first.mkdir()
        crash_child.made(first).close()
        shutil.copytree(first, played)
        found = traced(played, Path(made) / "log", [sys.executable, "-c", _WORK.format(str(played), SHORT)])
        shutil.rmtree(played)
        first.rename(played)  # under the name that the calls know
        yield played, found


def cuts(calls: list[Call], seed: str) -> list[int]:
    """After so many calls: some anywhere, more where something is made, moved or synced, one in the last checkpoint."""
    rng = Random(seed)
    others = [i + 1 for i, call in enumerate(calls) if call.what not in ("write", "append")]
    pages = [i + 1 for i, call in enumerate(calls) if call.what == "write" and call.path.endswith(".db")]
    return sorted(
        [
            *rng.choices(others, k=_CUTS // 2),
            *rng.choices(range(len(calls)), k=_CUTS // 3),
            *rng.choices(pages, k=_CUTS // 6),
        ]
    )


def seen(calls: list[Call]) -> set[str]:
    """Every key that a mail program may have seen."""
    return {Path(call.to).name for call in calls if call.what == "rename" and "/new/" in call.to}


def known(folder: Path) -> set[str]:
    """The keys that the store takes for gone, or for going; read from a copy, for reading is repairing."""
    with TemporaryDirectory(dir=MEMORY) as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        with closing(sqlite3.connect(f"{copy}/crm.db")) as store:
            assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return {key for (key,) in store.execute("SELECT key FROM segue_outbox WHERE state IN ('sending', 'sent')")}


@pytest.mark.parametrize("loss", [1.0, 0.5])
def test_after_a_power_cut_nobody_is_mailed_twice_and_nobody_lost(
    calls: tuple[Path, list[Call]], tmp_path: Path, loss: float
) -> None:
    folder, done = calls
    rng = Random(f"power {loss}")
    for cut in cuts(done, f"cuts {loss}"):
        with TemporaryDirectory(dir=MEMORY) as left:
            disk = Disk(folder)
            disk.play(done[:cut])
            disk.lose_power(Path(left), rng, loss)
            assert seen(done[:cut]) <= known(Path(left)), f"mails that the store does not know of after {cut} calls"
            assert run(Path(left), SHORT) == 0, f"after {cut} calls"
            same(Path(left), SHORT)
