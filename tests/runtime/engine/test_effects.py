"""What steps make beside mails: records, links, notes, turns of a team (W15, W16, P8, X23)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT

TEAMS = PROJECT + "teams: {desk: [rep, gone, amy], away: [gone, rep]}\n"


def tickets(world, *columns):
    """Tickets as tuples, in the order of their creation."""
    names = ", ".join(f'"{c}"' for c in columns)
    return world.sql(f"SELECT {names} FROM ticket ORDER BY created_at, id")


def linked(world, owner, association):
    return {(a, b) for a, b in world.sql(f"SELECT id, to_id FROM link_{owner}_{association}")}


# --- create -----------------------------------------------------------------------------------


def test_w15_p8_a_ticket_is_created_with_defaults_and_starts_what_waits_for_tickets(worlds):
    world = worlds(
        """workflow w of contact { when: manually  create ticket { subject = "Call {{ contact.full_name }}" kind = plan
             priority = low } }
           workflow seen of ticket { when: created  set kind = "Seen" }""",
    )
    world.contact("ann", plan="trial").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 10:00")
    assert world.steps("ann", "w")[1] == ("03-02 09:00", "create", "ticket", "done")
    ((id_, bucket, subject, folded, kind, priority, stage, pipeline, level, created),) = tickets(
        world, "id", "bucket", "subject", "subject__n", "kind", "priority", "stage", "pipeline", "level", "created_at"
    )
    assert (subject, folded, kind, priority) == ("Call ann@x.example", "call ann@x.example", "Seen", "low")
    assert (stage, pipeline, level) == ("new", "support", 3)
    assert (bucket, world.local(created)) == (id_ % 256, "03-02 09:00")
    assert not linked(world, "contact", "ticket")  # nothing is linked that the rule does not link


def test_w15_a_created_record_is_named_linked_read_and_waited_for(worlds):
    world = worlds(
        """workflow w of contact { when: manually
             create ticket { subject = "Help" } as help
             link help to contact
             if help.priority = medium { notify rep "{{ help.subject }}" }
             wait until help.stage = closed up to 5 days else { set plan = free  exit "late" }
             set first_name = help.subject
           }
           workflow close of ticket { when: created  wait 2 hours  set stage = closed }""",
    )
    world.contact("ann").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-03 10:00")
    ((id_,),) = tickets(world, "id")
    ann = next(i for i, n in world.names.items() if n == "ann")
    assert linked(world, "contact", "ticket") == {(ann, id_)} and linked(world, "ticket", "contact") == {(id_, ann)}
    assert world.steps("ann", "w")[1:] == [
        ("03-02 09:00", "create", "ticket", "done"),
        ("03-02 09:00", "link", "help to contact", "done"),
        ("03-02 09:00", "branch", None, "then"),
        ("03-02 09:00", "notify", "", "done"),
        ("03-02 11:00", "wait", None, "happened"),
        ("03-02 11:00", "set", "first_name", "done"),
        ("03-02 11:00", "ended", "finished", "completed"),
    ]
    assert world.notes("ann") == [("03-02 09:00", "rep", "Help")]
    assert world.value("ann", "first_name") == "Help"


def test_w15_time_alone_turns_what_is_asked_of_a_created_record(worlds):
    world = worlds(
        """workflow w of contact { when: manually
             create ticket { subject = "Help"  until = renewal } as help
             wait until help.until within next 2 days up to 30 days else { exit "never" }
             set visits = 1 }""",
    )
    world.contact("ann", renewal="2026-03-10").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-12 10:00")
    assert world.steps("ann", "w")[2] == ("03-09 00:00", "wait", None, "happened")


def test_w15_a_missing_value_takes_the_default_and_a_value_of_another_is_written_as_kept(worlds):
    world = worlds(
        """workflow w of contact { when: manually
             create ticket { subject = "x"  level = last(submitted_survey).score  until = 2 days ago
               worth = sum(purchased.amount)
               seen = last(purchased).at } }""",
    )
    world.contact("ann").event("ann", "purchased", at="03-02 08:30", amount="12.50")
    world.event("ann", "purchased", at="03-02 08:40", amount="1.25")
    world.enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 10:00")
    ((level, worth, until, seen),) = tickets(world, "level", "worth", "until", "seen")
    assert (level, worth, str(until), world.local(seen)) == (3, 1375, "2026-02-28", "03-02 08:40")


# --- values out of events ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "property_name", "wanted"),
    [
        ("set visits = count(purchased)", "visits", 3),
        ("set visits = count(deal (won))", "visits", 1),
        ("add count(purchased within 1 hour) to visits", "visits", 1),
        ("set first_name = last(viewed_page).path", "first_name", "/Price"),
        ("set renewal = 1 month ago", "renewal", "2026-02-02"),
        ("set renewal = 2026-05-01", "renewal", "2026-05-01"),
        ("set first_name = plan", "first_name", "trial"),
        ("set tags = a", "tags", ";a;"),
        ("set tags = [c, a, c]", "tags", ";a;c;"),
    ],
)
def test_w15_steps_write_values_out_of_events_counts_and_time(worlds, statement, property_name, wanted):
    world = worlds(f"workflow w of contact {{ when: manually  {statement} }}")
    world.contact("ann", plan="trial").deal("d", "ann", "03-02 08:10").deal("e", "ann", "03-02 08:10", stage="lost")
    for i, at in enumerate(("08:05", "08:10", "08:50")):
        world.event("ann", "purchased", at=f"03-02 {at}", amount=str(i))
    world.event("ann", "viewed_page", at="03-02 08:20", path="/Price")
    world.enroll("ann", "workflow w", at="03-02 09:30").run_to("03-02 10:00")
    found = world.value("ann", property_name)
    assert (str(found) if property_name == "renewal" else found) == wanted


def test_w15_an_average_of_money_is_kept_in_its_smallest_unit(worlds):
    world = worlds(
        """workflow w of contact { when: manually  set company.budget = avg(purchased.amount)
             add max(purchased.amount) to company.budget }"""
    )
    world.contact("ann").company("acme", "ann")
    for i, amount in enumerate(("0.01", "0.02")):
        world.event("ann", "purchased", at=f"03-02 08:1{i}", amount=amount)
    world.enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 10:00")
    assert world.value("acme", "budget", "company") == 4  # 1.5 cents are 2, and 2 more


def test_x31_a_choice_beside_a_text_is_compared_folded(worlds):
    world = worlds("segment s of contact { first_name = plan }")
    world.contact("ann", plan="trial", first_name="TRIAL").contact("bob", plan="free", first_name="trial")
    assert world.run_to("03-02 10:00").members("s") == {"ann"}


# --- link and unlink --------------------------------------------------------------------------


def test_x23_link_and_unlink_move_both_directions_and_touch_conditions(worlds):
    world = worlds(
        """segment kept of contact { company.name is known }
           workflow w of contact { when: manually  unlink contact from company  wait 1 hour
             unlink contact from company }"""
    )
    world.contact("ann").company("acme", "ann").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 12:00")
    assert world.turns("ann", "kept") == [("03-02 08:00", "03-02 09:00")]
    assert world.steps("ann", "w")[1:3] == [
        ("03-02 09:00", "unlink", "contact from company", "done"),
        ("03-02 10:00", "unlink", "contact from company", "skipped(no company)"),
    ]
    assert not linked(world, "company", "contact") and not linked(world, "contact", "company")


def test_x23_the_last_link_of_a_to_one_association_stays(worlds):
    world = worlds(
        """workflow w of contact { when: manually  create company { name = "New" } as own  link contact to own
             wait 1 hour  create company { name = "Newer" } as own2  link own2 to contact }"""
    )
    world.contact("ann").company("acme", "ann").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 12:00")
    ((ann, company),) = linked(world, "contact", "company")
    assert world.sql("SELECT name FROM company WHERE id = :i", i=company) == [("Newer",)]
    assert linked(world, "company", "contact") == {(company, ann)}


# --- notes ------------------------------------------------------------------------------------


def test_w15_x21_a_note_lies_on_the_record_and_is_the_enrollers(worlds):
    world = worlds('workflow w of contact { when: manually  log note "Rang {{ contact.full_name }}" }')
    world.contact("ann").enroll("ann", "workflow w", by="amy", at="03-02 09:00").run_to("03-02 10:00")
    ((id_, body, folded, owner, at),) = world.sql("SELECT id, body, body__n, owner, created_at FROM note")
    assert (body, folded, owner, world.local(at)) == ("Rang ann@x.example", "rang ann@x.example", "amy", "03-02 09:00")
    assert {b for _, b in linked(world, "contact", "note")} == {id_} == {a for a, _ in linked(world, "note", "contact")}
    assert world.steps("ann")[1] == ("03-02 09:00", "note", "", "done")


# --- turns of a team --------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 100])
def test_w16_each_in_turn_gets_the_next_by_due_and_record_and_the_inactive_are_passed_over(worlds, batch):
    world = worlds("workflow w of contact { when: viewed_page  assign owner round_robin team desk }", project=TEAMS)
    world.engine.batch = batch
    names = [f"p{i}" for i in range(7)]
    for name in names:
        world.contact(name, owner=None)
    world.contact("kept", owner="mute")
    for name in (*names, "kept"):
        world.event(name, "viewed_page", at="03-02 09:00", path="/")
    world.run_to("03-02 10:00")
    order = sorted((i, n) for i, n in world.names.items() if n != "kept")
    assert [world.value(n, "owner") for _, n in order] == ["rep", "amy", "rep", "amy", "rep", "amy", "rep"]
    assert world.value("kept", "owner") == "mute"
    assert world.steps("kept")[1] == ("03-02 09:00", "assign", "owner", "skipped(has owner)")
    world.contact("next", at="03-02 11:00", owner=None).event("next", "viewed_page", at="03-02 11:30", path="/")
    world.run_to("03-02 12:00")
    assert world.value("next", "owner") == "amy"


def test_w16_replace_takes_it_from_an_owner_and_nobody_active_is_skipped(worlds):
    idle = TEAMS.replace("away: [gone, rep]", "away: [gone, mute]")
    world = worlds(
        """workflow w of contact { when: manually  assign owner round_robin team desk replace
             assign company.owner round_robin team desk  create ticket { subject = "x" } as t
             assign t.owner round_robin team desk }
           workflow v of contact { when: manually  assign owner round_robin team away replace }""",
        project=idle,
    )
    world.contact("ann", owner="mute").enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 10:00")
    assert [s[2:] for s in world.steps("ann", "w")[1:5]] == [
        ("owner", "done"),
        ("company.owner", "skipped(no company)"),
        ("ticket", "done"),
        ("t.owner", "done"),
    ]
    assert world.value("ann", "owner") == "rep" and tickets(world, "owner") == [("amy",)]
    world.sql("UPDATE segue_user SET active = FALSE WHERE name = 'mute'")
    world.enroll("ann", "workflow v").run_to("03-02 11:00")
    assert world.steps("ann", "v")[1][3] == "skipped(nobody active)" and world.value("ann", "owner") == "rep"
