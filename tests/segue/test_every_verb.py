"""Every verb that writes, by who may not: nothing but the log of the refusal is written, and it is told in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.tui.shop import made_shop, sums

from .conftest import Segue


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    made_shop(tmp_path / "shop")
    return tmp_path / "shop"


_BY_VIEWER: tuple[tuple[str, ...], ...] = (
    ("enroll", "person1", "tasting_follow_up", "--as", "grace"),
    ("enrollments", "welcome", "--pause"),
    ("enrollments", "welcome", "--resume"),
    ("enrollments", "welcome", "--unenroll"),
    ("tasks", "--done", "TASK"),
    ("tasks", "--skip", "TASK"),
    ("outbox", "--sent", "MESSAGE"),
    ("outbox", "--refused", "MESSAGE"),
    ("note", "add", "person0", "--text", "hello"),
    ("deal", "move", "D1", "won"),
    ("deal", "close", "D1", "--stage", "lost"),
    ("deal", "assign", "D1", "zofia"),
    ("deal", "set", "D1", "name=Other"),
    ("deal", "create", "--set", "name=New"),
    ("ticket", "create", "--set", "subject=New"),
    ("playbook", "run", "tasting_call", "person0", "--answer", "cups=3", "--outcome", "reached"),
    ("playbook", "edit", "TALK", "--answer", "cups=9"),
    ("form", "submit", "tasting_form", "--answer", "email=x@y.example", "--answer", "name=X"),
    ("playbook", "run", "tasting_call", "person0", "--draft", "--answer", "cups=3"),
    ("survey", "invite", "recommend", "person0"),
    ("hygiene", "--keep", "tickets.1", "TICKET"),
    ("hygiene", "tickets.1", "--fix"),
    ("import", "people.csv", "--map", "people.map.yaml"),
    ("delete", "contact", "person0", "--yes"),
    ("run", "--until", "+1 hour"),
    ("migrate",),
    ("segments", "rebuild"),
)
# What is somebody else's, or takes an operator.
_BY_REP = (
    ("enrollments", "welcome", "--pause"),
    ("enrollments", "welcome", "--unenroll"),
    ("tasks", "--done", "TASK"),
    ("outbox", "--sent", "MESSAGE"),
    ("deal", "move", "D1", "won"),
    ("deal", "assign", "D1", "marek"),
    ("deal", "set", "D1", "name=Other"),
    ("playbook", "edit", "TALK", "--answer", "cups=9"),
    ("hygiene", "tickets.1", "--fix"),
    ("import", "people.csv", "--map", "people.map.yaml"),
    ("delete", "contact", "person0", "--yes"),
    ("run", "--until", "+1 hour"),
)


# What is wrong besides: whose role is too low need not mend it first.
_WRONG_BESIDES = (
    ("note", "add", "person0"),
    ("deal", "move", "D1", "nowhere"),
    ("deal", "close", "D1"),
    ("deal", "assign", "D1", "nobody"),
    ("deal", "set", "D1"),
    ("deal", "set", "D1", "nothing=1"),
    ("deal", "create", "--set", "nothing=1"),
    ("ticket", "create", "--pipeline", "nothing"),
    ("playbook", "run", "tasting_call", "person0", "--answer", "nothing=3"),
    ("playbook", "run", "tasting_call", "person0", "--draft", "--answer", "nothing=3"),
    ("playbook", "edit", "TALK", "--answer", "nothing=9"),
    ("form", "submit", "tasting_form", "--answer", "nothing=9"),
    ("survey", "answer", "TOKEN"),
)


@pytest.mark.parametrize(
    ("user", "role", "verbs"),
    [("grace", "viewer", _BY_VIEWER), ("grace", "viewer", _WRONG_BESIDES), ("marek", "rep", _BY_REP)],
    ids=["viewer", "viewer, wrong besides", "rep"],
)
def test_who_may_not_writes_nothing_by_any_verb(
    segue: Segue, shop: Path, monkeypatch: pytest.MonkeyPatch, user: str, role: str, verbs: tuple[tuple[str, ...], ...]
) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("SEGUE_USER", user)
    with sqlite3.connect("crm.db") as store:
        ((task,),) = store.execute(
            "SELECT bucket || '.' || enrollment_id || '.' || ordinal FROM segue_task WHERE state = 'open' AND"
            " assignee = 'kenji' LIMIT 1"
        )
        ((message,),) = store.execute("SELECT key FROM segue_outbox WHERE state = 'unknown' LIMIT 1")
        ((talk,),) = store.execute("SELECT bucket || '.' || id FROM segue_talk LIMIT 1")
        ((ticket,),) = store.execute("SELECT external_id FROM ticket LIMIT 1")
    Path("people.csv").write_text("id,mail\n9,x@y.example\n")
    Path("people.map.yaml").write_text("source: t\nrows:\n  - record: contact\n    id: id\n    set: {email: mail}\n")
    invited = segue("survey", "invite", "recommend", "person1", "--as", "zofia", "--json").json["invited"]
    before = sums(Path("crm.db"))
    for verb in verbs:
        those = {"TASK": task, "MESSAGE": message, "TALK": talk, "TICKET": ticket, "TOKEN": invited[0]["token"]}
        done = segue(*(those.get(word, word) for word in verb))
        assert done.code == 2 and f"segue: {user} is a {role} and may not" in done.err, (verb, done.err)
    now = sums(Path("crm.db"))
    assert {name for name, was in before.items() if now[name] != was} == {"segue_audit"}
    with sqlite3.connect("crm.db") as store:
        logged = store.execute("SELECT count(*), min(refused) FROM segue_audit WHERE by_user = ?", (user,)).fetchone()
    assert logged[0] >= len(verbs) - 2 and logged[1] == 1
