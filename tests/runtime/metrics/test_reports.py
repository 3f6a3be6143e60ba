"""M16 (funnel), M17 (templates) and M18 (months, most engaged) against plain Python over random stores."""

from __future__ import annotations

from collections import Counter

import pytest

from runtime.metrics import Filters, most_engaged, overview, step_funnel, template_performance
from runtime.store.session import Session

from .oracle import Oracle, told
from .world import DAY, START, Row, World, definitions, random_world

SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_m17_credits_answers_to_the_last_mail_before_them(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    assert _by_template(session, Filters()) == Oracle(world, world.rows["segue_enrollment"]).of_template()
    assert all(p.opened.base == p.sent and p.opened.unit == "email" for p in template_performance(session))


@pytest.mark.parametrize("seed", SEEDS)
def test_m17_of_the_mails_of_those_who_are_chosen(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    for who in ("amy", "bob"):
        theirs = [e for e in world.rows["segue_enrollment"] if e["enrolled_by"] == who]
        assert _by_template(session, Filters(enrolled_by=(who,))) == Oracle(world, theirs).of_template()


def _by_template(session: Session, filters: Filters) -> dict[str, Counter[str]]:
    return {
        p.template: Counter(
            sent=p.sent,
            opened=p.opened.count,
            clicked=p.clicked.count,
            replied=p.replied.count,
            meetings=p.meetings.count,
        )
        for p in template_performance(session, filters)
    }


@pytest.mark.parametrize("other", [263, 8])
def test_m2_m3_m17_what_others_do_counts_for_the_template_and_not_for_the_enrollment(
    session: Session, other: int
) -> None:
    """Contact 7 is enrolled, the mail goes to somebody in the same bucket, or in one whose enrollment 1 is another."""
    world = World()
    definitions(world)
    for contact, definition in ((7, 1), (8, 2)):
        _enroll(world, contact, id=1, definition_id=definition, version_id=definition * 10)
    mail = {"kind": "email", "template": "intro", "topic": "sales", "due": START, "state": "sent", "settled_at": START}
    mail |= {"bucket": 7, "enrollment_id": 1, "definition_id": 1, "automated": False}
    world.add("segue_outbox", ordinal=1, contact_id=7, **mail)
    world.add("segue_outbox", ordinal=2, contact_id=other, **mail)
    for number, kind in enumerate(("opened_email", "clicked_email", "replied")):
        act = {"record_id": other, "enrollment_id": 1, "ordinal": 2, "at": START + DAY, "id": number}
        more = {} if kind == "replied" else {"class": "human"}
        world.add(f"event_{kind}", bucket=other % 256, **act, **more)
    world.add("event_replied", bucket=7, record_id=7, enrollment_id=1, ordinal=1, at=START + DAY, id=9)
    world.write(session)
    one = template_performance(session)[0]
    assert (one.sent, one.opened.count, one.clicked.count, one.replied.count) == (2, 1, 1, 1)
    assert [p.sent for p in template_performance(session, Filters(sequences=("warm_up",)))] == []
    figures = overview(session).total
    assert (figures.opened.count, figures.clicked.count, figures.replied.count) == (0, 0, 1)
    assert most_engaged(session) == []


def test_m17_two_enrollments_of_one_number_sent_two_mails(session: Session) -> None:
    """A number is an enrollment's own within its bucket alone (decision 0007)."""
    world = World()
    definitions(world)
    for contact in (7, 8):
        _enroll(world, contact, id=1)
        mail = {
            "kind": "email",
            "template": "intro",
            "topic": "sales",
            "due": START,
            "state": "sent",
            "settled_at": START,
        }
        mail |= {"bucket": contact, "contact_id": contact, "enrollment_id": 1, "ordinal": 1, "definition_id": 1}
        world.add("segue_outbox", **mail, automated=False)
        act = {"record_id": contact, "enrollment_id": 1, "ordinal": 1, "at": START + DAY, "id": 1}
        world.add("event_opened_email", bucket=contact, **act, **{"class": "human"})
    world.write(session)
    one = template_performance(session)[0]
    assert (one.sent, one.opened.count) == (2, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_m18_months_are_cohorts_of_enrollments(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    for month in overview(session).months:
        oracle = Oracle(world, world.rows["segue_enrollment"])
        mine = [e for e in oracle.enrollments if oracle.month(e) == month.month]
        assert month.enrolled == len(mine)
        figures = (month.opened, month.clicked, month.replied, month.meetings, month.unsubscribed)
        tests = (oracle.opened, oracle.clicked, oracle.replied, oracle.met, oracle.unsubscribed)
        assert [f.count for f in figures] == [sum(map(test, mine)) for test in tests]
        assert {(f.base, f.unit) for f in figures} == {(len(mine), "enrollment")}
    assert sum(m.enrolled for m in overview(session).months) == len(world.rows["segue_enrollment"])


def test_m18_months_begin_at_the_accounts_midnight(session: Session) -> None:
    world = World()
    definitions(world)
    _enroll(world, 7, enrolled_at=START + 31 * DAY - 3_600_000_000)  # 31 March 23:00 UTC, 1 April 08:00 in Tokyo
    world.write(session)
    assert [m.month for m in overview(session).months] == ["2025-03"]
    assert [m.month for m in overview(session, zone="Asia/Tokyo").months] == ["2025-04"]


def test_m18_no_enrollments_no_months(session: Session) -> None:
    assert overview(session).months == []


@pytest.mark.parametrize("seed", SEEDS)
def test_m18_most_engaged_by_human_clicks_then_opens(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    everyone = {e["id"]: e["contact_id"] for e in world.rows["segue_enrollment"]}
    clicks: Counter[int] = Counter()
    opens: Counter[int] = Counter()
    oracle = Oracle(world, [])
    for v in oracle.events("clicked_email"):
        clicks[v["record_id"]] += v["class"] in ("human", None) and everyone[v["enrollment_id"]] == v["record_id"]
    for v in oracle.events("opened_email"):
        opens[v["record_id"]] += v["class"] != "machine" and everyone[v["enrollment_id"]] == v["record_id"]
    order = sorted((c for c in {*clicks, *opens} if clicks[c] or opens[c]), key=lambda c: (-clicks[c], -opens[c], c))
    for limit in (6, 100):  # who opened and never clicked comes behind all who did
        found = most_engaged(session, limit=limit)
        assert [(c.id, c.clicks, c.opens) for c in found] == [(c, clicks[c], opens[c]) for c in order[:limit]]
    theirs = Oracle(world, world.rows["segue_enrollment"]).theirs
    mails = sum((Counter({e["contact_id"]: len(theirs(e))}) for e in world.rows["segue_enrollment"]), Counter())
    assert all(c.emails_sent == mails[c.id] for c in found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sequence", ["outbound", "warm_up"])
def test_m16_people_of_each_step_once_in_whatever_versions_they_met_it(
    session: Session, seed: int, sequence: str
) -> None:
    world = random_world(seed)
    world.write(session)
    funnel = step_funnel(session, sequence)
    mine = [e for e in world.rows["segue_enrollment"] if (e["definition_id"] == 1) == (sequence == "outbound")]
    oracle = Oracle(world, mine)
    assert [told(step) for step in funnel] == [oracle.of_step(set(step.places)) for step in funnel]
    everyone = len({e["contact_id"] for e in mine})
    assert max(step.reached for step in funnel) <= everyone


def test_m16_versions_are_one_and_what_only_old_ones_have_is_shown(session: Session) -> None:
    world = World()
    definitions(world)
    _enroll(world, 7, version_id=11, block=1, status="active")
    _enroll(world, 8, version_id=10, block=1, status="unenrolled", reason="reply", ended_at=START)
    for contact in (7, 8):
        world.add("segue_step", bucket=contact, enrollment_id=contact, ordinal=1, at=START, block=0, **_SENT)
    world.add("segue_step", bucket=8, enrollment_id=8, ordinal=2, at=START, block=1, **{**_SENT, "outcome": "refused"})
    world.write(session)
    funnel = step_funnel(session, "outbound")
    rows = {(s.label, s.old): (s.reached, s.executed, s.skipped, s.waiting, s.exited) for s in funnel if s.reached}
    assert rows == {
        ("send intro", False): (2, 2, 0, 0, None),
        ("wait 3 business days", False): (1, 0, 0, 1, None),
        ("send gone", True): (1, 0, 1, 0, {"reply": 1}),
    }
    assert [s.label for s in funnel] == [
        "send intro",
        "wait 3 business days",
        "send intro",
        "task call Call them",
        "finish",
        "send gone",
    ]


def test_m16_rep_led_steps_come_last_and_say_so(session: Session) -> None:
    world = World()
    definitions(world)
    world.write(session)
    funnel = step_funnel(session, "warm_up", Filters())
    assert [(s.label, s.rep_led) for s in funnel if s.kind != "wait"] == [
        ("send warm", False),
        ("send warmer", False),
        ("task email call_me", True),
        ("finish", False),
        ("finish", True),
    ]


_SENT = {"what": "send", "outcome": "sent", "name": "intro"}


def _enroll(world: World, contact: int, **more: object) -> None:
    row: Row = {"bucket": contact, "id": contact, "contact_id": contact, "definition_id": 1, "version_id": 11, "nr": 1}
    row |= {
        "status": "finished",
        "reason": None,
        "block": 0,
        "enrolled_at": START,
        "entered_at": START,
        "by_hand": False,
        "ordinal": 1,
    }
    world.add("segue_enrollment", **{**row, "zone": "UTC", "person_zone": "UTC", **more})


def test_m16_a_task_is_done_when_its_person_did_it_and_a_set_without_record_is_skipped(session: Session) -> None:
    world = World()
    definitions(world)
    outcomes = {7: ("created",), 8: ("created", "done"), 9: ("created", "skipped"), 10: ("skipped(no company)",)}
    for contact, rows in outcomes.items():
        _enroll(world, contact, version_id=11, block=3, status="active")
        for ordinal, outcome in enumerate(rows):
            step = {"bucket": contact, "enrollment_id": contact, "ordinal": ordinal, "at": START + ordinal, "block": 3}
            world.add("segue_step", **step, what="task", name="call", outcome=outcome)
    world.write(session)
    call = next(s for s in step_funnel(session, "outbound") if s.kind == "task")
    assert (call.reached, call.executed, call.skipped, call.waiting) == (4, 1, 2, 4)
