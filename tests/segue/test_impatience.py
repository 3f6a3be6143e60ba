"""What somebody in a hurry types, and what their machine does to them: a sentence, what to do, the right exit code."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from .conftest import Segue
from .test_manners import PYTHON, environment

FAR = "+999999999999999 days"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("enroll", "3", "new_trials", "--as", "mia"), "`new_trials` is a segment, no sequence and no workflow"),
        (("enroll", "3", "segment new_trials", "--as", "mia"), "`segue segments new_trials` lists its members"),
        (("enroll", "3", "deal trial_welcome", "--as", "mia"), "there is no kind `deal`"),
        (("enroll", "3", "trial_welcome", "--as", "mia", "--at", FAR), f"`{FAR}` is too far ahead"),
        (("enroll", "\udcff", "trial_welcome", "--as", "mia"), "bytes that are no UTF-8"),
        (("enroll", "3", "x" * 200_000, "--as", "mia"), "x .."),
        (("run", "--until", "9999-12-31"), "`9999-12-31` is too far ahead: dates end with the year 9998"),
        (("init", "x" * 5_000), "File name too long\n  give it a shorter name"),
        (("fmt", "x" * 5_000), "File name too long"),
        (("help", "nobody"), "there is no verb `nobody`"),
        (("run", "once"), "`once`: `segue run` takes no more"),
        (("enrollments", "--limit", "99999999999999999999"), "must be 1,000,000,000 or less"),
        (("plan", "--most", "99999999999999999999"), "must be 1,000,000,000 or less"),
        (("plan", "--most", "ten"), "`--most` cannot be `ten`\n  write a whole number"),
        (("run", "--clock", "reel"), "`--clock` cannot be `reel`\n  did you mean `real`?"),
        (("plan", "--json=x"), "`--json` takes no value, and `x` is given"),
        (("run", "--untill", "2026-04-01"), "`segue run` has no option `--untill`\n  did you mean `--until`?"),
        (("run", "--", "--until", "2026-04-01"), "`--until` stands behind `--`, where no options are read"),
        (("run", "--until"), "`--until` takes a value"),
        (("run", "--until", "+1 day", "--until", "+2 days"), "`--until` is given twice"),
        (("import", "people.csv"), "`--map` is missing\n  see `segue import --help`"),
        (("playbook", "run", "x"), "RECORD is missing\n  see `segue playbook run --help`"),
        (("playbook", "list", "x"), "`x`: `segue playbook list` takes no more"),
        (("playbook", "resum", "1"), "`segue playbook` knows no `resum`\n  did you mean `resume`?"),
        (("hygiene", "--keep", "names.1"), "`--keep` takes 2 values"),
        (("run", "--until", "2026-04-01", "--as", ""), "`--as` names nobody"),
        (("enroll", "3", "trial_welcome", "--as", " "), "`--as` names nobody"),
    ],
)
def test_what_makes_no_sense_is_told(segue: Segue, project: Path, arguments: tuple[str, ...], words: str) -> None:
    told = segue(*arguments)
    assert (told.code, told.out) == (2, "") and words in told.err and "Traceback" not in told.err
    assert len(told.err) < 3_000
    assert segue("status", "--json").json["clock_at"] is None, "nothing was run"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("broadcast", "plan", "x"), "no broadcast is declared"),
        (("hygiene", "x"), "no hygiene is declared"),
        (("dashboard", "x"), "no dashboard is declared"),
        (("form", "show", "x"), "no form is declared"),
        (("playbook", "run", "x", "1"), "no playbook is declared"),
        (("snippet", "show", "#x"), "no snippet is declared"),
        (("ticket", "show", "x"), "name a ticket by id (#123) or external id"),
        (("segments", "x"), "known here: new_trials"),
        (("report", "--company", "x"), "say its name, its external id or its id (#123)"),
        (("run", "--stop", "x", "--until", "+1 day"), "known here: trial_welcome"),
    ],
)
def test_an_unknown_name_is_told_with_what_to_do(
    segue: Segue, ran: Path, arguments: tuple[str, ...], words: str
) -> None:
    told = segue(*arguments)
    assert told.code == 2 and told.err.splitlines()[0].startswith("segue: there is no") and words in told.err


def test_another_programs_database_is_left_alone(segue: Segue, project: Path) -> None:
    (project / "crm.db").unlink()
    with sqlite3.connect(project / "crm.db") as other:
        other.execute("CREATE TABLE contact (name)")
    for verb in (("migrate", "--dry-run"), ("migrate",)):
        told = segue(*verb)
        assert told.code == 2 and "holds another program's tables: contact" in told.err
    with sqlite3.connect(project / "crm.db") as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("contact",)]


def test_rules_that_cannot_be_read_are_not_taken_for_gone(
    segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their people would be let go. (Whoever runs the tests may read every folder, so the reading of one fails.)"""
    real = os.scandir

    def denied(path: str) -> object:
        if Path(path).name == "rules":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr("os.scandir", denied)
    for verb in (("check",), ("run", "--until", "2026-04-01")):
        told = segue(*verb)
        assert told.code == 2 and "the folder rules cannot be read: Permission denied" in told.err


@pytest.mark.parametrize("verb", ["status", "enrollments", "report", "segments", "outbox", "tasks", "plan"])
def test_every_list_is_json(segue: Segue, ran: Path, verb: str) -> None:
    assert segue(verb, "--json").json is not None


@pytest.mark.parametrize("verb", ["status", "plan"])
def test_nobody_listens(segue: Segue, ran: Path, verb: str) -> None:
    """The output is closed, full, or its reader gone."""
    for end, code in ((">&-", 0), ("> /dev/full", 2)):
        command = f"{' '.join(PYTHON)} {verb} --json {end}"
        done = subprocess.run(
            command, shell=True, cwd=ran, env=environment(ran.parent), stderr=subprocess.PIPE, text=True
        )
        assert "Traceback" not in done.stderr and "fault of Segue" not in done.stderr, done.stderr
        assert done.returncode == code, (end, done)
