"""Who leaves when a record, a user or a definition goes (X9, S36, X26), and that no figure shrinks by it (M24)."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World

SERIES = 'sequence s "S" { when: manually  sender: rep  send intro  wait 1 day  send case }'
SEGMENTS = "segment fans of contact { has viewed_page }\n"


def delete(w: World, name: str, at: str, of: str = "contact") -> World:
    return w._put(inbox.delete_row(of, record_id(of, name), at=w.micros(at)))


def test_x9_a_deleted_contact_leaves_everything_and_is_mailed_no_more(worlds: MakeWorld) -> None:
    w = worlds(SEGMENTS + SERIES).contact("ann").contact("bob").company("acme", "ann").go_live()
    w.event("ann", "viewed_page", at="03-02 09:00").enroll("ann", "sequence s", at="03-02 10:00")
    w.enroll("bob", "sequence s", at="03-02 10:00").run_to("03-02 11:00")
    delete(w, "ann", "03-02 12:00").run_to("03-05 00:00")
    assert w.status("ann", "s") == "unenrolled(contact_deleted)"
    assert w.mails("ann") == [("03-02 10:00", "intro")]
    assert w.status("bob", "s") == "finished(no_reply)"
    assert w.members("fans") == set()
    assert w.turns("ann", "fans") == [("03-02 09:00", "03-02 12:00")]
    assert w.sql('SELECT count(*) FROM "contact"') == [(1,)]
    assert w.sql("SELECT count(*) FROM link_company_contact") == [(0,)]


def test_m24_figures_do_not_shrink_and_nothing_names_the_deleted(worlds: MakeWorld) -> None:
    w = worlds(SERIES).contact("ann").go_live().enroll("ann", "sequence s", at="03-02 10:00").run_to("03-02 11:00")
    w.event("ann", "opened_email", at="03-02 11:30", mail="intro").run_to("03-02 11:40")
    counts = "SELECT (SELECT count(*) FROM segue_enrollment), (SELECT count(*) FROM event_opened_email)"
    before = w.sql(counts)
    delete(w, "ann", "03-02 12:00").run_to("03-03 12:00")
    assert w.sql(counts) == before == [(1, 1)]
    assert w.sql("SELECT state, address, subject FROM segue_outbox") == [("sent", None, None)]


def test_m24_what_they_once_were_goes_with_them(worlds: MakeWorld) -> None:
    """The history of values names nobody who was deleted, and that of others stays."""
    w = worlds("static segment none of contact").contact("ann", plan="free").contact("bob", plan="free")
    for name in ("ann", "bob"):
        w.set(name, at="03-02 09:00", plan="trial").set(name, at="03-02 10:00", plan="paid")
    w.run_to("03-02 11:00")
    delete(w, "ann", "03-02 12:00").run_to("03-02 13:00")
    assert w.sql("SELECT DISTINCT id FROM segue_property_history") == [(record_id("contact", "bob"),)]


def test_m24_free_text_of_events_goes_and_names_stay(worlds: MakeWorld) -> None:
    """What they searched for is theirs; which template was opened counts on."""
    w = worlds(SERIES).contact("ann").contact("bob").go_live()
    for name in ("ann", "bob"):
        w.event(name, "searched", at="03-02 09:00", terms="My illness")
        w.event(name, "clicked_email", at="03-02 09:30", template="intro", link_url="/?mail=ann@x.example")
    w.run_to("03-02 10:00")
    delete(w, "ann", "03-02 12:00").run_to("03-02 13:00")
    ann = record_id("contact", "ann")
    assert w.sql("SELECT terms, terms__n FROM event_searched WHERE record_id = :ann", ann=ann) == [(None, None)]
    assert w.sql("SELECT template, link_url FROM event_clicked_email WHERE record_id = :ann", ann=ann) == [
        ("intro", None)
    ]
    assert w.sql("SELECT count(*) FROM event_searched WHERE terms = 'My illness'") == [(1,)], "bob's stays"


def test_x9_a_deletion_inside_an_open_cap_and_of_who_others_write_to(worlds: MakeWorld) -> None:
    """A mail the cap holds back is cancelled with its person; one to a deleted recipient is refused, and whoever it
    was sent for goes on."""
    rules = """workflow a of contact { when: viewed_page  again: always  send intro }
        workflow d of deal { when: stage becomes won  send case to advisor  add 1 EUR to amount }"""
    cap = "limits: {frequency_cap: {at_most: 1, within: 3 days, over: all, when_reached: defer}}\n"
    w = worlds(rules, project=PROJECT + cap).contact("ann").contact("bob").go_live()
    w.deal("d", "ann", at="03-02 09:00", stage="proposal", amount="1 EUR").link(
        "deal", "d", "advisor", "bob", "03-02 09:00"
    )
    for name in ("ann", "bob"):
        for at in ("03-02 10:00", "03-02 11:00"):
            w.event(name, "viewed_page", at=at, path="/")
    w.deal("d", "ann", at="03-02 12:00").run_to("03-02 13:00")
    assert w.sql("SELECT count(*) FROM segue_outbox WHERE state = 'deferred'") == [(3,)]
    delete(w, "bob", "03-02 14:00").run_to("03-12 00:00")
    assert w.mails("bob") == [("03-02 10:00", "intro")] and len(w.mails("ann")) == 2
    states = w.sql("SELECT template, state, reason FROM segue_outbox WHERE state <> 'sent' ORDER BY template")
    assert states == [("case", "refused", "no_address"), ("intro", "cancelled", "contact_deleted")]
    assert w.value("d", "amount", of="deal") == 200


def test_x25_who_takes_over_an_address_is_one_person_with_its_owner(worlds: MakeWorld) -> None:
    """Two records that become one person by their address share the room that is left, also for what waits."""
    rules = "workflow a of contact { when: viewed_page  again: always  send intro }"
    cap = "limits: {frequency_cap: {at_most: 1, within: 2 days, over: all, when_reached: defer}}\n"
    w = worlds(rules, project=PROJECT + cap).contact("ann").contact("bob").go_live()
    w.event("ann", "viewed_page", at="03-02 10:00", path="/").set("bob", at="03-02 11:00", email="ann@x.example")
    w.event("bob", "viewed_page", at="03-02 12:00", path="/").event("ann", "viewed_page", at="03-02 13:00", path="/")
    w.run_to("03-12 00:00")
    assert (w.mails("ann"), w.mails("bob")) == (
        [("03-02 10:00", "intro"), ("03-06 00:00", "intro")],
        [("03-04 00:00", "intro")],
    )


def test_x9_a_deletion_of_nobody_does_nothing(worlds: MakeWorld) -> None:
    w = worlds(SERIES).contact("ann").go_live()
    delete(w, "nobody", "03-02 12:00").run_to("03-03 00:00")
    assert w.sql('SELECT count(*) FROM "contact"') == [(1,)]


def test_x9_a_deleted_company_is_looked_at_from_its_contacts(worlds: MakeWorld) -> None:
    w = worlds("segment housed of contact { company.name is known }").contact("ann").company("acme", "ann").go_live()
    w.run_to("03-02 10:00")
    assert w.members("housed") == {"ann"}
    delete(w, "acme", "03-02 12:00", of="company").run_to("03-02 13:00")
    assert w.members("housed") == set()


def test_s36_a_deactivated_user_enrolls_nobody(worlds: MakeWorld) -> None:
    """Whoever sends: the tasks would be nobody's. One without a mailbox may, where another sends (X21)."""
    w = worlds('sequence s { when: manually  sender: contact.owner  task call "C" }').contact("ann").contact("bob")
    w.enroll("ann", "sequence s", by="gone", at="03-03 10:00").enroll("bob", "sequence s", by="mute", at="03-03 10:00")
    w.run_to("03-03 11:00")
    assert w.refusals("ann") == [("03-03 10:00", "s", "no_sender")]
    assert w.tasks("bob") == [("03-03 10:00", "call", "mute", "open")]


