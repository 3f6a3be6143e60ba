"""`segue playbook`: asked at a terminal, or answered at once (P1-P5)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.segue.conftest import Said, Segue

RULES = """
playbook call "Discovery call" for contact {
  outcome: connected, no_answer
  say "Hello {{ contact.full_name }}."
  ask stage "Where are they?" -> contact.lifecycle_stage
  ask budget "What has been set aside?": money
  when answers.budget > 1000 EUR { ask signer "Who signs?": text required  say "Thank them." }
  on save { if outcome = connected { task call "Ring about {{ answers.budget | default: 'money' }}" } }
}
"""
PROJECT = "name: x\naccount: {time_zone: Europe/Warsaw, currency: EUR}\nusers: {ada: {name: Ada, email: a@x.example}}\n"


@pytest.fixture
def shop(segue: Segue, tmp_path: Path) -> Segue:
    """A project with one contact, whose clock stands after it came."""
    (tmp_path / "segue.yaml").write_text(PROJECT + "store: sqlite:///s.db\n")
    (tmp_path / "rules.segue").write_text(RULES)
    (tmp_path / "c.csv").write_text("id,email,at\n1,ann@x.example,2026-03-01\n")
    (tmp_path / "m.yaml").write_text(
        "source: x\nrows:\n  - record: contact\n    id: id\n    at: {column: at}\n    set: {email: {column: email}}\n"
    )
    for arguments in (
        ("migrate",),
        ("import", "c.csv", "--map", "m.yaml"),
        ("run", "--clock", "virtual", "--from", "2026-03-02", "--until", "2026-03-02 10:00"),
    ):
        said = segue(*arguments)
        assert said.code == 0, said.err
    return segue


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is typed at the terminal, line by line; then Ctrl-D."""
    lines: list[str] = []

    def read(prompt: str = "") -> str:
        print(prompt, file=sys.stderr)
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("builtins.input", read)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    yield lines


def run(segue: Segue, *arguments: str) -> Said:
    return segue("playbook", "run", "call", "ann@x.example", "--as", "ada", *arguments)


def test_p5_answered_at_once_then_shown_and_edited(shop: Segue) -> None:
    refused = run(shop, "--answer", "budget=much", "--outcome", "connected")
    assert refused.code == 2 and "budget: `much` is no amount in EUR" in refused.err
    assert "such as" in refused.err and shop("playbook", "talks", "ann@x.example", "--json").json == []
    saved = run(shop, "--answer", "budget=1,200.50", "--answer", "signer=Bob", "--outcome", "connected", "--json").json
    assert saved["answers"] == {"budget": "1200.50", "signer": "Bob", "outcome": "connected"}
    assert shop("run", "--clock", "virtual", "--until", "+1 hour").code == 0
    assert "Ring about €1,200.50" in shop("tasks").out
    assert shop("playbook", "show", saved["talk"], "--json").json["answers"] == saved["answers"]
    assert all(isinstance(one["record_id"], str) for one in saved["written"])  # 63 bits
    shown = shop("playbook", "show", saved["talk"]).out
    assert "Discovery call: connected" in shown and "Who signs? Bob" in shown
    edited = shop("playbook", "edit", saved["talk"], "--answer", "budget=5", "--as", "ada")
    assert "revision 2" in edited.out
    again = shop("playbook", "edit", saved["talk"], "--answer", "budget=6", "--as", "ada")
    assert again.code == 2 and "was edited already" in again.err
    assert [t["revision"] for t in shop("playbook", "talks", "ann@x.example", "--json").json] == [2]


def test_p5_from_a_file_and_from_nowhere(shop: Segue, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"budget": 3, "stage": "lead"}')
    assert run(shop, "--answers", "a.json", "--outcome", "no_answer", "--json").json["answers"]["budget"] == "3.00"
    for text, words in (("[1]", "no JSON object"), ("{", "no JSON"), ('{"budget": "x"}', "is no amount")):
        (tmp_path / "a.json").write_text(text)
        said = run(shop, "--answers", "a.json", "--outcome", "no_answer")
        assert said.code == 2 and words in said.err
    assert "cannot be read" in run(shop, "--answers", "none.json").err
    assert "is no pair" in run(shop, "--answer", "budget").err
    assert "there is no playbook `cal`" in shop("playbook", "run", "cal", "ann@x.example").err
    assert shop("playbook", "list", "--json").json[0]["name"] == "call"


def test_p4_asked_one_by_one_with_what_is_known_offered(shop: Segue, typing: list[str]) -> None:
    typing += ["", "much", "1500", "", "Bob", "maybe", "connected"]
    said = run(shop)
    assert said.code == 0 and "3 answers" in said.out, said.err
    assert "Hello ann@x.example." in said.err and "Thank them." in said.err
    assert "[subscriber]" in said.err  # what the contact has now
    assert "`much` is no amount" in said.err and "needed to save" in said.err and "one of connected" in said.err


def test_p5_hung_up_put_aside_and_taken_up(shop: Segue, typing: list[str]) -> None:
    typing += ["lead", "1500"]
    assert "put aside" in run(shop).out
    (draft,) = shop("playbook", "drafts", "--json").json
    assert draft["answers"] == {"stage": "lead", "budget": "1500"}
    typing += ["", "", "Bob", "connected"]
    said = shop("playbook", "resume", str(draft["id"]), "--as", "ada")
    assert said.code == 0 and "3 answers" in said.out and "[1500]" in said.err, said.err
    assert shop("playbook", "drafts", "--json").json == []
    assert "put aside" in run(shop, "--draft", "--answer", "budget=2").out
    (draft,) = shop("playbook", "drafts", "--json").json
    assert shop("playbook", "resume", str(draft["id"]), "--outcome", "no_answer", "--as", "ada").code == 0
    assert shop("playbook", "drafts", "--drop", "12").code == 2
