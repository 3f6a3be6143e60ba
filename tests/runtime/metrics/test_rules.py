"""Each rule of the figures by itself, on the smallest store that shows it."""

from __future__ import annotations

import pytest

from dsl.program.codec import encode
from runtime.metrics import METRICS, Figure, Filters, Unit, conversions, overview, sequence_metrics
from runtime.metrics.figures import figure
from runtime.store.session import Session
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, compiled

from .world import DAY, START, Row, World, definitions, schema

_MAIL = {"kind": "email", "template": "intro", "topic": "sales", "due": START, "automated": False}


def _stay(world: World, contact: int = 7, id_: int = 1, **more: object) -> None:
    row: Row = {"bucket": contact, "id": id_, "contact_id": contact, "definition_id": 1, "version_id": 11, "nr": id_}
    row |= {"status": "active", "reason": None, "block": 0, "enrolled_at": START, "entered_at": START, "ordinal": 9}
    world.add("segue_enrollment", **{**row, "by_hand": False, "zone": "UTC", "person_zone": "UTC", **more})


def _mail(world: World, contact: int = 7, enrollment: int = 1, ordinal: int = 1, **more: object) -> None:
    sent = {"state": "sent", "settled_at": START, "definition_id": 1, **_MAIL, **more}
    world.add("segue_outbox", bucket=contact, enrollment_id=enrollment, ordinal=ordinal, contact_id=contact, **sent)


def _happened(world: World, event: str, day: float = 1, contact: int = 7, /, **more: object) -> None:
    table = f"event_{event}"
    at = START + int(day * DAY)
    world.add(table, bucket=contact, record_id=contact, at=at, id=len(world.rows[table]) + 1, **more)


_OF_MAIL = {"enrollment_id": 1, "ordinal": 1}


def _world() -> World:
    world = World()
    definitions(world)
    return world


def test_m1_a_contact_enrolled_twice_is_one_contact(session: Session) -> None:
    world = _world()
    _stay(world, status="finished", ended_at=START + DAY)
    _stay(world, id_=2, enrolled_at=START + 2 * DAY)
    world.write(session)
    m = sequence_metrics(session, Filters(sequences=("outbound",)))[0]
    assert (m.enrolled, m.enrollments) == (1, 2)


def test_m2_a_contact_who_opens_ten_times_is_one_also_a_mail_from_a_task(session: Session) -> None:
    world = _world()
    _stay(world)
    _stay(world, contact=8)
    for nr in range(10):
        _happened(world, "opened_email", nr, **_OF_MAIL, **{"class": "human"})
    # Contact 8's mail was written by hand from a task: no row of the outbox.
    _happened(world, "opened_email", 1, 8, **_OF_MAIL, **{"class": "human"})
    world.write(session)
    assert overview(session).total.opened == Figure(2, 2)


def test_m3_clicks_of_people_alone(session: Session) -> None:
    world = _world()
    for contact, class_ in ((7, "human"), (8, "machine"), (9, "unknown"), (10, None)):
        _stay(world, contact)
        _happened(world, "clicked_email", 1, contact, **_OF_MAIL, link_url="https://x.example", **{"class": class_})
    world.write(session)
    m = overview(session).total
    assert (m.clicked.count, m.clicked_by_machine.count, m.clicked_unknown.count) == (2, 1, 1)


@pytest.mark.parametrize(
    ("ended", "booked", "counts"),
    [(1, 7, 1), (1, 7.01, 0), (None, 60, 1), (20, 20, 1), (20, 20.01, 0), (20, -0.01, 0), (20, 0, 1)],
)
def test_m5_until_the_end_and_at_least_seven_days(
    session: Session, ended: int | None, booked: float, counts: int
) -> None:
    world = _world()
    over = {} if ended is None else {"status": "finished", "reason": "no_reply", "ended_at": START + ended * DAY}
    _stay(world, **over)
    _happened(world, "booked_meeting", booked, host="amy")
    world.write(session)
    assert overview(session).total.meetings.count == counts


@pytest.mark.parametrize(
    ("status", "reason", "counts"),
    [
        ("finished", "no_reply", 1),
        ("finished", "no_engagement", 1),
        ("active", None, 0),
        ("unenrolled", "bounce", 0),
        ("unenrolled", "unsubscribed", 0),
        ("unenrolled", "manual", 0),
        ("unenrolled", "reply", 0),
    ],
)
def test_m6_who_ended_without_a_reply(session: Session, status: str, reason: str | None, counts: int) -> None:
    world = _world()
    _stay(world, status=status, reason=reason, ended_at=START + DAY if reason else None)
    world.write(session)
    assert overview(session).total.no_reply.count == counts


