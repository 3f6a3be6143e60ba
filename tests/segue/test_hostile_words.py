"""What a stranger writes into a form is data: it moves no cursor, colours no terminal and ends in no traceback."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from tests.segue.conftest import Segue

RULES = """
form demo "Demo" {
  ask email "E-mail": text -> contact.email required
  ask first "First name": text -> contact.first_name
  ask n "How many?": number
}
playbook call "Call" for contact {
  outcome: reached
  say "Thank {{ contact.first_name | default: 'you' }}."
  ask what "What?": long_text
  ask n "How many?": number
}
snippet "#hi" "Hello" { use_in: note text: "Hello {{ contact.first_name | default: 'you' }}" }
workflow greet "Greet" of contact { when: created  task call "Ring {{ contact.first_name | default: 'you' }}" }
hygiene names "Names" of contact { review when phone is missing "No phone" }
"""
PROJECT = "name: x\naccount: {time_zone: UTC, currency: EUR}\nstore: sqlite:///s.db\n"
EVIL = "\x1b[31mRED\x1b]0;title\x07\r\nTWO\u202e\x9b2J"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
ANN = "ann@x.example"


@pytest.fixture
def shop(segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Segue:
    """A project whose only contact has a name that a terminal would obey."""
    (tmp_path / "segue.yaml").write_text(PROJECT)
    (tmp_path / "rules.segue").write_text(RULES)
    assert segue("migrate").code == 0
    assert segue("run", "--clock", "virtual", "--from", "2026-03-02", "--until", "2026-03-02 09:00").code == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps({"email": ANN, "first": EVIL}).encode())))
    assert segue("form", "submit", "demo", "--answers", "-").code == 0
    assert segue("run", "--clock", "virtual", "--until", "+1 hour").code == 0
    return segue


def test_no_verb_prints_what_a_terminal_obeys(shop: Segue) -> None:
    """Tables, words, JSON and messages; what JSON holds is the same text."""
    said = shop("playbook", "run", "call", ANN, "--outcome", "reached", "--answer", f"what={EVIL}", "--json")
    assert said.json["answers"]["what"] == EVIL
    talk = said.json["talk"]
    verbs = (
        ("playbook", "show", talk), ("playbook", "show", talk, "--json"), ("playbook", "talks", ANN),
        ("note", "add", ANN, "--text", f"{EVIL}\n#hi"), ("note", "list", ANN), ("snippet", "show", "#hi", "--for", ANN),
        ("tasks",), ("tasks", "--json"),
        ("why", ANN, "greet", "--at", "2026-03-02 09:30"), ("why", ANN, "greet"),
        ("enrollments",), ("audit",), ("hygiene", "names"),
        ("enrollments", EVIL), ("ticket", "create", "--subject", EVIL, "--link", f"contact={EVIL}"), (EVIL,),
        ("form", "submit", "demo", "--answer", f"email={ANN}", "--answer", f"n={EVIL}"), ("report", EVIL),
    )  # fmt: skip
    words = [shop(*verb) for verb in verbs]
    assert [(verb, s.code) for verb, s in zip(verbs, words, strict=True) if s.code not in (0, 1, 2)] == []
    assert [v for v, s in zip(verbs, words, strict=True) if OBEYED.search(s.out + s.err)] == []
    assert sum("RED" in s.out + s.err for s in words) >= 10


def test_bytes_that_are_no_text_are_told(shop: Segue) -> None:
    """As the shell hands them over: `--answer $'what=\\xff'`."""
    for more in ((), ("--draft",)):
        said = shop("playbook", "run", "call", ANN, "--outcome", "reached", "--answer", "what=\udcff", *more)
        assert said.code == 2 and "UTF-8" in said.err, said.err
    assert shop("playbook", "drafts", "--json").json == shop("playbook", "talks", ANN, "--json").json == []
