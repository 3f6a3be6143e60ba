"""`segue form`, `survey`, `note` and `snippet` at the command line (P6, P7, P10-P13)."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.segue.conftest import Segue

RULES = """
form demo "Ask for a demo" {
  ask email "E-mail": text -> contact.email required
  ask company "Company": text -> company.name
  ask n "How many?": number
  on submit { task call "Ring {{ answers.email }}" }
}
survey nps "How likely?" { scale: 0..10 not_again_within: 90 days }
snippet "#suc" "Contact note" { use_in: note text: "Decisions of {{ contact.full_name }}:" }
"""
PROJECT = (
    "name: x\naccount: {time_zone: Asia/Tokyo, currency: JPY, locale: ja}\n"
    "users: {ada: {name: Ada, email: a@x.example}}\nstore: sqlite:///s.db\n"
)


@pytest.fixture
def shop(segue: Segue, tmp_path: Path) -> Segue:
    (tmp_path / "segue.yaml").write_text(PROJECT)
    (tmp_path / "rules.segue").write_text(RULES)
    assert segue("migrate").code == 0
    tick(segue)
    return segue


def tick(segue: Segue) -> None:
    first = ("--from", "2026-03-02", "--until", "2026-03-02 09:00")
    said = segue("run", "--clock", "virtual", *first)
    assert said.code == 0 or segue("run", "--clock", "virtual", "--until", "+1 hour").code == 0, said.err


def with_stdin(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said)))


def test_p13_a_form_on_the_command_line(shop: Segue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop("form", "list", "--json").json == [
        {"name": "demo", "label": "Ask for a demo", "questions": 3, "follows": True}
    ]
    assert "contact.company.name" in shop("form", "show", "demo").out
    assert shop("form", "show", "demo", "--json").json["questions"][0]["required"] is True
    said = shop("form", "submit", "demo", "--answer", "email=ann@x.example", "--answer", "company=Acme", "--key", "k")
    assert said.code == 0 and "a new contact #" in said.out and "the new company `Acme`" in said.out
    assert "taken in before" in shop(
        "form", "submit", "demo", "--answer", "email=ann@x.example", "--answer", "company=Acme", "--key", "k"
    ).out  # fmt: skip
    many = json.dumps({f"x{i}": 1 for i in range(200_000)} | {"email": "ann@x.example"})
    for text, words in ((many, "asks no question `x0`"), ("[", "no JSON"), ('{"email": "ann", "n": "x"}', "n: `x`")):
        with_stdin(text.encode(), monkeypatch)
        refused = shop("form", "submit", "demo", "--answers", "-", "--json")
        assert refused.code == 2 and words in refused.err and len(refused.err) < 1_000
    for bytes_, words in (
        (b'{"\xff', "byte 3 is no UTF-8"),
        (b'{"company": "\\ud800"}', "company: the text holds half a"),
    ):
        with_stdin(bytes_, monkeypatch)
        refused = shop("form", "submit", "demo", "--answers", "-")
        assert refused.code == 2 and words in refused.err
    with_stdin(b'{"email": "bob@x.example", "n": 3}', monkeypatch)
    done = shop("form", "submit", "demo", "--answers", "-", "--json").json
    assert done["answers"] == {"email": "bob@x.example", "n": 3} and done["new_contact"] is True
    tick(shop)
    assert "Ring ann@x.example" in shop("tasks").out
    assert shop("form", "submit", "demi").code == 2


def test_p10_a_survey_on_the_command_line(shop: Segue) -> None:
    shop("form", "submit", "demo", "--answer", "email=ann@x.example")
    tick(shop)
    assert shop("survey", "list", "--json").json[0]["scale"] == "0..10"
    (one,) = shop("survey", "invite", "nps", "ann@x.example", "--json").json["invited"]
    assert "`11` is not on the scale" in shop("survey", "answer", one["token"], "--answer", "score=11").err
    assert shop("survey", "answer", one["token"], "--answer", "score=9").code == 0
    again = shop("survey", "answer", one["token"], "--answer", "score=1")
    assert again.code == 2 and "was answered on" in again.err
    assert "not asked again: ann@x.example" in shop("survey", "invite", "nps", "ann@x.example").err
    (result,) = shop("survey", "results", "nps", "--json").json
    assert result["figures"]["value"] == 100.0 and result["response_rate"] == 1.0
    assert "2026-03" in shop("survey", "results", "nps", "--by", "month").out
    assert shop("survey", "results", "nps", "--by", "year").code == 2
    shop("form", "submit", "demo", "--answer", "email=bob@x.example")
    tick(shop)
    table = shop("survey", "invite", "nps", "bob@x.example").out.splitlines()
    assert [line.split()[0] for line in table] == ["contact", "bob@x.example"]
    assert shop("survey", "answer", "nothing").code == 2 and shop("survey", "invite", "nps").code == 2


def test_p6_p7_notes_and_snippets_on_the_command_line(shop: Segue, monkeypatch: pytest.MonkeyPatch) -> None:
    shop("form", "submit", "demo", "--answer", "email=ann@x.example", "--answer", "company=Acme")
    tick(shop)
    assert shop("note", "add", "--template").out.splitlines()[0] == "連絡手段:"
    said = shop("note", "add", "ann@x.example", "--field", "channel=電話", "--text", "#SUC", "--as", "ada")
    assert said.code == 0 and "belongs to its deal" in said.err and "Decisions of ann@x.example:" in said.out
    tick(shop)
    (note,) = shop("note", "list", "ann@x.example", "--json").json
    assert note["owner"] == "ada" and note["body"].startswith("連絡手段: 電話\n連絡先: ann@x.example\n担当者: Ada")
    with_stdin(b"From stdin", monkeypatch)
    assert "From stdin" in shop("note", "add", "ann@x.example", "--text", "-").out
    assert "on ann@x.example" in shop("note", "list", "acme", "--of", "company").out
    assert shop("note", "add", "ann@x.example").code == 2 and shop("note", "add", "nobody", "--text", "x").code == 2
    assert shop("note", "add", "ann@x.example", "--text", "x", "--link", "deal").code == 2
    assert shop("snippet", "list", "--json").json[0]["shortcut"] == "#suc"
    assert "{{ contact.full_name }}" in shop("snippet", "show", "#SUC").out
    assert shop("snippet", "show", "suc", "--for", "ann@x.example").out == "Decisions of ann@x.example:\n"
    assert "there is no snippet `#sux`" in shop("snippet", "show", "#sux").err