def test_m6_who_replied_before_it_ended_is_not_silent(session: Session) -> None:
    """`keep_on: replied` lets it run on after a reply."""
    world = _world()
    _stay(world, status="finished", reason="no_reply", ended_at=START + 9 * DAY)
    _happened(world, "replied", **_OF_MAIL)
    world.write(session)
    assert (overview(session).total.no_reply.count, overview(session).total.replied.count) == (0, 1)


def test_m11_soft_and_hard_while_enrolled_and_late_ones_of_its_mail(session: Session) -> None:
    world = _world()
    for contact in (7, 8, 9, 10):
        _stay(world, contact, status="finished", reason="no_reply", ended_at=START + 2 * DAY)
    _happened(world, "bounced", 1, 7, kind="soft")
    _happened(world, "bounced", 1, 8, kind="hard")
    _happened(world, "bounced", 5, 9, kind="hard", **_OF_MAIL)
    _happened(world, "bounced", 5, 10, kind="hard")
    world.write(session)
    assert overview(session).total.lead_quality.bounced == Figure(3, 4)


def test_m12_from_this_sequence_and_not_from_another(session: Session) -> None:
    world = _world()
    _stay(world)
    _stay(world, id_=2, definition_id=2, version_id=20)
    _happened(world, "unsubscribed", **_OF_MAIL)
    world.write(session)
    found = {m.name: m.lead_quality.unsubscribed.count for m in sequence_metrics(session)}
    assert found == {"outbound": 1, "warm_up": 0, "quiet": 0}


def test_m14_m15_a_reply_is_engagement_and_all_parts_are_everybody(session: Session) -> None:
    """7 opened and the rep began; 8 opened and nothing followed; 9 replied unseen (D7); 10 did nothing; 11's open was a
    machine's."""
    world = _world()
    for contact in (7, 8, 9, 10, 11):
        _stay(world, contact, definition_id=2, version_id=20, engaged_at=START + DAY if contact in (7, 8) else None)
        _mail(world, contact, automated=True, definition_id=2)
    for contact, class_ in ((7, "human"), (8, "unknown"), (11, "machine")):
        _happened(world, "opened_email", 1, contact, **_OF_MAIL, **{"class": class_})
    _happened(world, "replied", 1, 9, **_OF_MAIL)
    for ordinal, what, outcome in ((2, "switch", "done"), (3, "task", "created")):
        step = {"ordinal": ordinal, "at": START + ordinal * DAY, "what": what, "outcome": outcome}
        world.add("segue_step", bucket=7, enrollment_id=1, **step)
    world.write(session)
    parts = sequence_metrics(session, Filters(sequences=("warm_up",)))[0].engagement
    assert parts and (parts.engaged.count, parts.none.count, parts.residue.count) == (1, 2, 2)


def test_m14_a_mail_of_the_rep_counts_when_it_is_sent_and_not_while_it_waits(worlds: MakeWorld) -> None:
    """The account's mail of today is used up; then they reply, and it never goes out."""
    rules = """sequence warm { when: manually  sender: rep  automated { send intro  wait 5 days  send case }
      rep_led when clicked_email { send last  wait 1 day } }"""
    project = PROJECT.replace("path: outbox", "path: outbox, limits: {account: {per_day: 1}}")
    world = worlds(rules, project=project).contact("ann").contact("bob")
    for who, day in (("ann", "03"), ("bob", "05")):
        world.enroll(who, "sequence warm", at=f"03-{day} 10:00").run_to(f"03-{day} 11:00")
        world.event(who, "clicked_email", at=f"03-{day} 20:00", mail="intro", link_url="https://x.example")
        world.run_to(f"03-{day} 21:00")
        if who == "ann":
            world.event(who, "replied", at="03-03 21:30", mail="intro").run_to("03-04 23:00")
    assert ("03-03 20:00", "send", "last", "deferred") in world.steps("ann")
    for until, counts in ((None, (0, 0, 2)), ("03-06 23:00", (1, 0, 1))):
        if until is not None:
            world.run_to(until)
        [warm] = sequence_metrics(world.engine.session)
        parts = warm.engagement
        assert parts and (parts.engaged.count, parts.none.count, parts.residue.count) == counts


