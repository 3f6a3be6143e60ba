"""run and plan: clocks, locks, what is told of it."""

import sqlite3
from pathlib import Path
from typing import cast

import pytest

from dsl.diagnostics import Severity
from dsl.program import conditions
from runtime.project import loading as projects
from runtime.project import unrun
from runtime.service.orders import Order
from runtime.service.running import run as run_project
from runtime.store.worker import only_worker

from .conftest import Segue


def test_a_month_of_virtual_time(segue: Segue, project: Path) -> None:
    told = segue("run", "--until", "2026-04-01")
    assert told.code == 0
    assert told.lines == [
        "definition              entered  ended  refused entry  mails sent  mails refused  tasks  notes",
        "sequence trial_welcome        3      0              0           6              0      3      0",
    ]
    assert "new: sequence trial_welcome" in told.err and "2026-04-01 00:00 Europe/Berlin" in told.err
    assert len(list((project / "outbox/new").iterdir())) == 6


def test_json_of_a_run(segue: Segue, project: Path) -> None:
    found = segue("run", "--until", "2026-04-01", "--json").json
    assert found["total"]["sent"] == 6 and found["done"]["sequence trial_welcome"]["entered"] == 3
    assert found["ended_at"] == "2026-04-01T00:00:00+02:00" and found["began_at"] is None


def test_it_begins_at_the_midnight_before_the_first_fact(segue: Segue, project: Path) -> None:
    segue("run", "--until", "2026-03-02 05:00")
    assert segue("status", "--json").json["definitions"][0]["since"] == "2026-03-02T00:00:00+01:00"


def test_from_says_where_it_begins(segue: Segue, project: Path) -> None:
    told = segue("run", "--from", "2026-03-03", "--until", "+12 hours", "--json")
    assert told.json["ended_at"] == "2026-03-03T12:00:00+01:00"
    again = segue("run", "--from", "2026-03-03", "--until", "+1 day")
    assert again.code == 2 and "leave `--from` out" in again.err


def test_a_run_in_two_halves_is_the_same(segue: Segue, project: Path) -> None:
    first = segue("run", "--until", "2026-03-04 10:00", "--json").json["total"]
    second = segue("run", "--until", "2026-04-01", "--json").json["total"]
    assert first["sent"] + second["sent"] == 6 and first["entered"] + second["entered"] == 3
    assert first["sent"] == 3


def test_once_works_one_instant(segue: Segue, project: Path) -> None:
    found = segue("run", "--clock", "virtual", "--once", "--json").json
    assert found["instants"] == 1 and found["ended_at"] == "2026-03-02T10:00:00+01:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--until", "tomorrow"), "`tomorrow` is no date"),
        (("--until", "2026-13-01"), "is no date"),
        (("--clock", "virtual"), "virtual time needs an end"),
        (("--until", "2020-01-01"), "before the store's clock"),
        (("--clock", "lunar"), "lunar"),
        (("--clock", "real", "--from", "2026-01-01", "--once"), "`--from` is for the virtual clock"),
    ],
)
def test_what_cannot_be_run(segue: Segue, project: Path, arguments: tuple[str, ...], words: str) -> None:
    told = segue("run", *arguments)
    assert told.code == 2 and words in told.err and told.out == "" and "Traceback" not in told.err


def test_an_empty_store_has_no_beginning(segue: Segue) -> None:
    segue("init")
    segue("migrate")
    told = segue("run", "--until", "2026-04-01")
    assert told.code == 2 and "--from" in told.err


def test_a_store_keeps_its_kind_of_clock(segue: Segue, ran: Path) -> None:
    told = segue("run", "--clock", "real", "--once")
    assert told.code == 2 and "virtual clock since its first run" in told.err
    assert segue("run", "--until", "+1 day").code == 0


