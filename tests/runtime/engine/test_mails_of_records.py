"""Mails that print the record which the rule is about, beside who gets them (X36)."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from runtime.errors import InvalidInput
from tests.runtime.engine.harness import PROJECT, SCHEMA
from tests.runtime.engine.test_statements import forgetful, recorded

TEMPLATE = '''template confirm { topic: sales  subject: "Your ticket {{ ticket.subject }}"
  body: """For {{ contact.full_name }}: {{ ticket.worth | default: 'nothing' }}, {{ ticket.stage }} since
    {{ ticket.created_at | date: 'yyyy-MM-dd' }}, until {{ ticket.until | date: 'd MMM' | default: 'some day' }}""" }
'''
OPENED = TEMPLATE + "workflow w of ticket { when: created  send confirm to every contact }"


def ticket(world, name, *people, at="03-02 09:00", **values):
    world.record("ticket", name, at, pipeline="support", stage="new", **({"subject": name} | values))
    for person in people:
        world.link("contact", person, "ticket", name, at)
    return world


def read(world):
    """(recipient, subject, text without its line breaks) of all that left, in the order of recipients and subjects."""
    found = []
    for message in world.channel.messages.values():
        mail = message_from_bytes(message.body, policy=policy.default)
        words = mail.get_body(("plain",)).get_content().split("\n\n")[0]
        found.append((message.recipient.partition("@")[0], mail["subject"], " ".join(words.split())))
    return sorted(found)


def test_x36_a_mail_prints_the_record_the_run_is_about_and_never_another(worlds):
    """Ann has three tickets and Bob shares one of them: each mail is of the ticket because of which it was sent."""
    world = worlds(OPENED)
    world.contact("ann", first_name="Ann").contact("bob").go_live()
    ticket(world, "login", "ann", "bob", worth="12.50", until="2026-03-09").run_to("03-02 10:00")
    ticket(world, "old", "ann", at="03-02 11:00").run_to("03-02 12:00")
    ticket(world, "print", "ann", at="03-02 13:00", worth="3").run_to("03-02 14:00")
    assert read(world) == [
        ("ann", "Your ticket login", "For Ann: €12.50, New since 2026-03-02, until 9 Mar"),
        ("ann", "Your ticket old", "For Ann: nothing, New since 2026-03-02, until some day"),
        ("ann", "Your ticket print", "For Ann: €3.00, New since 2026-03-02, until some day"),
        ("bob", "Your ticket login", "For bob@x.example: €12.50, New since 2026-03-02, until 9 Mar"),
    ]


def test_x36_its_values_are_those_of_the_moment_the_mail_is_sent(worlds):
    """As those of who gets it: the window holds the mail, and the ticket changes meanwhile."""
    world = worlds(OPENED.replace("when: created", "when: created  window: every day 15:00-17:00"))
    world.contact("ann", first_name="Ann").go_live()
    ticket(world, "login", "ann").run_to("03-02 10:00")
    world.set("login", at="03-02 12:00", of="ticket", subject="log-in", worth="7").run_to("03-02 16:00")
    assert [(subject, text[:15]) for _, subject, text in read(world)] == [("Your ticket log-in", "For Ann: €7.00,")]


def test_x36_a_value_that_is_gone_by_then_is_never_a_hole(worlds):
    """No fallback is asked for where the schema says that there is a value; an import may have left it out."""
    world = worlds(OPENED)
    world.contact("ann").go_live()
    ticket(world, "login", "ann", subject=None).run_to("03-02 10:00")
    assert read(world) == []
    assert world.sql("SELECT outcome, detail FROM segue_step WHERE what = 'send' AND outcome <> 'planned'") == [
        ("refused", "`{{ ticket.subject }}` has nothing to print")
    ]


def test_x36_what_the_record_is_linked_to_and_what_is_derived_of_it(worlds):
    world = worlds(
        "template t { topic: sales  subject: \"{{ deal.name }} by {{ deal.owner | default: 'nobody' }}\""
        "  body: \"{{ deal.closed }} {{ deal.advisor.full_name | default: 'none' }} {{ contact.full_name }}\" }"
        " workflow w of deal { when: manually  send t to advisor  send t to every contact }"
    )
    world.contact("ann", first_name="Ann").contact("bob", first_name="Bob").deal("d", "ann", "03-02 08:00", owner="rep")
    world.link("deal", "d", "advisor", "bob", "03-02 08:10")
    world.enroll("d", "workflow w", at="03-02 09:00", of="deal").run_to("03-02 10:00")
    assert read(world) == [
        ("ann", "d by Rep One", "yes Bob Ann"),
        ("bob", "d by Rep One", "yes Bob Bob"),
    ]


TWO = (
    SCHEMA
    + """pipelines:
  ticket:
    support: {stages: [new, {name: done, label: Answered, closed: true}, {name: off, label: Off, closed: true}]}
    orders:
      label: Orders
      stages: [new, {name: done, label: Delivered, closed: true}, {name: off, label: Off, closed: true}]