def test_m14_a_mail_of_the_rep_to_somebody_else_is_not_received(worlds: MakeWorld) -> None:
    """X20: ann clicked, and the rep-led part writes to her mentor alone; bob has none, and gets his call."""
    rules = """sequence warm { when: manually  sender: rep  automated { send intro  wait 5 days  send case }
      rep_led when clicked_email { send last to mentor  wait 1 day  task call "Call" } }"""
    schema = SCHEMA.replace("  company:", "    associations: {mentor: {to: contact, inverse: pupil}}\n  company:", 1)
    world = worlds(rules, schema=schema).contact("ann").contact("bob").contact("zoe")
    world.link("contact", "ann", "mentor", "zoe", "03-02 09:00")
    for who in ("ann", "bob"):
        world.enroll(who, "sequence warm", at="03-03 10:00")
    world.run_to("03-03 11:00")
    for who in ("ann", "bob"):
        world.event(who, "clicked_email", at="03-03 20:00", mail="intro", link_url="https://x.example")
    world.run_to("03-03 21:00")
    assert ("03-03 20:00", "send", "last", "sent") in world.steps("ann")
    [warm] = sequence_metrics(world.engine.session)
    assert warm.engagement and (warm.engagement.engaged.count, warm.engagement.residue.count) == (0, 2)
    world.run_to("03-04 21:00")
    [warm] = sequence_metrics(world.engine.session)
    assert warm.engagement and (warm.engagement.engaged.count, warm.engagement.residue.count) == (2, 0)


def test_m15_over_all_sequences_has_those_of_dynamic_ones_as_base(session: Session) -> None:
    world = _world()
    _stay(world, 7)
    _stay(world, 8, definition_id=2, version_id=20)
    world.write(session)
    parts = overview(session).total.engagement
    assert parts and parts.none == Figure(1, 1)


def test_m19_every_metric_has_one_unit_for_count_and_base() -> None:
    assert {m.unit for m in METRICS.values()} == set(Unit)
    assert all(m.of and m.rule[0] == "M" for m in METRICS.values())
    assert METRICS["replied"].unit is Unit.CONTACT
    assert METRICS["template replied"].unit is Unit.EMAIL
    assert METRICS["month replied"].unit is Unit.ENROLLMENT
    assert METRICS["deals_won"].unit is Unit.CONTACT
    assert METRICS["deals_of_revenue"].unit is Unit.DEAL
    with pytest.raises(KeyError):
        figure("replies per mail", 1, 2)


def test_m20_a_machines_open_is_nobodys_but_an_unsubscribe_stays(session: Session) -> None:
    world = _world()
    _stay(world)
    _happened(world, "opened_email", 1, **_OF_MAIL, **{"class": "machine"})
    _happened(world, "clicked_email", 1, **_OF_MAIL, link_url="https://x.example", **{"class": "machine"})
    _happened(world, "unsubscribed", 2, **_OF_MAIL)
    world.write(session)
    m = overview(session).total
    assert (m.opened.count, m.clicked.count, m.lead_quality.unsubscribed.count) == (0, 0, 1)


def test_m21_m22_raw_events_are_kept_and_shown_beside_by_class(session: Session) -> None:
    """Opens count human and unknown; one contact may stand in several classes."""
    world = _world()
    _stay(world)
    for nr, class_ in enumerate(("human", "unknown", "machine", "machine")):
        _happened(world, "opened_email", nr, **_OF_MAIL, **{"class": class_})
    _stay(world, 8)
    _happened(world, "opened_email", 1, 8, **_OF_MAIL, **{"class": "unknown"})
    world.write(session)
    m = overview(session).total
    assert (m.opened.count, m.opened_unknown.count, m.opened_by_machine.count) == (2, 2, 1)
    assert session.one("SELECT count(*) FROM event_opened_email") == 5


# --- M23 -------------------------------------------------------------------------------------------

WORKFLOW = """
workflow nurture of contact { when: plan becomes trial  again: always  goal: plan = paid
  send letter  wait 2 days  send intro
}
workflow quiet of contact { when: plan becomes trial  goal: plan = paid  send intro  wait 9 days }
workflow plain of contact { when: plan becomes trial  send letter }
"""


