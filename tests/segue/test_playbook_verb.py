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


def test_p5_without_terminal_and_answers_nothing_is_saved(shop: Segue, tmp_path: Path) -> None:
    """A script that forgot its answers; `{}` asks for an empty talk, where every question may be left out."""
    (tmp_path / "rules.segue").write_text('playbook call "Call" for contact { ask what "What?": text }')
    said = run(shop)
    assert said.code == 2 and "there is no terminal to ask at, and no answer is given" in said.err
    assert shop("playbook", "talks", "ann@x.example", "--json").json == []
    (tmp_path / "none.json").write_text("{}")
    assert run(shop, "--answers", "none.json").code == 0
    assert len(shop("playbook", "talks", "ann@x.example", "--json").json) == 1


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
    assert shop("playbook", "drafts", "--drop", "12", "--json").out == ""


class Killed(BaseException):
    """What no handler of ours sees: the terminal is gone, or `kill -9`."""


def test_p5_who_is_killed_between_two_questions_loses_no_answer(
    shop: Segue, typing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["lead", "1500"]

    def dies(prompt: str = "") -> str:
        if lines:
            return lines.pop(0)
        raise Killed

    monkeypatch.setattr("builtins.input", dies)
    with pytest.raises(Killed):
        run(shop)
    (draft,) = shop("playbook", "drafts", "--json").json
    assert draft["answers"] == {"stage": "lead", "budget": "1500"}
    assert shop("playbook", "talks", "ann@x.example", "--json").json == []
    resumed = shop("playbook", "resume", draft["id"], "--answer", "signer=Bob", "--outcome", "connected", "--as", "ada")
    assert resumed.code == 0 and "3 answers" in resumed.out
    assert shop("playbook", "drafts", "--json").json == []


def test_p5_saved_at_the_terminal_leaves_no_draft(shop: Segue, typing: list[str]) -> None:
    typing += ["lead", "1500", "Bob", "connected"]
    assert run(shop).code == 0 and shop("playbook", "drafts", "--json").json == []


def test_a_viewer_is_told_before_the_first_question(shop: Segue, typing: list[str], tmp_path: Path) -> None:
    settings = PROJECT.replace("a@x.example}", "a@x.example, role: admin}, vi: {role: viewer}")
    (tmp_path / "segue.yaml").write_text(settings + "store: sqlite:///s.db\n")
    typing += ["lead", "1500"]
    said = shop("playbook", "run", "call", "ann@x.example", "--as", "vi")
    assert said.code == 2 and "vi is a viewer and may not run playbooks" in said.err
    assert "Where are they?" not in said.err and typing == ["lead", "1500"]


def test_p4_a_hidden_answer_of_a_draft_falls_away(shop: Segue) -> None:
    put = run(shop, "--draft", "--answer", "budget=1500", "--answer", "signer=Bob", "--json").json
    saved = shop("playbook", "resume", put["draft_id"], "--answer", "budget=3", "--outcome", "no_answer", "--as", "ada",
                 "--json")  # fmt: skip
    assert saved.code == 0 and saved.json["answers"] == {"budget": "3.00", "outcome": "no_answer"}, saved.err


def test_p5_what_could_not_be_saved_is_not_put_aside_either(shop: Segue, tmp_path: Path) -> None:
    """Who takes a draft up may be somebody else, later. What the rules ask otherwise by then is told there."""
    for answer, words in (
        (("--answer", "budget=much"), "`much` is no amount"),
        (("--outcome", "won"), "cannot end as"),
    ):
        said = run(shop, "--draft", *answer)
        assert said.code == 2 and words in said.err
    assert shop("playbook", "drafts", "--json").json == []
    (tmp_path / "rules.segue").write_text(
        RULES.replace("money\n", "text\n").replace("budget > 1000 EUR", 'budget = "x"')
    )
    put = run(shop, "--draft", "--answer", "budget=much", "--json").json
    (tmp_path / "rules.segue").write_text(RULES)
    wrong = shop("playbook", "resume", put["draft_id"], "--outcome", "no_answer", "--as", "ada")
    assert wrong.code == 2 and "budget: `much` is no amount" in wrong.err
    assert shop("playbook", "drafts", "--by", "", "--json").json == []
    dropped = shop("playbook", "drafts", "--drop", put["draft_id"], "--as", "ada", "--json")
    assert dropped.json == {"draft_id": put["draft_id"], "let_go": True}


def test_p3_what_json_gives_a_draft_is_what_is_saved_of_it(shop: Segue, tmp_path: Path) -> None:
    """A number of JSON is no text of the account's locale: 1.234 is no thousand in German."""
    (tmp_path / "segue.yaml").write_text(PROJECT.replace("EUR}", "EUR, locale: de}") + "store: sqlite:///s.db\n")
    (tmp_path / "rules.segue").write_text(
        'playbook call for contact { ask size "Size?": number  ask who "Who?": text  ask ok "Fine?": bool }\n'
    )
    (tmp_path / "a.json").write_text('{"size": 1.234, "who": null, "ok": true}')
    put = run(shop, "--draft", "--answers", "a.json", "--json").json
    saved = shop("playbook", "resume", put["draft_id"], "--answer", "ok=nein", "--as", "ada", "--json")
    assert saved.json["answers"] == {"size": 1.234, "ok": False}
    for text, words in (('{"size": [1]}', "`[1]` is no number"), ('{"sise": 1}', "asks no question `sise`")):
        (tmp_path / "a.json").write_text(text)
        refused = run(shop, "--draft", "--answers", "a.json")
        assert refused.code == 2 and words in refused.err


def test_p3_an_answer_given_twice_is_refused(shop: Segue, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"budget": 3, "budget": 4}')
    for twice in (("--answer", "budget=3", "--answer", "budget=4"), ("--answers", "a.json")):
        said = run(shop, *twice, "--outcome", "no_answer")
        assert said.code == 2 and "`budget` is given twice" in said.err
    (tmp_path / "a.json").write_text('{"budget": 3}')
    both = run(shop, "--answers", "a.json", "--answer", "budget=4", "--outcome", "no_answer", "--json")
    assert both.json["answers"]["budget"] == "4.00"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("mail=ann", "mail: `ann` is no e-mail address"),
        ("mail=a@x.example\nBcc: b@x.example", "is no e-mail address"),
        ("zone=Mars", "zone: `Mars` is no time zone"),
    ],
)
def test_p3_an_address_and_a_zone_are_such_as_mail_can_be_sent_by(
    shop: Segue, tmp_path: Path, answer: str, words: str
) -> None:
    (tmp_path / "rules.segue").write_text(
        'playbook call for contact { ask mail "Mail?" -> contact.email  ask zone "Where?" -> contact.time_zone }\n'
    )
    said = run(shop, "--answer", answer)
    assert said.code == 2 and words in said.err
    saved = run(shop, "--answer", "mail=ＡＮＮ@x.example ", "--answer", "zone=Asia/Tokyo", "--json")
    assert saved.json["answers"] == {"mail": "ANN@x.example", "zone": "Asia/Tokyo"}