def test_the_real_clock(segue: Segue, project: Path) -> None:
    loaded = projects.load(project)
    now = 1_772_445_600_000_000  # 2026-03-02 10:00 UTC

    def sleep(seconds: float) -> None:
        nonlocal now
        assert 0 < seconds <= 60
        now += int(seconds * 1_000_000)
        if now > 1_772_445_600_000_000 + 5 * 60_000_000:
            raise KeyboardInterrupt

    with projects.open_store(loaded) as store:
        outcome = run_project(loaded, store, projects.open_channel(loaded), Order(), now=lambda: now, sleep=sleep)
    assert outcome.clock == "real" and isinstance(outcome.interrupted, KeyboardInterrupt)
    assert outcome.ended_at == 1_772_445_600_000_000 + 5 * 60_000_000
    assert segue("run", "--until", "2026-04-01", "--clock", "virtual").code == 2


def test_one_worker_at_a_time(segue: Segue, project: Path) -> None:
    loaded = projects.load(project)
    with projects.open_store(loaded) as store, only_worker(store):
        told = segue("run", "--until", "2026-04-01")
        assert told.code == 2 and "another worker runs on" in told.err and "process " in told.err
        assert "process " in segue("status", "--json").json["worker"]
        assert "no worker runs" not in segue("import", "people.csv", "--map", "people.map.yaml").err
    assert segue("run", "--until", "2026-04-01").code == 0


