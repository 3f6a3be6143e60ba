"""`segue report NAME` and `segue dashboard`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from .conftest import Segue

RULES = """
report people "People by plan" of contact {
  measure: count
  by: plan
  show: bars
}
report trial_welcom of contact { measure: count  show: number }
report entered of enrollment {
  where: kind = sequence
  measure: count, reply_rate
  by: definition, month(enrolled_at)
  target: 4 per month
}
dashboard team "The team" { reports: people, entered }
"""


@pytest.fixture
def reported(ran: Path) -> Path:
    (ran / "rules/reports.segue").write_text(RULES)
    return ran


def test_a_report_of_the_rules_is_drawn(segue: Segue, reported: Path) -> None:
    told = segue("report", "people")
    assert told.code == 0 and told.lines[0] == "People by plan"
    assert any(line.startswith("trial") and "█" in line for line in told.lines)
    assert segue("report", "entered").lines[-1].startswith("2026-03: 3 of 4, 75.0%")


def test_the_same_for_programs(segue: Segue, reported: Path) -> None:
    found = segue("report", "entered", "--json").json
    assert found["rows"] == [
        {
            "definition": "trial_welcome",
            "month(enrolled_at)": "2026-03-01",
            "count": 3,
            "reply_rate": {"value": 0.0, "count": 0, "base": 3},
        }
    ]
    assert found["progress"] == [{"period": "2026-03-01", "figure": 3, "target": 4, "share": 0.75}]
    lines = list(csv.reader(io.StringIO(segue("report", "entered", "--csv").out)))
    assert lines[1] == ["trial_welcome", "2026-03-01", "3", "0.0"]


def test_a_field_of_an_event_and_a_property_of_its_record_are_two_columns(segue: Segue, tmp_path: Path) -> None:
    plan = "plan: {type: choice, options: [a, b]}, day: {type: date}"
    files = {
        "segue.yaml": "name: shop",
        "schema.yaml": f"extends: standard\nobjects: {{contact: {{properties: {{{plan}}}}}}}\n"
        f"events: {{bought: {{of: contact, fields: {{{plan}}}}}}}",
        "r.segue": "report r of bought { measure: count  by: plan, contact.plan }"
        " report days of bought { measure: count  by: day(day), day(contact.day) }",
        "c.csv": "id,plan\n1,a\n",
        "c.yaml": 'rows:\n  - {record: contact, id: id, at: {constant: "2026-01-01"}, set: {plan: plan}}\n'
        '  - {event: bought, of: {id: id}, at: {constant: "2026-01-02"}, '
        'set: {plan: {constant: b}, day: {constant: "2026-01-02"}}}\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = [segue("migrate"), segue("import", "c.csv", "--map", "c.yaml"), segue("run", "--until", "2026-01-05")]
    assert [one.err for one in said if one.code] == []
    assert segue("report", "r", "--json").json["rows"] == [{"plan": "b", "contact.plan": "a", "count": 1}]
    assert segue("report", "r", "--csv").out.splitlines()[0] == "plan,contact.plan,count"
    assert segue("report", "days", "--csv").out.splitlines()[0] == "day(day),day(contact.day),count"


def test_sequences_are_still_told_of(segue: Segue, reported: Path) -> None:
    assert segue("report", "sequences").out == segue("report").out
    one = segue("report", "trial_welcome", "--json")
    assert one.json["total"]["enrolled"] == 3
    assert segue("report", "sequences", "trial_welcome", "--json").out == one.out


def test_figures_of_sequences_need_no_rules_that_hold(segue: Segue, reported: Path) -> None:
    (reported / "rules/broken.segue").write_text("segment { ")
    assert segue("report", "trial_welcome", "--json").json["total"]["enrolled"] == 3


def test_a_report_of_rules_that_do_not_hold_says_so(segue: Segue, reported: Path) -> None:
    """It is no unknown sequence; a name that neither knows is one once the rules hold."""
    (reported / "rules/broken.segue").write_text("segment { ")
    said = segue("report", "people")
    assert said.code == 2 and "the project cannot be used as it is" in said.err and "no sequence" not in said.err
    (reported / "rules/broken.segue").unlink()
    assert "there is no report and no sequence `peeple`" in segue("report", "peeple").err


def test_dashboards(segue: Segue, reported: Path) -> None:
    assert segue("dashboard").lines[1].split() == ["team", "The", "team", "people,", "entered"]
    shown = segue("dashboard", "team")
    assert shown.code == 0 and [line for line in shown.lines if line in ("The team", "People by plan", "entered")] == [
        "The team",
        "People by plan",
        "entered",
    ]
    found = segue("dashboard", "team", "--json").json
    assert [one["report"] for one in found["reports"]] == ["people", "entered"]
    assert segue("dashboard", "--json").json == [
        {"name": "team", "label": "The team", "reports": ["people", "entered"]}
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "peopel"), "did you mean `people`?"),
        (("report", "people", "--status", "active"), "is for figures of sequences"),
        (("report", "people", "--company", "nobody at all"), "there is no company"),
        (("report", "people", "--json", "--csv"), "not both"),
        (("report", "--csv"), "`--csv` is for reports of the rules"),
        (("report", "a", "b"), "one report at a time"),
        (("dashboard", "teem"), "did you mean `team`?"),
    ],
)
def test_what_cannot_be_shown(segue: Segue, reported: Path, arguments: tuple[str, ...], words: str) -> None:
    told = segue(*arguments)
    assert told.code == 2 and words in told.err and told.out == ""
