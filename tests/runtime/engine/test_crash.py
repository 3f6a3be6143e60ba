"""Killed at any moment and run again: the same figures, no message twice, none lost (architecture, "The engine" 4)."""

from __future__ import annotations

import email
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.processes import PROCESSES
from tests.runtime.engine import crash_child
from tests.runtime.engine.crash_child import END
from tests.runtime.engine.figures import FIGURES

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SHORT = "2026-03-06T12:00"


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: processes are killed here, not machines."""
    with TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


def run(folder: Path, end: str = END, point: str | None = None, number: int = 0) -> int:
    """A process that works to the end, or to its own; its exit code."""
    process = PROCESSES.Process(target=crash_child.work, args=(folder, end, point, number))
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def run_and_kill(folder: Path, delay: float, by: signal.Signals = signal.SIGKILL) -> bool:
    """A process killed `delay` seconds after it began to work; whether it was still at work."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=crash_child.work, args=(folder, END, None, 0, there))
    process.start()
    here.recv()
    process.join(delay)
    if process.is_alive():
        os.kill(process.pid, by)
    process.join(60)
    assert process.exitcode in (0, -by, crash_child.INTERRUPTED)
    return process.exitcode != 0


def figures(folder: Path) -> dict[str, Counter]:
    """All that came of it, without ids that depend on the order of work."""
    with closing(sqlite3.connect(folder / "crm.db")) as store:
        return {name: Counter(store.execute(sql).fetchall()) for name, sql in FIGURES.items()}


def delivered(folder: Path) -> Counter:
    """(recipient, definition, template, nr) of every file; each file is one mail of the outbox and says so."""
    with closing(sqlite3.connect(folder / "crm.db")) as store:
        known = {
            key: rest
            for key, *rest in store.execute(
                "SELECT o.key, o.address, d.name, o.template, e.nr FROM segue_outbox o JOIN"
                " segue_definition d ON d.id = o.definition_id"
                " JOIN segue_enrollment e ON e.bucket = o.bucket AND e.id = o.enrollment_id WHERE o.state = 'sent'"
            )
        }
    files = [f for name in ("new", "cur") for f in (folder / "mail" / name).iterdir()]
    ids = []
    for file in files:
        message = email.message_from_bytes(file.read_bytes())
        ids.append(message["Message-ID"])
        assert message["Message-ID"].startswith(f"<{file.name}@")
        assert known[file.name][0] in message["To"]
    assert len(set(ids)) == len(ids) == len(known)
    assert list((folder / "mail" / "tmp").iterdir()) == []
    return Counter(tuple(known[file.name]) for file in files)


@lru_cache
def undisturbed(end: str) -> tuple[dict[str, Counter], Counter]:
    with TemporaryDirectory(dir=MEMORY) as folder:
        assert run(Path(folder), end) == 0
        return figures(Path(folder)), delivered(Path(folder))


def same(folder: Path, end: str = END) -> None:
    wanted, mails = undisturbed(end)
    found = figures(folder)
    for name in FIGURES:
        lost, extra = wanted[name] - found[name], found[name] - wanted[name]
        assert not lost and not extra, f"{name}: lost {list(lost)[:5]}, too many {list(extra)[:5]}"
    assert delivered(folder) == mails
    assert set(mails.values()) == {1}


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random_moments_it_ends_with_the_same_figures(folder: Path, seed: int) -> None:
    """SIGKILL, five times with each of four seeds; a run that ended before its time is done anew on a new store."""
    rng, number, kills, tries = Random(seed), 0, 0, 0
    undisturbed(END)
    while kills < 5 and tries < 25:
        tries += 1
        if run_and_kill(folder, rng.random() * 0.4):
            kills += 1
            continue
        same(folder)
        number += 1
        folder = folder / str(number)  # a new store, inside the old one's folder
        folder.mkdir()
    assert run(folder) == 0
    same(folder)
    assert kills == 5, f"{tries} runs ended before they were killed"


@pytest.mark.parametrize("seed", range(3))
def test_interrupted_at_random_moments_it_ends_with_the_same_figures(folder: Path, seed: int) -> None:
    """Ctrl-C: the process unwinds; what it had begun is undone or taken up by the next one."""
    rng = Random(f"interrupt {seed}")
    for _ in range(3):
        run_and_kill(folder, rng.random() * 0.35, signal.SIGINT)
    assert run(folder) == 0
    same(folder)


POINTS = [(point, number) for point in ("commit", "committed") for number in range(1, 8)]
POINTS += [(point, number) for point in ("stage", "publish") for number in (1, 2)]


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_ended_at_every_point_of_a_dispatch(folder: Path, point: str, number: int) -> None:
    """Before and after each commit of going live and of the first dispatches, after staging, after publishing."""
    assert run(folder, SHORT, point, number) == 9
    assert run(folder, SHORT) == 0
    same(folder, SHORT)


def test_ended_at_each_point_of_its_own_recovery(folder: Path) -> None:
    """A crash in the recovery from a crash, again and again."""
    for point in ("publish", "commit", "stage", "committed", "publish"):
        for number in (1, 2):
            assert run(folder, SHORT, point, number) in (0, 9)
    assert run(folder, SHORT) == 0
    same(folder, SHORT)


@pytest.mark.parametrize(("point", "number"), [("publish", 1), ("publish", 2), ("stage", 1)])
def test_a_mail_program_that_took_the_mails_before_they_were_settled(folder: Path, point: str, number: int) -> None:
    """Killed between the new name of a file and the commit that knows of it, and the file deleted: it may have gone, so
    it is never sent again (architecture 4). What was only staged goes."""
    wanted, mails = undisturbed(SHORT)
    assert run(folder, SHORT, point, number) == 9
    taken = [file.name for file in (folder / "mail" / "new").iterdir()]
    for name in taken:
        (folder / "mail" / "new" / name).unlink()
    assert run(folder, SHORT) == 0
    left = [file.name for file in (folder / "mail" / "new").iterdir()]
    assert not set(taken) & set(left) and len(taken) == number - (point == "stage")
    assert len(taken) + len(left) == mails.total()
    with closing(sqlite3.connect(folder / "crm.db")) as store:
        states = Counter(store.execute("SELECT key, state FROM segue_outbox WHERE state IN ('sent', 'unknown')"))
    unknown = {key for key, state in states if state == "unknown"}
    assert unknown <= set(taken) and len(unknown) == (point == "publish")
    assert figures(folder)["enrollments"] == wanted["enrollments"]


@pytest.mark.parametrize(("point", "number"), [("stage", 2), ("publish", 2), ("committed", 5)])
def test_a_backup_made_in_the_middle_of_a_dispatch_is_put_back(folder: Path, point: str, number: int) -> None:
    """What went after the backup lies in the mail folder under its key: it is not written again."""
    assert run(folder, SHORT, point, number) == 9
    backup = [(folder / name, (folder / name).read_bytes()) for name in ("crm.db", "crm.db-wal")]
    assert run(folder, SHORT) == 0
    went = {file: file.stat().st_mtime_ns for file in (folder / "mail" / "new").iterdir()}
    for file, content in backup:
        file.write_bytes(content)
    assert run(folder, SHORT) == 0
    same(folder, SHORT)
    assert {file: file.stat().st_mtime_ns for file in (folder / "mail" / "new").iterdir()} == went