def test_a_locked_store(segue: Segue, project: Path) -> None:
    other = sqlite3.connect(project / "crm.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        told = segue("run", "--until", "2026-04-01")
    finally:
        other.close()
    assert told.code == 2 and "locked by another process" in told.err


def test_broken_rules_are_shown(segue: Segue, project: Path) -> None:
    (project / "rules/broken.segue").write_text("segment a of contact { plan = trail }\n")
    told = segue("run", "--until", "2026-04-01")
    assert told.code == 2 and told.out == "" and "rules/broken.segue:1:31" in told.err


def test_a_crowd_needs_a_word(segue: Segue, project: Path) -> None:
    with (project / "segue.yaml").open("a") as file:
        file.write("limits:\n  enroll_at_once: 1\n")
    rows = "".join(f"{i},p{i}@example.net,P,Q,trial,2026-03-02\n" for i in range(20, 30))
    (project / "more.csv").write_text("id,email,first_name,last_name,plan,signed_up\n" + rows)
    segue("import", "more.csv", "--map", "people.map.yaml", "--live")
    planned = segue("plan", "--until", "2026-03-03")
    assert planned.code == 0 and "would take in 11 at once" in planned.err
    told = segue("run", "--until", "2026-04-01")
    assert told.code == 2 and "would enroll 11 records at once" in told.err and "--confirm trial_welcome" in told.err
    told = segue("run", "--until", "2026-04-01", "--confirm", "trial_welcom")
    assert told.code == 2 and "did you mean `trial_welcome`?" in told.err
    assert segue("run", "--until", "2026-04-01", "--confirm", "trial_welcome").code == 0


def test_what_is_not_run_yet_is_said(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By run, plan and status, in words and as JSON; everything else runs."""
    monkeypatch.setitem(cast("dict[type, str]", unrun.PARTS), conditions.Matches, "a pattern")
    later = """segment odd of contact { email matches "^x" }
dashboard team { reports: odd_ones }
report odd_ones of contact { where: in segment odd  measure: count }
"""
    (project / "rules/later.segue").write_text(later)
    told = segue("run", "--until", "2026-03-02")
    assert told.code == 0, told.err
    words = [
        "rules/later.segue:1: segment odd holds a pattern, which the engine does not run yet",
        "rules/later.segue:2: dashboard team names report odd_ones, which is left out",
        "rules/later.segue:3: report odd_ones names segment odd, which is left out",
    ]
    assert all(word in told.err for word in words), told.err
    assert segue("run", "--until", "2026-03-03", "--json").json["not_run"] == words
    assert segue("plan", "--json").json["not_run"] == words
    assert all(word in segue("status").out for word in words)
    assert segue("status", "--json").json["not_run"] == words


def dump(path: Path) -> list[str]:
    return list(sqlite3.connect(path).iterdump())


def test_plan_writes_nothing(segue: Segue, project: Path) -> None:
    before = dump(project / "crm.db")
    told = segue("plan", "--until", "2026-04-01")
    assert dump(project / "crm.db") == before and not (project / "outbox").exists()
    assert "Would enter: 3" in told.lines and "Would be mailed: 6" in told.lines and "Would be tasks: 3" in told.lines


def test_plan_foretells_the_run(segue: Segue, project: Path) -> None:
    planned = segue("plan", "--until", "2026-04-01", "--json").json
    done = segue("run", "--until", "2026-04-01", "--json").json["total"]
    assert [len(planned[k]) for k in ("entering", "mails", "tasks")] == [done[k] for k in ("entered", "sent", "tasks")]
    assert {c["what"] for c in planned["changes"]} == {"new"}
    assert {p["contact"] for p in planned["entering"]} == {"Ann Larsen", "Bo Wong", "田中 英司"}


def test_plan_tells_edits(segue: Segue, ran: Path) -> None:
    path = ran / "rules/trials.segue"
    path.write_text(path.read_text().replace("3 business days", "4 business days").replace("14 days", "15 days"))
    changes = segue("plan", "--json").json["changes"]
    assert changes == [
        {"name": "segment new_trials", "what": "edited"},
        {"name": "sequence trial_welcome", "what": "steps edited"},
    ]
    path.write_text(path.read_text().replace('"Trial welcome"', '"Welcome"').replace("4 business", "3 business"))
    assert [c["name"] for c in segue("plan", "--json").json["changes"]] == ["segment new_trials"]


def test_plan_tells_edited_letters(segue: Segue, ran: Path) -> None:
    """They are read live (X26): who is inside gets the new words."""
    path = ran / "rules/letters.segue"
    path.write_text(path.read_text().replace("did you get along?", "all well?").replace('"Welcome"', '"Hello"'))
    assert segue("plan", "--json").json["changes"] == [{"name": "template how_is_it_going", "what": "edited"}]
    assert segue("run", "--until", "+1 day").code == 0
    assert segue("plan", "--json").json["changes"] == []


def test_a_letter_that_someone_inside_needs(segue: Segue, project: Path) -> None:
    """What the hint says is so: put back, ended, gone (X26)."""
    assert segue("run", "--until", "2026-03-03").code == 0
    rules, letters = project / "rules/trials.segue", project / "rules/letters.segue"
    before = rules.read_text(), letters.read_text()
    rules.write_text(before[0].replace("how_is_it_going", "again"))
    letters.write_text(before[1].replace("template how_is_it_going", "template again"))
    told = segue("run", "--until", "+1 day")
    assert told.code == 2 and "template `how_is_it_going` is gone" in told.err and "put it back; it can go" in told.err
    assert segue("enrollments", "trial_welcome", "--unenroll", "--as", "mia").code == 0
    rules.write_text(before[0])
    letters.write_text(before[1])
    assert segue("run", "--until", "2026-03-03 06:00").code == 0
    rules.write_text(before[0].replace("how_is_it_going", "again"))
    letters.write_text(before[1].replace("template how_is_it_going", "template again"))
    assert segue("run", "--until", "2026-03-06").code == 0


def test_existing_leaves_nobody_to_be_told_of(segue: Segue, project: Path) -> None:
    """Dana's goal is met: refused, which is another reason than having matched already (X1, X6)."""
    path = project / "rules/trials.segue"
    text = path.read_text().replace("  goal:", "  existing: enroll\n  goal:").replace("plan = trial and", "")
    path.write_text(text)
    found = segue("plan", "--from", "2026-03-10", "--json").json
    assert found["already_true"] == 0 and [p["detail"] for p in found["refused"]] == ["goal_met"]
    path.write_text(text.replace("  existing: enroll\n", ""))
    assert segue("plan", "--from", "2026-03-10", "--json").json["already_true"] == 5


def test_nothing_to_plan(segue: Segue, ran: Path) -> None:
    assert segue("plan").lines == ["Nothing would happen."]


def test_a_starter_project_has_no_finding(segue: Segue, project: Path) -> None:
    assert [d for d in projects.load(project).remarks if d.severity is not Severity.INFO] == []
