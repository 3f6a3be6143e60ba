"""What `--json` says under names that users gave is theirs: a question `seen_at` holds no instant, a rule `look_at` no
moment; and amounts are in major units everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Segue

SCHEMA = """
extends: standard
objects:
  contact: {properties: {until: {type: number}, spend: {type: money}}}
  deal: {properties: {seen_at: {type: number}, child_id: {type: number}}}
"""
RULES = """
playbook call for contact { ask seen_at "How many?": number  ask until "Left?" -> contact.until }
report ages of deal { measure: count by: seen_at, child_id }
dashboard all { reports: ages }
hygiene amounts of contact { fix when spend < 0 EUR { set spend = 0 EUR } }
"""
SETTINGS = "name: x\naccount: {currency: EUR}\nusers: {ada: {name: Ada, role: admin}}\nstore: sqlite:///s.db\n"


@pytest.fixture
def shop(segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Segue:
    monkeypatch.setenv("SEGUE_USER", "ada")
    for name, text in (("segue.yaml", SETTINGS), ("schema.yaml", SCHEMA), ("rules.segue", RULES)):
        (tmp_path / name).write_text(text)
    (tmp_path / "c.csv").write_text("id,spend,at\n1,-12.50,2026-03-01\n")
    (tmp_path / "m.yaml").write_text(
        "source: x\nrows:\n  - record: contact\n    id: id\n    at: at\n    set: {spend: spend}\n"
    )
    assert segue("migrate").code == 0 and segue("import", "c.csv", "--map", "m.yaml").code == 0
    assert segue("run", "--clock", "virtual", "--from", "2026-03-02", "--until", "2026-03-02 10:00").code == 0
    return segue


def test_answers_and_properties_are_told_as_they_are(shop: Segue) -> None:
    saved = shop("playbook", "run", "call", "x:1", "--answer", "seen_at=5", "--answer", "until=7", "--json").json
    assert saved["answers"] == {"seen_at": 5, "until": 7} and saved["written"][0]["value"] == 7
    assert shop("playbook", "show", saved["talk"], "--json").json["answers"] == {"seen_at": 5, "until": 7}
    made = ("deal", "create", "--id", "D1", "--name", "d", "--set", "seen_at=3", "--set", "child_id=4")
    assert shop(*made).code == 0
    changed = shop("deal", "set", "D1", "seen_at=6", "--json").json
    assert changed["values"] == {"seen_at": 6}
    assert shop("run", "--until", "+1 hour").code == 0
    assert shop("deal", "show", "D1", "--json").json["properties"]["seen_at"] == 6
    for rows in (shop("report", "ages", "--json").json, shop("dashboard", "all", "--json").json["reports"][0]):
        assert rows["rows"] == [{"seen_at": 6, "child_id": 4, "count": 1}]


def test_p15_hygiene_tells_amounts_as_all_others_do(shop: Segue) -> None:
    found = shop("hygiene", "amounts", "--preview", "--json").json
    assert [(one["old"], one["new"]) for one in found["changes"]] == [("-12.50", "0.00")]
    assert (found["records"], found["written"]) == (1, 1)
    assert "-12.50 EUR  ->  0.00 EUR" in shop("hygiene", "amounts", "--preview").out
    beyond = shop("hygiene", "--undo", "9" * 30)
    assert beyond.code == 2 and "1,000,000,000 or less" in beyond.err
