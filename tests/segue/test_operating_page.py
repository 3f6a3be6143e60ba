"""A worker in service, and the linter's baseline: the commands of both pages are typed and say what stands below them.

What differs between projects (numbers, names, paths) is masked; of tables the heads are compared."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from runtime.project.loading import load_settings, open_store
from runtime.store.store import FORMAT
from runtime.store.worker import only_worker

from .conftest import Segue
from .test_pages import ROOT, Typed, steps

OPERATING, LINTER = "docs/operating.md", "docs/linter.md"
RELEASED = ROOT / "tests" / "runtime" / "store" / "released"
CHANGES = (
    "state = 'deferred', settled_at = NULL, attempts = 2, reason = 'cap'",
    "state = 'refused', reason = 'suppressed'",
    "kind = 'webhook'",
)
_MASKED = re.compile(r"/\S+|(?<=process )\d+ on \S+|[\d.:-]*\d[\d.:-]*")


def shown(page: str) -> list[Typed]:
    return [step for step in steps(page) if isinstance(step, Typed)]


def answers(page: str, command: str) -> list[str]:
    """What stands below it, each time it is typed."""
    return [step.said for step in shown(page) if step.command == command]


def masked(text: str) -> set[str]:
    return {" ".join(_MASKED.sub("?", line).split()) for line in text.splitlines() if line.strip()}


def labels(text: str) -> Iterator[str]:
    """What stands before values, and the heads of tables; a table has three columns or more."""
    for block in text.strip().split("\n\n"):
        rows = [re.split(r"  +", line.strip()) for line in block.splitlines()]
        yield from (" ".join(rows[0]),) if len(rows[0]) > 2 else (row[0] for row in rows)


@contextmanager
def worker(project: Path) -> Iterator[None]:
    with open_store(load_settings(project)) as store, only_worker(store):
        yield


def test_before_the_first_start(segue: Segue) -> None:
    segue("init", ".")
    for command in ("segue check", "segue migrate", "segue plan"):
        told = segue(*shlex.split(command)[1:])
        assert told.code == 0, told.err
        assert masked(answers(OPERATING, command)[0]) <= masked(told.out + told.err), command


def test_a_second_worker_is_refused_in_the_words_of_the_page(segue: Segue, project: Path) -> None:
    with worker(project):
        told = segue("run")
    assert told.code == 2
    assert masked(told.err) == masked(answers(OPERATING, "segue run")[0])


def test_how_a_store_stands_and_what_waits(segue: Segue, ran: Path) -> None:
    """With a mail that was put off, one that was refused, a call, and a fact that no tick took in yet."""
    with closing(sqlite3.connect(ran / "crm.db")) as store, store:
        first = [row[0] for row in store.execute("SELECT rowid FROM segue_outbox ORDER BY rowid LIMIT 3")]
        for row, change in zip(first, CHANGES, strict=True):
            store.execute(f"UPDATE segue_outbox SET {change} WHERE rowid = ?", (row,))
    assert segue("enroll", "cleo@example.net", "trial_welcome", "--as", "mia").code == 0
    with worker(ran):
        for command in ("segue status", "segue outbox"):
            told = segue(*shlex.split(command)[1:])
            assert told.code == 0, told.err
            assert set(labels(answers(OPERATING, command)[0])) <= set(labels(told.out)), command


def test_an_upgrade_says_what_it_does(segue: Segue, tmp_path: Path) -> None:
    """From the store that the release before this one left."""
    segue("init", ".")
    shutil.copy(RELEASED / "schema.yaml", "schema.yaml")
    with closing(sqlite3.connect(tmp_path / "crm.db")) as store:
        store.executescript((RELEASED / f"format_{FORMAT - 1}.sql").read_text("utf-8"))
    for command in ("segue migrate --dry-run", "segue migrate"):
        told = segue(*shlex.split(command)[1:])
        assert told.code == 0 and told.out == answers(OPERATING, command)[-1]


def test_nothing_is_over_for_long_enough(segue: Segue, ran: Path) -> None:
    with Path("segue.yaml").open("a") as settings:
        settings.write("retention: {events: 2 years, outbox: 1 year}\n")
    told = segue("vacuum", "--dry-run")
    assert told.code == 0 and masked(told.err + told.out) == masked(answers(OPERATING, "segue vacuum --dry-run")[0])


def test_the_linter_writes_a_baseline_and_leaves_it_out(segue: Segue) -> None:
    segue("init", ".")
    Path("rules/old.segue").write_text(
        "".join(f"segment {name} of contact {{ plan = paid }}\n" for name in ("one", "two", "three"))
    )
    for step in shown(LINTER):
        told = segue(*shlex.split(step.command)[1:])
        assert told.code == 0 and masked(told.out + told.err) == masked(step.said), step.command


def test_each_example_is_typed() -> None:
    here = {"segue check", "segue plan", "segue run", "segue status", "segue outbox", "segue vacuum --dry-run"}
    here |= {"segue migrate", "segue migrate --dry-run"}
    by_hand = {'sqlite3 crm.db ".backup crm-backup.db"'}  # tests/segue/test_backups.py
    assert {step.command for step in shown(OPERATING)} == here | by_hand
