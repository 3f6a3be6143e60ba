"""A disk that fails, fills up or takes the process with it at any write of the store or of a mail (strace injects it):
the worker ends with words, the store is sound, and the next run comes to what an undisturbed one does."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runtime.store import inbox
from runtime.store.store import Store
from segue.main import main
from tests.runtime.engine.crash_child import RULES, rows
from tests.runtime.engine.harness import PROJECT, SCHEMA, TEMPLATES, compiled
from tests.runtime.engine.test_crash import SHORT, delivered, figures

_RUN = ["run", "--until", SHORT]


def made(folder: Path) -> Path:
    """A project whose people wait in its store."""
    (folder / "rules").mkdir()
    templates = [text for name, text in TEMPLATES.items() if f"send {name}" in RULES]
    (folder / "rules/a.segue").write_text("\n".join([RULES, *templates]))
    (folder / "schema.yaml").write_text(SCHEMA)
    (folder / "segue.yaml").write_text(PROJECT.replace("path: outbox", "path: mail"))
    url = f"sqlite:///{folder / 'crm.db'}"
    with Store.create(url, compiled(RULES).schema) as store, store.session() as session, session.transaction():
        inbox.put(session, rows())
        session.run("UPDATE segue_meta SET value = 'crashtest' WHERE key = 'store_id'")
    return folder


def fails(folder: Path, *fault: str) -> subprocess.CompletedProcess[str]:
    """A worker to which the fault happens."""
    command = ["strace", "-f", *fault, sys.executable, "-m", "segue", *_RUN]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def works(folder: Path) -> None:
    """A worker on a sound disk, in this process."""
    assert main([*_RUN, "--project", str(folder)]) == 0


def result(folder: Path) -> tuple[dict[str, Counter], Counter]:
    with closing(sqlite3.connect(folder / "crm.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return figures(folder), delivered(folder)


@cache
def undisturbed() -> tuple[dict[str, Counter], Counter]:
    with TemporaryDirectory() as folder:
        works(made(Path(folder)))
        return result(Path(folder))


@cache
def injects() -> bool:
    """Whether strace is here and may trace."""
    found = shutil.which("strace")
    tried = found and subprocess.run([found, "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return bool(tried) and tried.returncode == 0


# The fault, and its words; of SIGKILL nothing can be said.
FAULTS = [
    # The first four are the mail folder's own names, the fifth is the one of the log.
    ("fsync:error=EIO:when={}", (2,), "could not make the mail folder"),
    ("fsync:error=EIO:when={}", (5,), "crm.db failed"),
    ("fsync:error=ENOSPC:when={}", (7,), "could not write the messages: No space left"),
    ("fsync:error=EIO:when={}", (9,), "could not publish 1 messages: Input/output error"),
    ("rename:error=EIO:when={}", (1,), "could not publish 1 messages: Input/output error"),
    ("fdatasync:error=EIO:when={}", (6,), "crm.db failed"),
    ("pwrite64:error=EIO:when={}", (3, 40), "crm.db failed"),
    ("pwrite64:error=ENOSPC:when={}+", (60,), "crm.db is full"),
    # Too early for SQLite to say more than that a write failed.
    ("pwrite64:error=ENOSPC:when={}+", (5,), "crm.db failed"),
    ("pwrite64:signal=SIGKILL:when={}", (80,), ""),
]


@pytest.mark.parametrize(
    ("fault", "words"), [(fault.format(number), words) for fault, numbers, words in FAULTS for number in numbers]
)
def test_a_disk_that_fails_at_a_write(tmp_path: Path, fault: str, words: str) -> None:
    if not injects():
        pytest.skip("strace is not installed, or may not trace here")
    folder = made(tmp_path)
    calls = fault.partition(":")[0]
    quickly = ["--seccomp-bpf"] if words else []  # which injects no signals
    ended = fails(folder, *quickly, "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={fault}")
    if words:
        assert (ended.returncode, words in ended.stderr, "Traceback" in ended.stderr) == (2, True, False), ended.stderr
    else:
        assert ended.returncode in (-9, 137)
    works(folder)
    assert result(folder) == undisturbed()


@pytest.mark.parametrize("file", ["", "/crm.db"])
def test_a_failure_that_costs_nothing_ends_nothing(tmp_path: Path, file: str) -> None:
    """SQLite ignores it where the folder of a new log cannot be synced (the worker does that itself) and where its log
    cannot be moved into the file: the log holds it all."""
    if not injects():
        pytest.skip("strace is not installed, or may not trace here")
    folder = made(tmp_path)
    only = ["-P", f"{folder}{file}", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"]
    ended = fails(folder, "-o", str(tmp_path / "log"), *only)
    assert ended.returncode == 0, ended.stderr
    assert "INJECTED" in (tmp_path / "log").read_text()
    assert result(folder) == undisturbed()
    works(folder)
    assert result(folder) == undisturbed()