"""
)


def test_x36_stages_and_pipelines_go_by_their_labels_in_texts_of_every_kind(worlds):
    """As they stand on boards; a stage that two pipelines call otherwise keeps its name, as in reports."""
    world = worlds(
        """workflow w of ticket { when: closed  notify rep "{{ ticket.stage }} {{ ticket.pipeline }}"
             create ticket { subject = "Again" pipeline = orders } as more
             slack "#c" "{{ ticket.stage | upcase }} {{ more.stage }} {{ more.pipeline }}" }""",
        schema=TWO,
        project=PROJECT.replace("channels: {", 'channels: {slack: {"#c": {env: NOBODY}}, '),
    )
    world.go_live()
    for name, pipeline, stage in (("a", "support", "off"), ("b", "orders", "done")):
        world.record("ticket", name, "03-02 09:00", subject="x", pipeline=pipeline, stage="new")
        world.set(name, at="03-02 09:30", of="ticket", stage=stage)
    world.run_to("03-02 10:00")
    assert world.sql("SELECT words FROM segue_notification ORDER BY words") == [("Off Support",), ("done Orders",)]
    told = sorted(payload for (payload,) in world.sql("SELECT payload FROM segue_outbox"))
    assert told == ['{"text":"DONE New Orders"}', '{"text":"OFF New Orders"}']


def test_x36_markup_in_a_value_stays_text(worlds):
    world = worlds(OPENED)
    world.contact("ann").go_live()
    ticket(world, "a", "ann", subject="<b>\nhi</b>").run_to("03-02 10:00")
    [(_, subject, _)] = read(world)
    assert subject == "Your ticket <b> hi</b>"


def test_x36_no_statement_of_it_forgets_the_bucket(worlds, monkeypatch):
    with recorded(monkeypatch) as texts:
        world = worlds(OPENED)
        world.contact("ann").go_live()
        ticket(world, "t", "ann").run_to("03-02 10:00")
    assert any(" ticket r ON " in text or ' "ticket" r ON ' in text for text in texts)
    assert not forgetful(texts, world.program.schema, world.engine.session.dialect)


def test_x36_as_many_statements_for_thirty_mails_as_for_one(worlds):
    counts = []
    for tickets in (1, 30):
        world = worlds(OPENED)
        world.contact("ann").go_live()
        for n in range(tickets):
            ticket(world, f"t{n}", "ann")
        before = world.engine.session.statements
        world.run_to("03-02 10:00")
        assert len(read(world)) == tickets
        counts.append(world.engine.session.statements - before)
    assert counts[0] == counts[1]


def test_x26_a_template_that_now_prints_what_those_inside_have_not_is_refused(worlds):
    """They go the old way, in which the mail was one of contacts."""
    plain = TEMPLATE.replace("{{ ticket.subject }}", "x").partition("body:")[0] + 'body: "x" }'
    inside = "workflow w of deal { when: manually  wait 2 days  send confirm to every contact }"
    world = worlds(plain + inside)
    world.contact("ann").deal("d", "ann", "03-02 08:00")
    world.enroll("d", "workflow w", at="03-02 09:00", of="deal").run_to("03-02 10:00")
    after = OPENED.replace("workflow w", "workflow v") + inside.replace("  send confirm to every contact", "")
    with pytest.raises(InvalidInput, match="prints a ticket, which no workflow of deal has, but 1 enrollment"):
        world.edit(after)
    world.edit(plain + inside).run_to("03-05 09:00").edit(after)
    assert [subject for _, subject, _ in read(world)] == ["Your ticket x"]
