"""What follows a saved playbook: once for each save, with its answers, about its person (P5, X20)."""

from __future__ import annotations

from email import message_from_bytes, policy

from runtime.store.ids import record_id
from runtime.talks.opening import named, opened, reader
from runtime.talks.questions import OUTCOME
from runtime.talks.reviewing import review
from runtime.talks.sheets import sheet
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.talks.conftest import loaded, talk

CALL = """
playbook call "Discovery call" for deal with contact {
  outcome: connected, no_answer
  ask budget "What has been set aside?": money -> deal.amount
  ask role "Their part": choice [champion, user]
  ask words "What did they say?": text
  ask when_due "By when?": date -> deal.close_on
  ask sure "Sure?": bool
  ask seats "How many?": number
  on save {
    log note "Budget {{ answers.budget | default: 'open' }}"
    if outcome = connected { enroll in sequence follow_up  task call "Ring {{ contact.full_name }}" }
    if answers.words contains "HELLO" { set name = "said hello" }
    if answers.budget > 1000 EUR and answers.sure = true and answers.seats >= 3 { create ticket { subject = "big" } }
    if answers.when_due < 2026-05-01 { send intro }
  }
}
sequence follow_up { when: manually  sender: rep  send intro }
"""


def test_p5_answers_decide_and_person_on_the_line_is_meant(worlds: MakeWorld) -> None:
    world = worlds(CALL)
    world.contact("ann").contact("bob").deal("d1", "ann", "03-02 08:00", stage="proposal")
    world.link("deal", "d1", "contact", "bob", "03-02 08:00").run_to("03-02 09:00")
    talk(
        world, "call", "d1", "bob", "connected",
        budget="1200.50", role="Champion", words="well hello there", when_due="2026-04-30", sure="yes", seats="3",
    )  # fmt: skip
    world.run_to("03-02 09:05")
    assert world.sql("SELECT name, amount FROM deal") == [("said hello", 120050)]
    assert [m for _, m in world.mails("bob")] == ["intro", "intro"] and world.mails("ann") == []
    assert world.sql("SELECT title FROM segue_task") == [("Ring bob@x.example",)]
    notes = [row[0] for row in world.sql("SELECT body FROM note ORDER BY body")]
    assert notes[0].startswith("Budget €1,200.50") and notes[1].startswith("Discovery call: connected\n")


def test_p5_two_saves_at_one_instant_both_run(worlds: MakeWorld) -> None:
    world = worlds(
        'playbook p for contact { ask n "N?": number on save { task todo "Seen {{ answers.n | default: 0 }}" } }'
    )
    world.contact("ann").contact("bob").run_to("03-02 09:00")
    for who, n in (("ann", "1"), ("ann", "2"), ("bob", "3"), ("ann", "4")):
        talk(world, "p", who, n=n)
    world.run_to("03-02 09:01")
    assert sorted(row[0] for row in world.sql("SELECT title FROM segue_task")) == [f"Seen {n}" for n in (1, 2, 3, 4)]
    assert world.sql("SELECT count(*) FROM segue_enrollment WHERE status = 'finished'") == [(4,)]
    assert world.sql("SELECT note FROM segue_task WHERE note IS NOT NULL") == []
    talk(world, "p", "ann", n="5")
    world.run_to("03-02 10:00").run_to("03-02 11:00")
    assert world.sql("SELECT count(*) FROM segue_task") == [(5,)]


def test_p5_saved_while_an_earlier_one_still_mails(worlds: MakeWorld) -> None:
    """A mail of the first one waits for quiet hours to end; the second one runs beside it."""
    project = PROJECT + "limits: {quiet_hours: 20:00-08:00}\n"
    world = worlds(
        'playbook p for contact { ask n "N?": number on save { send intro  task todo "Done" } }', project=project
    )
    world.contact("ann").run_to("03-02 21:00")
    talk(world, "p", "ann", n="1")
    world.run_to("03-02 21:05")
    talk(world, "p", "ann", n="2")
    world.run_to("03-02 21:10")
    assert world.mails("ann") == []
    world.run_to("03-03 08:05")
    assert world.mails("ann") == [("03-03 08:00", "intro")] * 2
    assert world.sql("SELECT count(*) FROM segue_task") == [(2,)]


def test_x9_who_may_not_be_mailed_is_not_and_the_rest_goes_on(worlds: MakeWorld) -> None:
    world = worlds('playbook p for contact { ask n "N?": number on save { send letter  task todo "Done" } }')
    world.contact("ann", email=None).contact("bob").consent("bob", "news", "opted_out", "03-02 08:30")
    world.run_to("03-02 09:00")
    talk(world, "p", "ann")
    talk(world, "p", "bob")
    world.run_to("03-02 09:05")
    assert world.mails("ann") == world.mails("bob") == []
    assert world.sql("SELECT count(*) FROM segue_task") == [(2,)]


