"""`segue hygiene` and `segue audit`, and what they say to somebody who may not."""

from pathlib import Path

import pytest

from .conftest import Segue

RULES = """
hygiene names "Names" of contact {
  fix when last_name starts with "w" { set last_name = upper(last_name) }
  review when first_name contains "a" "Look at {{ contact.last_name | default: 'them' }}"
}
"""


@pytest.fixture
def ruled(ran: Path) -> Path:
    (ran / "rules" / "names.segue").write_text(RULES)
    return ran


def test_what_is_found_is_listed_and_is_exit_code_1(segue: Segue, ruled: Path) -> None:
    told = segue("hygiene")
    assert told.code == 1
    assert [line.split()[:4] for line in told.lines[1:]] == [
        ["names.1", "fix", "contact", "1"],
        ["names.2", "review", "contact", "2"],
    ]
    found = segue("hygiene", "names", "--json").json
    assert {one["words"] for one in found["queue"]} >= {"Look at Novak"} and len(found["queue"]) == 2
    assert len(segue("hygiene", "names", "--limit", "1", "--json").json["queue"]) == 1


def test_a_fix_is_shown_made_and_taken_back(segue: Segue, ruled: Path) -> None:
    seen = segue("hygiene", "names", "--preview")
    assert "Wong" in seen.out and "WONG" in seen.out and "would write 1 value" in seen.err
    assert segue("hygiene", "names", "--fix").code == 0
    assert segue("run", "--until", "+1 day").code == 0
    assert "nothing to fix" not in segue("hygiene", "--undo", "1").err
    assert segue("run", "--until", "+1 day").code == 0
    stuck = segue("hygiene", "names", "--fix")
    assert stuck.code == 1 and "the fix does not help" in stuck.err
    assert segue("hygiene", "names", "--fix").code == 0


def test_a_decision_takes_a_record_out(segue: Segue, ruled: Path) -> None:
    [first, *_] = segue("hygiene", "names", "--json").json["queue"]
    assert segue("hygiene", "--keep", "names.2", f"#{first['id']}", "--words", "fine").code == 0
    assert first["id"] not in {one["id"] for one in segue("hygiene", "names", "--json").json["queue"]}
    again = segue("hygiene", "--keep", "names.2", f"#{first['id']}")
    assert again.code == 2 and "finds nothing wrong" in again.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--fix",), "name a hygiene"),
        (("names", "--fix", "--preview"), "exclude each other"),
        (("nams",), "did you mean `names`"),
        (("--undo", "9"), "no run 9"),
        (("--keep", "names.7", "3"), "no rule `names.7`"),
        (("--keep", "names.2"), "--keep"),
    ],
)
def test_bad_input_is_a_sentence(segue: Segue, ruled: Path, words: tuple[str, ...], says: str) -> None:
    told = segue("hygiene", *words)
    assert told.code == 2 and says in told.err and "Traceback" not in told.err


def test_the_log_tells_what_was_done_and_what_was_refused(
    segue: Segue, ruled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ruled / "segue.yaml"
    text = settings.read_text()
    assert "  mia: {" in text
    settings.write_text(text.replace("  mia: {", "  zoe: {role: admin}\n  mia: {role: rep, "))
    no = segue("delete", "contact", "3", "--yes", "--as", "mia")
    assert no.code == 2 and "mia is a rep and may not delete records" in no.err and "role admin" in no.err
    monkeypatch.setenv("SEGUE_USER", "zoe")
    assert segue("delete", "contact", "3", "--yes").code == 0
    acts = segue("audit", "--json").json["acts"]
    assert [(a["by_user"], a["act"], a["refused"]) for a in acts[:2]] == [
        ("zoe", "delete", False),
        ("mia", "delete", True),
    ]
    assert segue("audit", "--by", "mia", "--json").json["count"] == 1
    assert "refused" in segue("audit", "--by", "mia").out
    assert segue("audit", "--since", "2027-01-01", "--json").json["count"] == 0
    assert segue("audit", "--since", "soon").code == 2
    monkeypatch.setenv("SEGUE_USER", "nobody")
    for words in (("run", "--until", "+1 day"), ("migrate",), ("hygiene", "names", "--fix")):
        assert segue(*words).code == 2
    for words in (("status",), ("plan",), ("hygiene", "names", "--preview"), ("audit",)):
        assert segue(*words).code in (0, 1)
