"""What follows a saved playbook: once for each save, with its answers, about its person (P5, X20)."""

from __future__ import annotations

from tests.runtime.engine.harness import MakeWorld
from tests.runtime.talks.conftest import talk

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