def test_s36_those_of_a_deactivated_user_end_when_the_rules_go_live(worlds: MakeWorld) -> None:
    rules = SERIES.replace("sender: rep", "sender: contact.owner")
    w = worlds(rules).contact("ann").contact("bob", owner="amy").go_live()
    w.enroll("ann", "sequence s", at="03-02 10:00").enroll("bob", "sequence s", by="amy", at="03-02 10:00")
    w.run_to("03-02 11:00")
    w.project_text = PROJECT.replace("time_zone: Asia/Tokyo", "time_zone: Asia/Tokyo, active: false")
    w.edit(rules).run_to("03-05 00:00")
    assert w.status("bob", "s") == "unenrolled(user_deactivated)"
    assert w.mails("bob") == [("03-02 10:00", "intro")]
    assert w.status("ann", "s") == "finished(no_reply)"


def test_s36_a_workflow_needs_its_enroller_no_more(worlds: MakeWorld) -> None:
    """It mails for another; a sequence gives its enroller its tasks."""
    rules = "workflow w of contact { when: manually  sender: contact.owner  wait 1 day  set visits = 5 }\n" + SERIES
    w = worlds(rules).contact("ann").go_live()
    for name in ("workflow w", "sequence s"):
        w.enroll("ann", name, by="amy", at="03-02 10:00")
    w.run_to("03-02 11:00")
    w.project_text = PROJECT.replace("time_zone: Asia/Tokyo", "time_zone: Asia/Tokyo, active: false")
    w.edit(rules).run_to("03-05 00:00")
    assert (w.status("ann", "s"), w.status("ann", "w")) == ("unenrolled(user_deactivated)", "finished(completed)")
    assert w.value("ann", "visits") == 5


