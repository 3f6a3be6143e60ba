"""What the command line says and refuses while people are inside: schemas, loops, deletions (X26, X28, X9)."""

from pathlib import Path

import pytest

from .conftest import Segue

SCHEMA = """extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, paid, gold]}
      visits: {type: number}
"""
SETTINGS = """name: t
account: {time_zone: Europe/Warsaw, currency: EUR}
users: {rep: {name: Rep, email: rep@x.example}}
store: sqlite:///crm.db
channels: {email: {kind: maildir, path: outbox}}
limits: {enrollments_per_record_per_hour: 4}
"""
CALLS = "workflow calls of contact { when: manually  wait 3 days  if plan = gold { set plan = paid } }\n"
MAP = "rows:\n  - record: contact\n    id: id\n    at: at\n    set: {email: email, visits: visits}\n"
TO = ("run", "--until")


@pytest.fixture
def inside(segue: Segue, tmp_path: Path) -> Path:
    """A project with ann inside `calls` since 2 March, in the middle of its wait."""
    texts = {"schema.yaml": SCHEMA, "segue.yaml": SETTINGS, "rules.segue": CALLS, "m.map.yaml": MAP}
    texts["people.csv"] = "id,email,visits,at\nann,ann@x.example,1,2026-03-01 08:00\n"
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    for line in (
        ("migrate",), ("import", "people.csv", "--map", "m.map.yaml"), (*TO, "2026-03-02 09:00"),
        ("enroll", "ann", "calls", "--as", "rep"), (*TO, "2026-03-03 09:00"),
    ):  # fmt: skip
        told = segue(*line)
        assert told.code == 0, told.err
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("[free, paid, gold]", "[free, paid]", "option `gold` of `contact.plan` is gone"),
        ("[free, paid, gold]", "[free, gold]", "option `paid` of `contact.plan` is gone"),
        ("plan: {type: choice, options: [free, paid, gold]}", "tier: {type: text}", "property `contact.plan` is gone"),
    ],
)
def test_x26_migrate_refuses_what_those_inside_still_need(
    segue: Segue, inside: Path, old: str, new: str, refused: str
) -> None:
    """Before anything is changed, the enrollments counted; it goes once nobody needs it any more."""
    (inside / "schema.yaml").write_text(SCHEMA.replace(old, new))
    (inside / "rules.segue").write_text("workflow other of contact { when: manually  add 1 to visits }\n")
    dry = segue("migrate", "--dry-run")
    assert dry.code == 1
    assert f"refused: {refused}" in dry.out and "1 enrollment still needs it" in dry.out
    told = segue("migrate")
    assert told.code == 2 and refused in told.err and "1 enrollment still needs it" in told.err
    assert segue("migrate", "--dry-run").out == dry.out, "nothing was changed"
    for name, text in (("schema.yaml", SCHEMA), ("rules.segue", CALLS)):
        (inside / name).write_text(text)
    assert segue(*TO, "2026-03-06 09:00").code == 0
    (inside / "schema.yaml").write_text(SCHEMA.replace(old, new))
    (inside / "rules.segue").write_text("workflow other of contact { when: manually  add 1 to visits }\n")
    assert segue("migrate").code == 0
    assert segue(*TO, "2026-03-07 09:00").code == 0


def test_x26_the_guards_of_what_vanished_hold_their_options_too(segue: Segue, inside: Path) -> None:
    """Guards are live, and nobody can edit those of a definition that no file has."""
    guarded = "workflow w of contact { when: manually  stop_when: plan = free  wait 9 days  add 1 to visits }\n"
    other = "workflow other of contact { when: manually  add 1 to visits }\n"
    (inside / "rules.segue").write_text(CALLS + guarded)
    segue(*TO, "2026-03-03 10:00")
    segue("enroll", "ann", "w", "--as", "rep")
    segue(*TO, "2026-03-06 10:00")  # `calls` has ended
    (inside / "rules.segue").write_text(other)
    segue(*TO, "2026-03-06 11:00")
    (inside / "schema.yaml").write_text(SCHEMA.replace("[free, paid, gold]", "[paid, gold]"))
    told = segue("migrate", "--dry-run")
    assert told.code == 1
    assert "option `free` of `contact.plan` is gone, but 1 enrollment still needs it" in told.out


def test_x28_status_names_what_the_loop_guard_stopped(segue: Segue, inside: Path) -> None:
    """For a day; `run` says it at once, `why` of the one concerned."""
    (inside / "rules.segue").write_text(
        """workflow up of contact { when: visits < 3  again: always  existing: enroll  wait 1 minute  add 5 to visits }
        workflow down of contact { when: visits > 3  again: always  wait 1 minute  add -5 to visits }"""
        + CALLS
    )
    told = segue(*TO, "2026-03-03 12:00")
    assert "seems to go in a circle" in told.err
    status = segue("status")
    assert "loop in workflow" in status.out and "stopped" in status.out
    name = next(name for name in ("up", "down") if f"workflow {name}" in status.out.split("loop in ")[1])
    assert "loop_guard" in segue("why", "ann", name).out
    assert segue("status", "--json").json["loops"]
    segue(*TO, "2026-03-06 12:00")
    assert "loop in" not in segue("status").out


def test_x9_delete_says_what_would_go_and_does_it_once_told(segue: Segue, inside: Path) -> None:
    told = segue("delete", "contact", "ann@x.example")
    assert told.code == 0 and told.out == "would delete: 1 record of contact, 1 enrollment to end\n"
    assert "--yes" in told.err
    segue(*TO, "2026-03-03 10:00")
    assert "active" in segue("why", "ann", "calls").out
    assert segue("delete", "contact", "ann@x.example", "--yes").out.startswith("asked to delete: 1 record")
    segue(*TO, "2026-03-09 10:00")
    listed = segue("enrollments", "calls", "--json").json["enrollments"]
    assert [(e["status"], e["reason"]) for e in listed] == [("unenrolled", "contact_deleted")]
    assert segue("delete", "contact", "ann", "--yes").code == 2, "there is nobody any more"
    assert "no contact `ann`" in segue("why", "ann", "calls").err


def test_x9_delete_of_a_list_takes_those_who_are_there_and_names_the_others(segue: Segue, inside: Path) -> None:
    (inside / "leavers.txt").write_text("\ufeff# who left\r\nann\r\n\r\nann@x.example\r\nbob\r\n", encoding="utf-8")
    dry = segue("delete", "contact", "--from", "leavers.txt")
    assert (dry.code, dry.out) == (1, "would delete: 1 record of contact, 1 enrollment to end\n")
    assert "there is no contact `bob`" in dry.err and "--yes" in dry.err
    assert segue("delete", "contact", "--from", "leavers.txt", "--yes", "--json").json["deleted"]["unknown"] == ["bob"]
    segue(*TO, "2026-03-09 10:00")
    assert segue("delete", "contact", "--from", "leavers.txt", "--yes").out.startswith("asked to delete: 0 records")
    for wrong in (("contact",), ("contact", "ann", "--from", "leavers.txt"), ("contact", "--from", "none.txt")):
        assert segue("delete", *wrong).code == 2


def test_delete_of_what_is_not_there(segue: Segue, inside: Path) -> None:
    assert "there is no contact `bob`" in segue("delete", "contact", "bob", "--yes").err
    told = segue("delete", "contcat", "ann", "--yes")
    assert told.code == 2 and "contcat" in told.err and "contact" in told.err