def test_p5_a_crash_between_save_and_tick_loses_nothing(worlds: MakeWorld) -> None:
    world = worlds(CALL)
    world.contact("ann").deal("d1", "ann", "03-02 08:00", stage="proposal").run_to("03-02 09:00")
    talk(world, "call", "d1", None, "no_answer", budget="500")
    world.restart().run_to("03-02 09:05")
    assert world.sql("SELECT amount FROM deal") == [(50000,)]
    assert sorted(row[0].split("\n")[0] for row in world.sql("SELECT body FROM note")) == [
        "Budget €500.00", "Discovery call: no_answer",
    ]  # fmt: skip
    world.restart().run_to("03-02 09:10")
    assert world.sql("SELECT count(*) FROM note") == [(2,)]


def test_x36_a_mail_prints_the_record_of_the_playbook_to_the_person_on_the_line(worlds: MakeWorld) -> None:
    world = worlds("""
    template agreed { topic: sales  subject: "{{ deal.name }} for {{ contact.full_name }}"
      body: "{{ deal.amount | default: 'nothing' }}" }
    playbook p for deal with contact { ask n "N?": money -> deal.amount  on save { send agreed } }
    """)
    world.contact("ann").contact("bob", first_name="Bob").deal("d", "ann", "03-02 08:00", stage="proposal")
    world.deal("e", "bob", "03-02 08:00", stage="proposal", amount="9")
    world.link("deal", "d", "contact", "bob", "03-02 08:00").run_to("03-02 09:00")
    talk(world, "p", "d", "bob", n="500")
    world.run_to("03-02 09:05")
    assert world.sql("SELECT subject FROM segue_outbox") == [("d for Bob",)]
    [message] = world.channel.messages.values()
    assert "€500.00" in message_from_bytes(message.body, policy=policy.default).get_body(("plain",)).get_content()


def test_x20_segments_consent_and_sequences_are_those_of_the_person(worlds: MakeWorld) -> None:
    world = worlds("""
    static segment warm of contact
    static segment open_deals of deal
    sequence nurture { when: manually  sender: rep  send intro }
    playbook p for deal with contact {
      ask plan "Which plan?" -> contact.plan
      on save {
        add to segment warm  add to segment open_deals  enroll in sequence nurture
        subscribe to news because "said so"
        if contact.plan is missing { task todo "ask {{ contact.email | default: 'them' }}" }
      }
    }
    """)
    world.contact("ann").contact("bob").deal("d", "ann", "03-02 08:00", stage="proposal")
    world.link("deal", "d", "contact", "bob", "03-02 08:00").run_to("03-02 09:00")
    talk(world, "p", "d", "bob")
    world.run_to("03-02 09:05")
    members = "SELECT g.name, m.id FROM segue_membership m JOIN segue_segment g ON g.id = m.segment_id ORDER BY 1"
    assert world.sql(members) == [("open_deals", record_id("deal", "d")), ("warm", record_id("contact", "bob"))]
    assert [kind for _, kind in world.mails("bob")] == ["intro"] and world.mails("ann") == []
    assert world.sql("SELECT id, state FROM segue_consent") == [(record_id("contact", "bob"), "opted_in")]
    assert world.sql("SELECT title FROM segue_task") == [("ask bob@x.example",)]


def test_x26_what_ran_for_a_playbook_that_is_gone_stays_and_nothing_new_begins(worlds: MakeWorld) -> None:
    world = worlds('playbook p for contact { ask n "N?": number on save { task todo "A" } }')
    world.contact("ann").run_to("03-02 09:00")
    talk(world, "p", "ann")
    world.run_to("03-02 09:05")
    talk(world, "p", "ann")
    world.edit("static segment none of contact").run_to("03-02 09:10")
    assert world.sql("SELECT count(*) FROM segue_task") == [(1,)]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(2,)]


FOLLOWS = """
playbook follow "Follow up" for contact {
  outcome: reached, missed
  ask first "First name?": text -> contact.first_name
  ask wish "Wish?": text
  on save {
    if outcome = missed { task call "Try {{ contact.full_name }} again" due in 1 day }
    else { log note "Wants {{ answers.wish | default: 'nothing' }}"  send intro }
    if plan = free { task todo "Tell {{ contact.email | default: 'them' }} of the paid plan" } else { set plan = paid }
  }
}
"""


def _told(world: World, outcome: str, **answers: str) -> tuple[str, ...]:
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "follow"), "ann")
    return review(project, at, sheet(at, reader(session, project), {**answers, OUTCOME: outcome})).follows


def test_p5_what_follows_is_told_in_sentences_as_far_as_the_answers_settle_it(worlds: MakeWorld) -> None:
    world = worlds(FOLLOWS)
    world.contact("ann", first_name="Ann", plan="free").run_to("03-02 09:00")
    later = "If plan is free: a task (todo): Tell ann@x.example of the paid plan, else: set plan to paid."
    assert _told(world, "missed") == ("A task (call): Try Ann again, due in 1 day.", later)
    assert _told(world, "reached") == ("Note: Wants nothing.", "Send the mail intro.", later)
    hostile = _told(world, "reached", wish="{{ contact.email | default: 'them' }}", first="Bo")
    assert hostile[0] == "Note: Wants {{ contact.email | default: 'them' }}."
    assert _told(world, "missed", first="Bo")[0] == "A task (call): Try {{ contact.full_name }} again, due in 1 day."
