"""What acts on whom (semantics X20-X24), the loop guard (X28) and values (X29-X31) as the engine sees them."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld

STRICT = PROJECT.replace("consent: relaxed", "consent: strict")


def test_x20_statements_of_a_workflow_mean_the_records_enrolled(worlds: MakeWorld) -> None:
    """In a workflow of deals `set` writes the deal; a to-one path leads from it."""
    w = worlds('workflow w of deal { when: stage becomes won  set name = "done" }')
    w.contact("ann").deal("d1", "ann", at="03-03 10:00", stage="appointment").deal("d1", "ann", at="03-04 10:00")
    w.deal("d2", "ann", at="03-03 10:00", stage="appointment").run_to("03-05 09:00")
    assert (w.value("d1", "name", "deal"), w.value("d2", "name", "deal")) == ("done", "d2")
    assert w.entered("d1", "w", of="deal") == ["03-04 10:00"]


def test_x21_tasks_of_a_sequence_go_to_the_enroller(worlds: MakeWorld) -> None:
    """By hand: whoever enrolled; automatic: the resolved sender, here the owner."""
    w = worlds(
        'sequence hand { when: manually  sender: rep  exclusive: false  task call "C" }'
        ' sequence auto { when: plan = trial  sender: contact.owner  exclusive: false  task call "C" }'
    )
    w.contact("ann", at="03-03 10:00", plan="trial", owner="rep").enroll(
        "ann", "sequence hand", by="amy", at="03-03 10:00"
    )
    w.run_to("03-04 09:00")
    found = w.sql(
        "SELECT d.name, k.assignee FROM segue_task k JOIN segue_definition d ON d.id = k.definition_id ORDER BY 1"
    )
    assert found == [("auto", "rep"), ("hand", "amy")]


def test_x21_tasks_of_a_workflow_go_to_the_named_user_the_owner_or_nobody(worlds: MakeWorld) -> None:
    """`to USER`, else the owner, else the unassigned queue."""
    w = worlds(
        'workflow w of contact { when: plan = trial  task call "C" to amy  task todo "D"  task'
        ' email "{{ contact.full_name }}" to contact.owner }'
    )
    w.contact("ann", at="03-03 10:00", plan="trial", owner="rep").contact(
        "bob", at="03-03 10:00", plan="trial", owner=None
    )
    w.run_to("03-04 09:00")
    assert [who for _, _, who, _ in w.tasks("ann")] == ["amy", "rep", "rep"]
    assert [who for _, _, who, _ in w.tasks("bob")] == ["amy", None, None]


@pytest.mark.parametrize("owner", [None, "gone", "mute", "nobody"])
def test_x21_no_sender_is_refused(world: MakeWorld, owner: str | None) -> None:
    """No sender, a deactivated one, one without mailbox, one we do not know: refused no_sender."""
    w = world("sequence x { when: plan = trial  sender: contact.owner  send intro }")
    w.contact("ann", at="03-03 10:00", plan="trial", owner=owner).contact("bob", at="03-03 10:00", plan="trial").run_to(
        "03-04 09:00"
    )
    assert w.refusals("ann") == [("03-03 10:00", "x", "no_sender")]
    assert w.mails("bob") == [("03-03 10:00", "intro")]


def test_x22_a_task_holds_a_sequence_until_done_or_skipped(worlds: MakeWorld) -> None:
    """It holds what follows; the next delay counts from the completion; skipped counts as a step too (S22)."""
    w = worlds('sequence x { when: manually  sender: rep  task call "C"  wait 1 day  send intro }')
    for name in ("done", "skipped", "open"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-09 09:00")
    assert w.status("open", "x") == "waiting_task"
    w.finish_task("done", at="03-09 10:00").finish_task("skipped", at="03-09 11:00", state="skipped").run_to(
        "03-20 09:00"
    )
    assert (w.mails("done"), w.mails("skipped")) == ([("03-10 10:00", "intro")], [("03-10 11:00", "intro")])
    assert [w.tasks(n)[0][3] for n in ("done", "skipped", "open")] == ["done", "skipped", "open"]
    assert w.status("open", "x") == "waiting_task"


def test_x22_without_waiting_and_in_workflows_a_task_never_holds(worlds: MakeWorld) -> None:
    """`task .. without waiting` goes on at once; in a workflow every task does."""
    w = worlds(
        'sequence x { when: manually  sender: rep  task call "C" without waiting  send intro }'
        ' workflow w of contact { when: manually  task call "C"  set visits = 1 }'
    )
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "workflow w", at="03-03 10:00").run_to(
        "03-03 10:00"
    )
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert w.value("ann", "visits") == 1


def test_x23_no_record_there_is_skipped_and_the_enrollment_goes_on(worlds: MakeWorld) -> None:
    """`set` through a to-one path writes the record there; without one the step is skipped(no company)."""
    w = worlds('workflow w of contact { when: manually  set company.industry = "mills"  set visits = 1 }')
    w.contact("ann").contact("bob").company("acme", "ann").enroll("ann", "workflow w", at="03-03 10:00")
    w.enroll("bob", "workflow w", at="03-03 10:00").run_to("03-03 10:00")
    assert w.value("acme", "industry", "company") == "mills"
    assert [(name, outcome) for _, what, name, outcome in w.steps("bob") if what == "set"] == [
        ("company.industry", "skipped(no company)"),
        ("visits", "done"),
    ]


def test_x23_of_several_writers_in_one_tick_the_last_by_record_id_wins(worlds: MakeWorld) -> None:
    """Deterministic, however the batch was cut: by (due, record id)."""
    w = worlds(
        "workflow w of contact { when: manually  set company.name = contact.phone }".replace("contact.phone", "phone")
    )
    names = ["ann", "bob", "cat", "dan"]
    for name in names:
        w.contact(name, phone=name).enroll(name, "workflow w", at="03-03 10:00")
    w.company("acme", *names).run_to("03-03 10:00")
    last = max((id_, name) for id_, name in w.names.items() if name in names)[1]
    assert w.value("acme", "name", "company") == last


@pytest.mark.parametrize(
    ("project", "state", "topic", "reason"),
    [
        (STRICT, None, "letter", "no_consent"),
        (STRICT, "opted_in", "letter", None),
        (STRICT, "opted_out", "letter", "no_consent"),
        (PROJECT, None, "letter", None),
        (PROJECT, "opted_out", "letter", "opted_out"),
        (STRICT, None, "intro", None),
        (STRICT, "opted_out", "intro", "opted_out"),
        (STRICT, "opted_out", "receipt", None),
    ],
)
def test_x24_consent_by_kind_of_topic(world: MakeWorld, project: str, state: str, topic: str, reason: str) -> None:
    """strict: marketing needs opted-in. relaxed: also people without a choice. One-to-one obeys opt-outs,
    transactional mail suppression alone. A refused send is a step; the workflow goes on."""
    w = world(f"workflow w of contact {{ when: manually  send {topic}  set visits = 1 }}", project=project).contact(
        "ann"
    )
    if state:
        w.consent("ann", {"letter": "news", "intro": "sales", "receipt": "account"}[topic], state, at="03-02 12:00")
    w.enroll("ann", "workflow w", at="03-03 10:00").run_to("03-04 09:00")
    assert w.steps("ann")[1] == ("03-03 10:00", "send", topic, "refused" if reason else "sent")
    assert w.sql("SELECT reason FROM segue_outbox") == [(reason,)]
    assert (w.status("ann", "w"), w.value("ann", "visits")) == ("finished(completed)", 1)


def test_x24_a_refused_send_ends_a_sequence(worlds: MakeWorld) -> None:
    """A sequence ends with the reason of the refusal; the others of the batch go on."""
    w = worlds("sequence x { when: manually  sender: rep  wait 1 day  send letter  wait 1 day  send intro }")
    w.contact("out").contact("ann").consent("out", "news", "opted_out", at="03-04 09:00")
    w.enroll("out", "sequence x", at="03-03 10:00").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-06 09:00")
    assert (w.status("out", "x"), w.ended("out", "x")) == ("unenrolled(opted_out)", "03-04 10:00")
    assert w.mails("ann") == [("03-04 10:00", "letter"), ("03-05 10:00", "intro")]
    assert w.mails("out") == []


def test_x24_suppression_holds_for_every_mail_and_for_the_address(worlds: MakeWorld) -> None:
    """Suppressed is suppressed on the address as on the person (L3): transactional mail too, a twin record too."""
    w = worlds("workflow w of contact { when: manually  send receipt }")
    w.contact("ann", email="a@x.example").contact("twin", email="A@x.example").contact("bob")
    w.event("ann", "marked_spam", at="03-02 12:00")
    for name in ("ann", "twin", "bob"):
        w.enroll(name, "workflow w", at="03-03 10:00")
    w.run_to("03-04 09:00")
    assert [w.steps(n)[1][3] for n in ("ann", "twin", "bob")] == ["refused", "refused", "sent"]


def test_x24_checked_at_send_not_at_planning(worlds: MakeWorld) -> None:
    """Whoever opts out while the mail waits for the window is not mailed."""
    w = worlds("workflow w of contact { when: plan = trial  window: 09:00-17:00  send intro }")
    w.contact("ann", at="03-03 20:00", plan="trial").consent("ann", "sales", "opted_out", at="03-04 08:59").run_to(
        "03-05 09:00"
    )
    assert w.mails("ann") == []


def test_x28_the_loop_guard_stops_what_undoes_each_other(worlds: MakeWorld) -> None:
    """Two that set one property in turns: ten enrollments an hour per record, then refused; the rest goes on."""
    w = worlds(
        "workflow there of contact { when: visits > 5  again: always  set visits = 1 }"
        " workflow back of contact { when: visits < 5  again: always  set visits = 9 }"
        ' workflow calm of contact { when: viewed_page  set phone = "x" }'
    )
    w.contact("ann", at="03-03 10:00", visits=9).contact("bob", at="03-03 10:00").event(
        "bob", "viewed_page", at="03-03 10:00", path="/"
    )
    w.run_to("03-03 10:30")
    assert w.sql(
        "SELECT count(*) FROM segue_enrollment e JOIN segue_definition d ON d.id ="
        " e.definition_id WHERE d.name <> 'calm'"
    ) == [(10,)]
    assert [why for _, _, why in w.refusals("ann")] == ["loop_guard"]
    assert w.status("bob", "calm") == "finished(completed)"


def test_x29_a_missing_value_is_false_and_no_is_true_with_none(worlds: MakeWorld) -> None:
    """Comparisons with a missing value are false, also `!=`; `no X` is true with none, `every X` needs one."""
    w = worlds(
        "segment low of contact { visits < 5 } segment other of contact { visits != 5 }"
        " segment none of contact { no deal (won) } segment all_won of contact { every deal (won) }"
        " segment known of contact { visits is known and not (visits < 5) }"
    )
    w.contact("nil").contact("few", visits=3).contact("five", visits=5)
    w.deal("d1", "few", at="03-03 10:00", stage="won").deal("d2", "five", at="03-03 10:00", stage="won")
    w.deal("d3", "five", at="03-03 10:00", stage="lost").run_to("03-04 09:00")
    found = {s: w.members(s) for s in ("low", "other", "none", "all_won", "known")}
    assert found == {"low": {"few"}, "other": {"few"}, "none": {"nil"}, "all_won": {"few"}, "known": {"five"}}


def test_x30_conditions_count_people_unless_told(worlds: MakeWorld) -> None:
    """Machines' clicks count only `including machines`; an event without a class is human."""
    w = worlds(
        "segment people of contact { has clicked_email } segment all_clicks of contact { has"
        " clicked_email including machines }"
        " segment active of contact { has acted within 1 day }"
        ' segment to_x of contact { has clicked_email(link.url contains "https") }'
        ' segment all_to_x of contact { has clicked_email(link.url contains "https") including machines }'
    )
    for name, class_ in (("m", "machine"), ("h", "human"), ("n", None)):
        w.contact(name).event(
            name, "clicked_email", at="03-03 10:00", class_=class_, template="intro", link_url="https://x"
        )
    w.run_to("03-03 11:00")
    assert [w.members(s) for s in ("people", "all_clicks", "active")] == [{"h", "n"}, {"m", "h", "n"}, {"h", "n"}]
    assert [w.members(s) for s in ("to_x", "all_to_x")] == [{"h", "n"}, {"m", "h", "n"}]


def test_x31_equality_ignores_case_and_width(worlds: MakeWorld) -> None:
    """On both databases the same."""
    w = worlds(
        'segment s of contact { first_name = "ŁUCJA" or first_name contains "田中" or first_name starts with "abc" }'
    )
    w.contact("a", first_name="łucja").contact("b", first_name="ｷﾀ田中さん").contact("c", first_name="ＡＢＣ").contact(
        "d", first_name="Lucja"
    )
    assert w.run_to("03-03 09:00").members("s") == {"a", "b", "c"}