def test_m23_inside_and_after_it_was_finished_but_not_who_was_taken_out(worlds: MakeWorld) -> None:
    """ann meets the goal inside, bob days after he had finished, cid never; dan was taken out before he met it."""
    w = worlds(WORKFLOW)
    for who in ("ann", "bob", "cid", "dan"):
        w.contact(who, plan="free")
        w.set(who, at="03-03 10:00", plan="trial")
    w.set("ann", at="03-04 10:00", plan="paid")
    w.unenroll("dan", "workflow nurture", at="03-04 12:00").set("dan", at="03-04 13:00", plan="paid")
    w.run_to("03-09 10:00")
    with w.store.session() as session:
        found = {c.name: c for c in conversions(session, w.program.schema)}
        assert found["nurture"].met == Figure(1, 4, Unit.CONTACT, "contacts ever enrolled")
    w.set("bob", at="03-10 10:00", plan="paid").set("bob", at="03-11 10:00", plan="free").run_to("03-12 10:00")
    with w.store.session() as session:
        found = {c.name: c for c in conversions(session, w.program.schema)}
    nurture = found["nurture"]
    assert (nurture.enrolled, nurture.mailed.count, nurture.met and nurture.met.count) == (4, 4, 2)
    # `intro` is no marketing mail, and without a goal there is nothing to meet.
    assert (found["quiet"].mailed.count, found["quiet"].met) == (
        0,
        Figure(0, 4, Unit.CONTACT, "contacts ever enrolled"),
    )
    assert (found["plain"].mailed.count, found["plain"].met) == (4, None)
    assert ("03-10 10:00", "goal", None, "met") in w.steps("bob", "nurture")


def test_m23_the_goal_is_met_once_and_ends_nothing_twice(worlds: MakeWorld) -> None:
    w = worlds(WORKFLOW).contact("bob", plan="free").set("bob", at="03-03 10:00", plan="trial").run_to("03-09 10:00")
    for day, plan in ((10, "paid"), (11, "free"), (12, "paid")):
        w.set("bob", at=f"03-{day} 10:00", plan=plan)
    w.run_to("03-13 10:00")
    assert [s for s in w.steps("bob", "nurture") if s[1] == "goal"] == [("03-10 10:00", "goal", None, "met")]
    assert w.status("bob", "nurture") == "finished(completed)"


def test_m23_removed_or_suppressed_later_is_no_conversion(session: Session) -> None:
    program = compiled(WORKFLOW).definitions["workflow", "nurture"]
    world = World()
    common = {"kind": "workflow", "label": "Nurture", "activated_at": START, "program": encode(program)}
    world.add("segue_definition", id=1, name="nurture", **common)
    world.add("segue_meta", key="clock", value=str(START + 90 * DAY))
    ends = ((7, "goal"), (8, "manual"), (9, "suppressed"), (10, "unsubscribed"))
    for contact, reason in ends:
        _stay(world, contact, status="unenrolled", reason=reason, ended_at=START + 5 * DAY)
        _mail(world, contact, topic="news")
        # Met after they had gone: only who finished is followed.
        world.add(
            "segue_step", bucket=contact, enrollment_id=1, ordinal=5, at=START + 6 * DAY, what="goal", outcome="met"
        )
    world.write(session)
    with_news = compiled(WORKFLOW).schema
    found = conversions(session, with_news)[0]
    assert (found.enrolled, found.mailed.count, found.met and found.met.count) == (4, 4, 1)
    assert conversions(session, schema())[0].mailed.count == 0  # no topic of marketing


def test_m23_sent_before_the_goal_was_met(session: Session) -> None:
    program = compiled(WORKFLOW).definitions["workflow", "nurture"]
    world = World()
    common = {"kind": "workflow", "label": "Nurture", "activated_at": START, "program": encode(program)}
    world.add("segue_definition", id=1, name="nurture", **common)
    world.add("segue_meta", key="clock", value=str(START + 90 * DAY))
    for contact, sent in ((7, 4), (8, 6)):
        _stay(world, contact, status="unenrolled", reason="goal", ended_at=START + 5 * DAY)
        _mail(world, contact, topic="news", settled_at=START + sent * DAY)
    world.write(session)
    met = conversions(session, compiled(WORKFLOW).schema)[0].met
    assert met and met.count == 1