def test_x26_stop_ends_those_inside_a_vanished_definition_whatever_it_still_needs(worlds: MakeWorld) -> None:
    w = worlds(SERIES).contact("ann").go_live().enroll("ann", "sequence s", at="03-02 10:00").run_to("03-02 11:00")
    with pytest.raises(InvalidInput, match=r"template `case` is gone .* 1 enrollment still needs it"):
        w.edit("static segment none of contact")
    w.edit("static segment none of contact", stopped=frozenset({"s"})).run_to("03-05 00:00")
    assert w.status("ann", "s") == "unenrolled(sequence_removed)"
    assert w.mails("ann") == [("03-02 10:00", "intro")]


def test_x26_a_stopped_workflow_is_called_one(worlds: MakeWorld) -> None:
    rules = "workflow w of contact { when: manually  wait 2 days  send intro }"
    w = worlds(rules).contact("ann").go_live().enroll("ann", "workflow w", at="03-02 10:00").run_to("03-02 11:00")
    w.edit("static segment none of contact", stopped=frozenset({"w"})).run_to("03-05 00:00")
    assert w.status("ann", "w") == "unenrolled(workflow_removed)" and w.mails("ann") == []


def test_x26_stop_of_a_definition_still_there_ends_those_inside_and_takes_others_in(worlds: MakeWorld) -> None:
    w = worlds(SERIES).contact("ann").contact("bob").go_live()
    w.enroll("ann", "sequence s", at="03-02 10:00").run_to("03-02 11:00")
    w.edit(SERIES, stopped=frozenset({"sequence s"})).enroll("bob", "sequence s", at="03-02 12:00").run_to(
        "03-05 00:00"
    )
    assert w.status("ann", "s") == "unenrolled(sequence_removed)"
    assert w.status("bob", "s") == "finished(no_reply)"


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("plan: {type: choice, options: [free, trial, paid]}", "tier: {type: text}", "property `contact.plan`"),
        ("plan: {type: choice, options: [free, trial, paid]}", "plan: {type: number}", "property `contact.plan`"),
    ],
)
def test_x26_a_schema_that_a_pinned_version_cannot_bear_is_refused(
    world: MakeWorld, old: str, new: str, lost: str
) -> None:
    w = world(SERIES.replace("send case", "if plan = paid { send case }")).contact("ann").contact("bob").go_live()
    for name in ("ann", "bob"):
        w.enroll(name, "sequence s", at="03-02 10:00")
    w.run_to("03-02 11:00")
    w.schema_text = SCHEMA.replace(old, new)
    with pytest.raises(InvalidInput, match=rf"{lost} is gone or of another type, but 2 enrollments still need it"):
        w.edit(SERIES)


def test_x28_two_workflows_that_set_one_property_in_turns_come_to_an_end(worlds: MakeWorld) -> None:
    """The checker sees no circle: each waits for a value that the other one only may bring."""
    rules = """
    workflow up of contact { when: visits < 3  again: always  wait 1 minute  add 5 to visits }
    workflow down of contact { when: visits > 3  again: always  wait 1 minute  add -5 to visits }
    """
    w = worlds(rules).contact("ann").go_live().set("ann", at="03-02 10:00", visits=1).run_to("03-02 10:50")
    assert len(w.enrollments("ann", "up")) + len(w.enrollments("ann", "down")) == 10
    assert [refusal[2] for refusal in w.refusals("ann")] == ["loop_guard"]


def test_x9_notes_calls_and_meetings_keep_no_word_of_who_was_deleted(worlds: MakeWorld) -> None:
    """Whoever they were tied to besides keeps that there was one; a note on somebody else too is theirs."""
    w = worlds(SERIES).contact("ann").contact("bob").deal("sale", "ann", "03-02 08:00")
    for of, name in (("note", "hers"), ("note", "both"), ("call", "rang")):
        w.record(of, name, "03-02 09:00", body="Ann Smith is ill").link(of, name, "contact", "ann", "03-02 09:00")
    w.link("note", "hers", "deal", "sale", "03-02 09:00").link("note", "both", "contact", "bob", "03-02 09:00")
    w.set("hers", "03-02 09:10", "note", body="Ann Smith is well again")
    w.set("rang", "03-02 09:10", "call", outcome="connected")
    w.run_to("03-02 10:00")
    assert len(w.sql("SELECT 1 FROM segue_property_history WHERE object = 'note'")) > 0
    delete(w, "ann", "03-02 12:00").run_to("03-02 13:00")
    assert w.sql("SELECT external_id, body, body__n FROM note ORDER BY external_id") == [
        ("both", "Ann Smith is ill", "ann smith is ill"),
        ("hers", "(deleted)", "(deleted)"),
    ]
    assert w.sql('SELECT body, body__n, outcome FROM "call"') == [(None, None, "connected")]
    hers = record_id("note", "hers")
    assert w.sql("SELECT 1 FROM segue_property_history WHERE object = 'note' AND id = :id", id=hers) == []
    delete(w, "bob", "03-02 14:00").run_to("03-02 15:00")
    assert w.sql("SELECT DISTINCT body FROM note") == [("(deleted)",)]
