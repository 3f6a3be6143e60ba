"""enroll, enrollments, tasks, segments, report, why and status."""

import time
from pathlib import Path

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.project.loading import load, open_store
from runtime.reading.attention import attention
from runtime.service.orders import Order
from runtime.service.running import run
from runtime.store import inbox
from runtime.store.ids import bucket_of, record_id
from runtime.store.worker import only_worker

from .conftest import Said, Segue


def test_enroll_by_hand(segue: Segue, ran: Path) -> None:
    told = segue("enroll", "3", "trial_welcome", "--as", "mia")
    assert (told.code, told.out) == (0, "asked for: 1 contact into sequence trial_welcome, by mia\n")
    assert "no worker runs now" in told.err
    assert segue("run", "--until", "+2 days", "--json").json["total"] == {
        "entered": 1, "ended": 0, "refused": 0, "sent": 1, "unsent": 0, "tasks": 0, "notes": 0,
    }  # fmt: skip


def test_x21_who_sits_at_the_machine_enrolls_where_nobody_else_is_named(
    segue: Segue, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with every verb: `--as`, else SEGUE_USER, else the login; they get the tasks, so they have to be users."""
    monkeypatch.setenv("SEGUE_USER", "mia")
    assert segue("enroll", "3", "trial_welcome").out == "asked for: 1 contact into sequence trial_welcome, by mia\n"
    assert segue("audit", "--json").json["acts"][0]["by_user"] == "mia"
    monkeypatch.setenv("SEGUE_USER", "nobody-here")
    told = segue("enroll", "4", "trial_welcome")
    assert told.code == 2 and "there is no user `nobody-here`" in told.err and "say with `--as USER`" in told.err
    assert segue("status", "--json").json["inbox"] == 1


def test_enroll_several_and_by_any_name(segue: Segue, ran: Path) -> None:
    found = segue("enroll", "cleo@example.net", "4", "sequence trial_welcome", "--as", "mia", "--json").json
    assert len(set(found["records"])) == 2
    done = segue("run", "--until", "+1 day", "--json").json["total"]
    assert (done["entered"], done["refused"]) == (1, 1)  # Dana pays already: her goal is met
    why = segue("why", "dana@example.net", "trial_welcome")
    assert "refused" in why.out and "goal_met" in why.out


def test_several_of_one_bucket_are_all_enrolled(segue: Segue, ran: Path) -> None:
    numbers = [str(n) for n in range(100, 3000) if bucket_of(record_id("contact", str(n))) == 7][:5]
    rows = "".join(f"{n},p{n}@example.net,A,B,free,2026-03-02\n" for n in numbers)
    (ran / "more.csv").write_text(f"id,email,first_name,last_name,plan,signed_up\n{rows}")
    segue("import", "more.csv", "--map", "people.map.yaml")
    assert segue("enroll", *numbers, "trial_welcome", "--as", "mia").code == 0
    done = segue("run", "--until", "+1 day", "--json").json["total"]
    assert len(numbers) == 5 and done["entered"] == 5


def test_enrolled_before_the_first_run(segue: Segue, project: Path) -> None:
    """They still wait in the inbox, and so does what is asked for them."""
    assert segue("enroll", "3", "trial_welcome", "--as", "mia").code == 0
    later = inbox.now() + 2 * 60_000_000
    loaded = load(project)
    with open_store(loaded) as store:
        outcome = run(loaded, store, MemoryChannel(), Order(once=True), now=lambda: later)
    assert outcome.done["sequence trial_welcome"].entered == 1


@pytest.mark.parametrize(
    ("arguments", "words", "hint"),
    [
        (("99", "trial_welcome", "--as", "mia"), "there is no contact `99`", "e-mail address"),
        (("anm@example.net", "trial_welcome", "--as", "mia"), "no contact", "did you mean `ann@example.net`?"),
        (("1", "trial_welcom", "--as", "mia"), "`trial_welcom`", "did you mean `trial_welcome`?"),
        (("1", "workflow trial_welcome", "--as", "mia"), "there is no workflow `trial_welcome`", ""),
        (("1", "trial_welcome", "--as", "mai"), "there is no user `mai`", "did you mean `mia`?"),
        (("1",), "", "segue enroll --help"),
    ],
)
def test_who_cannot_be_enrolled(segue: Segue, ran: Path, arguments: tuple[str, ...], words: str, hint: str) -> None:
    told = segue("enroll", *arguments)
    assert told.code == 2 and told.out == "" and words in told.err and hint in told.err
    assert segue("status", "--json").json["inbox"] == 0


def test_enrollments(segue: Segue, ran: Path) -> None:
    told = segue("enrollments")
    assert told.code == 0 and told.err == ""
    assert [line.split("  ")[0] for line in told.lines] == ["contact", "田中 英司", "Bo Wong", "Ann Larsen"]
    found = segue("enrollments", "trial_welcome", "--status", "waiting_task", "--limit", "1", "--json").json
    assert found["count"] == 3 and found["enrollments"][0]["enrolled_at"] == "2026-03-09T10:00:00+01:00"
    assert segue("enrollments", "--status", "active", "--json").json["count"] == 0
    assert segue("enrollments", "--contact", "ann@example.net", "--json").json["count"] == 1


def test_enrollments_of_a_company(segue: Segue, ran: Path) -> None:
    loaded = load(ran)
    with open_store(loaded) as store, store.session() as session, session.transaction():
        ann = session.one("SELECT id FROM contact WHERE email = 'ann@example.net'")
        at = inbox.present(session)
        acme = inbox.record_row("company", "acme", {"name": "Acme Ltd", "name__n": "acme ltd"}, at=at)
        inbox.put(session, [acme, inbox.link_row("contact", ann, "company", acme.id, at=at, rank=1)])
    segue("run", "--until", "+1 minute")
    for words in ("Acme Ltd", "acme", f"#{acme.id}"):
        found = segue("enrollments", "--company", words, "--json").json
        assert (found["count"], found["enrollments"][0]["contact"]) == (1, "Ann Larsen")
    told = segue("enrollments", "--company", "acme", "--company", "Acme Lte")
    assert told.code == 2 and "there is no company `Acme Lte`" in told.err and "did you mean `Acme Ltd`?" in told.err
    assert segue("enrollments", "--company", "acme", "--pause").out == "asked for: pause 1 enrollment\n"
    segue("run", "--until", "+1 minute")
    assert segue("enrollments", "--status", "paused", "--json").json["count"] == 1


def test_x22_a_task_is_given_to_a_colleague(segue: Segue, ran: Path) -> None:
    task = segue("tasks", "--json").json["tasks"][0]
    assert task["assignee"] == "mia" and task["awaits"] == ""
    project = (ran / "segue.yaml").read_text()
    assert "there is no user `ben`" in segue("tasks", "--assign", task["id"], "--to", "ben").err
    (ran / "segue.yaml").write_text(project.replace("users:\n", "users:\n  ben: {name: Ben}\n", 1))
    given = segue("tasks", "--assign", task["id"], "--to", "ben", "--as", "mia")
    assert given.out == f"asked for: to ben: {task['title']}\n"
    assert segue("tasks", "--json").json["tasks"][0]["awaits"] == "to ben"
    assert f"(to ben) {task['title']}" in segue("tasks").out
    segue("run", "--until", "+1 minute")
    assert [one["id"] for one in segue("tasks", "--of", "ben", "--json").json["tasks"]] == [task["id"]]
    told = next(act for act in segue("audit", "--json").json["acts"] if act["act"] != "run")
    assert (told["act"], told["by_user"], told["detail"]) == ("assign", "mia", {"to": "ben"})
    give = ("--assign", task["id"])
    for wrong in (give, ("--to", "ben"), (*give, "--to", "ben", "--done", "1.2.3"), (*give, "--to", "ben")):
        assert segue("tasks", *wrong).code == 2


def test_unknown_names_of_enrollments(segue: Segue, ran: Path) -> None:
    assert "did you mean `trial_welcome`?" in segue("enrollments", "trial_welcom").err
    assert "did you mean `paused`?" in segue("enrollments", "--status", "pausd").err
    assert "there is no contact" in segue("enrollments", "--contact", "zoe").err


def test_pause_resume_unenroll(segue: Segue, ran: Path) -> None:
    one = ("enrollments", "--contact", "ann@example.net")
    assert segue(*one, "--pause").out == "asked for: pause 1 enrollment\n"
    segue("run", "--until", "+1 day")
    assert _status(segue(*one, "--json")) == "paused"
    assert segue(*one, "--resume", "--as", "mia").code == 0
    segue("run", "--until", "+1 day")
    assert _status(segue(*one, "--json")) == "waiting_task"
    assert segue(*one, "--unenroll", "--json").json["asked"] == 1
    segue("run", "--until", "+1 day")
    found = segue(*one, "--json").json["enrollments"][0]
    assert (found["status"], found["reason"]) == ("unenrolled", "manual")
    assert segue(*one, "--unenroll").out == "asked for: unenroll 0 enrollments\n"


def _status(told: Said) -> str:
    return str(told.json["enrollments"][0]["status"])


def test_acts_want_to_be_narrow(segue: Segue, ran: Path) -> None:
    assert "name a definition" in segue("enrollments", "--unenroll").err
    assert "exclude each other" in segue("enrollments", "trial_welcome", "--pause", "--resume").err


def test_s9_a_start_chosen_when_enrolling(segue: Segue, ran: Path) -> None:
    told = segue("enroll", "3", "trial_welcome", "--as", "mia", "--at", "2026-04-20 14:00")
    assert told.out == "asked for: 1 contact into sequence trial_welcome, by mia, at 2026-04-20 14:00\n", told
    assert segue("run", "--until", "2026-04-20 13:59", "--json").json["total"]["entered"] == 0
    assert segue("run", "--until", "2026-04-20 14:00", "--json").json["total"]["entered"] == 1
    assert "is over" in segue("enroll", "4", "trial_welcome", "--as", "mia", "--at", "2026-04-19").err


def test_s31_who_was_refused_and_why(segue: Segue, ran: Path) -> None:
    """One of two is let in; the other one stands in the list."""
    segue("enroll", "3", "4", "trial_welcome", "--as", "mia")
    assert segue("run", "--until", "+1 day", "--json").json["total"]["entered"] == 1
    found = segue("enrollments", "trial_welcome", "--refused", "--json").json
    assert (found["count"], found["refused"][0]["reason"]) == (1, "goal_met")
    assert "its `goal` is reached already" in segue("enrollments", "--contact", "4", "--refused").lines[1]
    assert "no status" in segue("enrollments", "--status", "active", "--refused").err


def test_s39_a_pause_of_those_one_user_enrolled_and_its_end(segue: Segue, ran: Path) -> None:
    segue("enroll", "3", "trial_welcome", "--as", "mia")
    segue("run", "--until", "+1 day")
    assert segue("enrollments", "--by", "mia", "--json").json["count"] >= 1
    others = segue("enrollments", "--status", "waiting_task", "--json").json["count"]
    mine = segue("enrollments", "--by", "mia", "--status", "active", "--pause", "--until", "+3 days")
    assert mine.out == "asked for: pause 1 enrollment\n", mine
    segue("run", "--until", "+1 day")
    paused = segue("enrollments", "--status", "paused", "--json").json
    assert paused["count"] == 1 and segue("enrollments", "--status", "waiting_task", "--json").json["count"] == others
    segue("run", "--until", "+3 days")
    assert segue("enrollments", "--status", "paused", "--json").json["count"] == 0
    assert "only a pause has an end" in segue("enrollments", "--by", "mia", "--resume", "--until", "+3 days").err
    assert "is over" in segue("enrollments", "--by", "mia", "--pause", "--until", "2026-01-01").err
    assert "there is no user `mai`" in segue("enrollments", "--by", "mai").err


def test_several_tasks_are_marked_at_once(segue: Segue, ran: Path) -> None:
    """`--done ID ..`, as the page of the command line writes it."""
    first, second, third = (task["id"] for task in segue("tasks", "--json").json["tasks"])
    said = segue("tasks", "--done", first, second, "--skip", third, "--json")
    assert [(one["id"], one["state"]) for one in said.json] == [(first, "done"), (second, "done"), (third, "skipped")]
    assert segue("tasks", "--done").code == segue("outbox", "--sent").code == 2


def test_tasks(segue: Segue, ran: Path) -> None:
    found = segue("tasks", "--json").json
    assert found["count"] == 3 and found["tasks"][0]["title"] == "Call Ann Larsen"
    assert found["tasks"][0]["due_at"] == "2026-03-10T10:00:00+01:00"
    id_ = found["tasks"][0]["id"]
    assert segue("tasks", "--done", id_).out == "asked for: done: Call Ann Larsen\n"
    late = segue("tasks", "--skip", id_)  # somebody else, before the next tick
    assert late.code == 2 and f"asked for the task `{id_}` to be done already" in late.err
    assert segue("tasks", "--done", id_).code == 0
    assert segue("tasks", "--skip", found["tasks"][1]["id"], "--json").json[0]["state"] == "skipped"
    done = segue("run", "--until", "+1 day", "--json").json["total"]
    assert done["ended"] == 2
    assert segue("tasks", "--of", "mia").lines[1].startswith(found["tasks"][2]["id"])
    again = segue("tasks", "--done", id_)
    assert again.code == 2 and "is done already" in again.err


def test_what_rules_told_people(segue: Segue, ran: Path) -> None:
    assert segue("notices").code == 0 and segue("notices", "--json").json == {"count": 0, "notices": []}
    with open_store(load(ran)) as store, store.session() as session, session.transaction():
        session.run(
            "INSERT INTO segue_notification (bucket, enrollment_id, ordinal, contact_id, recipient, words, at) SELECT"
            " bucket, id, 900, contact_id, 'mia', 'Look at \u001b[31mher', 0 FROM segue_enrollment LIMIT 1"
        )
    found = segue("notices", "--of", "mia")
    assert found.lines[0].split() == ["at", "for", "words", "about", "definition"] and len(found.lines) == 2
    assert "1970-01-01 01:00" in found.lines[1] and "sequence trial_welcome" in found.lines[1]
    assert "Look at" in found.out and "\x1b" not in found.out
    assert segue("notices", "--json").json["notices"][0]["at"] == "1970-01-01T01:00:00+01:00"
    assert "there is no user `mai`" in segue("notices", "--of", "mai").err


@pytest.mark.parametrize("id_", ["7", "a.b.c", "1.2.3", "1.2.³"])
def test_no_such_task(segue: Segue, ran: Path, id_: str) -> None:
    told = segue("tasks", "--done", id_)
    assert told.code == 2 and f"`{id_}`" in told.err


def test_segments(segue: Segue, project: Path) -> None:
    assert "no segment is kept yet" in segue("segments").err
    segue("run", "--until", "2026-03-10")
    assert segue("segments", "--json").json[0]["members"] == 3
    told = segue("segments", "new_trials")
    assert sorted(line.split("  ")[1].strip() for line in told.lines[1:]) == ["1", "2", "5"]
    assert segue("segments", "new_trials", "--limit", "1", "--json").json["count"] == 3
    assert "did you mean `new_trials`?" in segue("segments", "new_trial").err


def test_segments_verify_and_rebuild(segue: Segue, project: Path) -> None:
    """What somebody broke by hand is found, told with why, and put right; a second look finds nothing."""
    assert segue("segments", "verify").code == 2  # nothing is kept yet
    segue("run", "--until", "2026-03-10")
    told = segue("segments", "verify")
    assert (told.code, "no difference" in told.err) == (0, True), told
    ann, stranger = record_id("contact", "1"), record_id("contact", "nobody")
    with open_store(load(project)) as store, store.session() as session, session.transaction():
        session.run("DELETE FROM segue_membership WHERE id = :id", id=ann)
        session.run(
            "INSERT INTO segue_membership (bucket, segment_id, id, joined_at) SELECT :b, id, :id, 5"
            " FROM segue_segment WHERE name = 'new_trials'",
            b=bucket_of(stranger), id=stranger,
        )  # fmt: skip
    told = segue("segments", "verify", "new_trials")
    assert told.code == 1
    assert f"segment new_trials: #{ann} 1 is no member, but the condition is true" in told.out
    assert f"#{stranger} is a member, but there is no such record (since" in told.out
    found = segue("segments", "verify", "--json")
    assert found.code == 1 and found.json["differences"] == 2
    assert "did you mean `new_trials`?" in segue("segments", "verify", "new_trial").err
    rebuilt = segue("segments", "rebuild")
    assert rebuilt.out == "2 memberships began, 1 ended\n", rebuilt  # her `when` condition reads the segment
    assert segue("segments", "verify").code == 0
    assert segue("run", "--until", "2026-03-11", "--json").json["total"]["entered"] == 0


def test_segments_verify_finds_wrong_counts_and_lost_turns(segue: Segue, ran: Path) -> None:
    with open_store(load(ran)) as store, store.session() as session, session.transaction():
        session.run(
            "INSERT INTO segue_activity (bucket, id, event, count, first_at, last_at) VALUES (1, 257, 'purchased',"
            " 2, 5, 6)"
        )
    told = segue("segments", "verify")
    assert told.code == 1 and "event purchased: #257 has 0 such events, 2 are counted" in told.out
    with open_store(load(ran)) as store, store.session() as session, session.transaction():
        session.run("INSERT INTO segue_meta (key, value) VALUES ('vacuumed purchased', '7')")
    assert "purchased" not in segue("segments", "verify").out  # events that were let go are still counted


def test_segments_rebuild_is_refused_while_a_worker_runs(segue: Segue, ran: Path) -> None:
    with open_store(load(ran)) as store, only_worker(store):
        assert "another worker runs" in segue("segments", "rebuild").err


def test_report(segue: Segue, ran: Path) -> None:
    told = segue("report")
    assert told.lines == [
        "sequence       enrolled  opened  clicked  replied  meetings  unsubscribed  bounced  inside  ended",
        "trial_welcome         3    0.0%     0.0%     0.0%      0.0%          0.0%     0.0%       3      0",
    ]
    one = segue("report", "trial_welcome", "--json").json
    assert one["total"]["enrolled"] == 3 and one["months"][0]["month"] == "2026-03"
    assert [s["label"] for s in one["funnel"] if s["kind"] == "send"] == ["send welcome", "send how_is_it_going"]
    assert "Steps" in segue("report", "trial_welcome").lines


def test_report_filters(segue: Segue, ran: Path) -> None:
    def enrolled(*arguments: str) -> int:
        return int(segue("report", *arguments, "--json").json["total"]["enrolled"])

    assert enrolled("--since", "2026-03-03") == 2
    assert enrolled("--until", "2026-03-03") == 2  # to the end of that day
    assert enrolled("--by", "mia") == 3
    assert enrolled("--status", "finished") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("trial_welcom",), "did you mean `trial_welcome`?"),
        (("--since", "yesterday"), "is no date"),
        (("--company", "Acme"), "there is no company `Acme`"),
        (("--by", "max"), "there is no user `max`"),
        (("--status", "done"), "there is no status `done`"),
    ],
)
def test_what_cannot_be_reported(segue: Segue, ran: Path, arguments: tuple[str, ...], words: str) -> None:
    told = segue("report", *arguments)
    assert told.code == 2 and words in told.err and told.out == ""


WHY = """\
Ann Larsen in sequence trial_welcome: waiting task, enrolled 2026-03-02 10:00

when:
  ✗ in segment new_trials   (from 2026-03-02 10:00 to 2026-03-16 00:00)
    ✗ plan = trial and created_at within 14 days
      ✓ plan = trial   (plan is trial)
      ✗ created_at within 14 days   (created_at is 2026-03-02 10:00)   <- this decides

goal:
  ✗ plan = paid   (plan is trial)
"""


def test_why_somebody_is_inside(segue: Segue, ran: Path) -> None:
    told = segue("why", "ann@example.net", "trial_welcome")
    assert told.code == 0 and told.out.startswith(WHY)
    assert "2026-03-04 10:00  send how_is_it_going  sent" in told.out
    assert "as of 2026-04-01 00:00 Europe/Berlin" in told.err


def test_why_somebody_is_not(segue: Segue, ran: Path) -> None:
    told = segue("why", "3", "trial_welcome")
    first = "Cleo Marsh in sequence trial_welcome: not enrolled: `when` does not hold"
    assert told.lines[0] == f"{first}, for `plan = trial` does not (plan is free)"
    assert "      ✗ plan = trial   (plan is free)   <- this decides" in told.lines


def test_why_json(segue: Segue, ran: Path) -> None:
    found = segue("why", "ann@example.net", "trial_welcome", "--json").json
    assert found["settings"][0]["parts"][0]["parts"][0]["parts"][0] == {
        "words": "plan = trial", "holds": True, "because": "plan is trial", "parts": [], "joined": "",
    }  # fmt: skip
    assert found["enrollments"][0]["steps"][0]["at"] == "2026-03-02T10:00:00+01:00"


def test_why_before_the_first_run(segue: Segue, project: Path) -> None:
    told = segue("why", "1", "trial_welcome")
    assert told.code == 2 and "segue plan" in told.err


def test_why_of_a_rule_not_yet_live(segue: Segue, ran: Path) -> None:
    rule = "workflow tag of contact {\n  when: plan = paid\n  set lifecycle_stage = customer\n}\n"
    (ran / "rules/new.segue").write_text(rule)
    told = segue("why", "dana@example.net", "tag")
    assert told.code == 0 and "not live yet" in told.lines[0] and "  ✓ plan = paid   (plan is paid)" in told.lines
    segue("run", "--until", "+1 day")
    assert "it matched already when the rule went live" in segue("why", "dana@example.net", "tag").lines[0]


def test_status(segue: Segue, ran: Path) -> None:
    told = segue("status")
    assert told.code == 0 and "tasks open     3, 3 overdue" in told.lines
    found = segue("status", "--json").json
    assert found["outbox"] == {"sent": 6} and found["clock_kind"] == "virtual" and found["worker"] is None


def test_status_says_since_when_a_worker_runs_by_the_clock_of_the_account(segue: Segue, ran: Path) -> None:
    loaded = load(ran)
    assert loaded.zone == "Europe/Berlin"
    with open_store(loaded) as store, only_worker(store):
        assert "Europe/Berlin" in next(line for line in segue("status").lines if line.startswith("worker"))
        with store.session() as session:
            found = attention(store, session, time.time_ns() // 1_000, loaded.zone)
        assert found.worker == segue("status", "--json").json["worker"] and "UTC" not in str(found.worker)


def test_who_was_deleted_is_not_taken_for_another(segue: Segue, ran: Path) -> None:
    """A neighbour's id is no slip of the finger then."""
    assert segue("delete", "contact", "3", "--yes", "--as", "mia").code == 0
    assert segue("run", "--until", "+1 day").code == 0
    told = segue("why", "3", "trial_welcome")
    assert told.code == 2 and "there is no contact `3`" in told.err and "it was deleted by mia" in told.err
    assert "did you mean" not in told.err
    assert "did you mean" not in segue("why", f"#{record_id('contact', '3')}", "trial_welcome").err


def test_status_of_what_vanished(segue: Segue, ran: Path) -> None:
    (ran / "rules/trials.segue").unlink()
    segue("run", "--until", "+1 day")
    assert "vanished; those inside finish" in segue("status").out


def test_why_promises_nothing_to_whom_no_time_is_left(segue: Segue, project: Path) -> None:
    """Window and quiet hours exclude each other: the enrollment ends as errored, so there is no next step."""
    settings = project / "segue.yaml"
    settings.write_text(settings.read_text() + "limits: {quiet_hours: 08:00-18:00}\n")
    assert segue("run", "--until", "2026-03-05").code == 0
    told = segue("why", "1", "trial_welcome").out
    assert "never_open" in told and "next:" not in told


def test_a_reason_is_told_once(segue: Segue, project: Path) -> None:
    rules = project / "rules/other.segue"
    rules.write_text("sequence other { when: manually  sender: mia  send welcome }\n")
    segue("run", "--until", "2026-03-03")
    segue("enroll", "1", "other", "--as", "mia")
    segue("run", "--until", "+1 day")
    told = segue("why", "1", "other").out
    words = "they are in trial_welcome already, and may be in only one such sequence"
    assert (told.count(words), told.count("[already_enrolled(trial_welcome)]\n")) == (2, 1), told


def test_several_tasks_are_marked_or_none(segue: Segue, ran: Path) -> None:
    one, two, *_ = (task["id"] for task in segue("tasks", "--json").json["tasks"])
    for wrong in (("--done", one, "--done", "1.2.3"), ("--done", one, "--skip", one)):
        told = segue("tasks", *wrong)
        assert told.code == 2 and told.out == ""
        assert segue("status", "--json").json["inbox"] == 0
    assert len(segue("tasks", "--done", one, "--skip", two).lines) == 2
    assert segue("status", "--json").json["inbox"] == 2
