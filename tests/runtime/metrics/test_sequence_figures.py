"""M1-M6 and M11-M15 by SQL against the rules in plain Python, over stores filled at random."""

from __future__ import annotations

import pytest

from runtime.metrics import (
    Filters,
    SequenceMetrics,
    overview,
    profiles,
    sequence_metrics,
)
from runtime.store.session import Session
from tests.runtime.engine.harness import MakeWorld

from .oracle import FINAL, Oracle
from .world import DAY, START, Row, World, definitions, random_world

SEEDS = range(6)
NAMES = {1: "outbound", 2: "warm_up", 3: "quiet"}


def _figures(m: SequenceMetrics) -> dict[str, int]:
    quality = m.lead_quality
    return {
        "enrolled": m.enrolled,
        "opened": m.opened.count,
        "opened_unknown": m.opened_unknown.count,
        "opened_by_machine": m.opened_by_machine.count,
        "clicked": m.clicked.count,
        "clicked_unknown": m.clicked_unknown.count,
        "clicked_by_machine": m.clicked_by_machine.count,
        "replied": m.replied.count,
        "met": m.meetings.count,
        "no_reply": m.no_reply.count,
        "bounced": quality.bounced.count,
        "unsubscribed": quality.unsubscribed.count,
    }


def _expected(world: World, enrollments: list[Row]) -> dict[str, int]:
    oracle = Oracle(world, enrollments)
    names = """enrolled opened opened_unknown opened_by_machine clicked clicked_unknown clicked_by_machine replied met
    no_reply bounced unsubscribed"""
    return {name: len(oracle.contacts(name)) for name in names.split()}


@pytest.mark.parametrize("seed", SEEDS)
def test_m1_to_m6_and_m11_m12_per_sequence(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    for m in sequence_metrics(session):
        mine = [e for e in world.rows["segue_enrollment"] if NAMES[e["definition_id"]] == m.name]
        assert _figures(m) == _expected(world, mine), m.name
        assert m.enrollments == len(mine)
        assert m.ended == sum(e["status"] in FINAL for e in mine)
        assert m.active == len(mine) - m.ended


@pytest.mark.parametrize("seed", SEEDS)
def test_m1_across_sequences_counts_a_contact_once(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    everyone = world.rows["segue_enrollment"]
    m = overview(session).total
    assert _figures(m) == _expected(world, everyone)
    assert m.enrolled < sum(one.enrolled for one in sequence_metrics(session))


@pytest.mark.parametrize("seed", SEEDS)
def test_filters_leave_only_what_passes_all_of_them(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    since, until = START + 10 * DAY, START + 40 * DAY
    of_company = {r["id"] for r in world.rows["link_contact_company"] if r["to_id"] == 501}
    cases = {
        Filters(sequences=("warm_up",)): lambda e: e["definition_id"] == 2,
        Filters(companies=(501,)): lambda e: e["contact_id"] in of_company,
        Filters(enrolled_by=("amy",)): lambda e: e["enrolled_by"] == "amy",
        Filters(since=since, until=until): lambda e: since <= e["enrolled_at"] < until,
        Filters(statuses=("active", "finished")): lambda e: e["status"] in ("active", "finished"),
        Filters(companies=(501,), enrolled_by=("amy", "bob"), since=since): lambda e: (
            e["contact_id"] in of_company and e["enrolled_at"] >= since
        ),
    }
    for filters, passes in cases.items():
        mine = [e for e in world.rows["segue_enrollment"] if passes(e)]
        assert _figures(overview(session, filters).total) == _expected(world, mine), filters


@pytest.mark.parametrize("seed", SEEDS)
def test_m13_is_not_one_minus_b_minus_u(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    oracle = Oracle(world, world.rows["segue_enrollment"])
    everyone, bounced, gone = (oracle.contacts(x) for x in ("enrolled", "bounced", "unsubscribed"))
    quality = overview(session).total.lead_quality
    assert quality.reached.count == len(everyone - bounced - gone)
    if bounced & gone:
        assert quality.reached.count != len(everyone) - quality.bounced.count - quality.unsubscribed.count


def test_m13_meets_someone_who_bounced_and_unsubscribed_among_the_seeds() -> None:
    worlds = [random_world(seed) for seed in SEEDS]
    oracles = [Oracle(world, world.rows["segue_enrollment"]) for world in worlds]
    assert any(o.contacts("bounced") & o.contacts("unsubscribed") for o in oracles)


@pytest.mark.parametrize("seed", SEEDS)
def test_m14_m15_and_their_residue_are_everybody(session: Session, seed: int) -> None:
    world = random_world(seed)
    world.write(session)
    mine = [e for e in world.rows["segue_enrollment"] if e["definition_id"] == 2]
    oracle = Oracle(world, mine)
    everyone, engaged, rep_led = (oracle.contacts(x) for x in ("enrolled", "engaged", "rep_led"))
    found = {m.name: m.engagement for m in sequence_metrics(session) if m.engagement}
    assert list(found) == ["warm_up"]
    figures = found["warm_up"]
    assert figures.engaged.count == len(rep_led)
    assert figures.none.count == len(everyone - engaged)
    assert figures.residue.count == len(engaged - rep_led)
    assert figures.engaged.count + figures.none.count + figures.residue.count == len(everyone)


@pytest.mark.parametrize(("day", "counts"), [(7, 1), (7.01, 0)])
def test_m5_the_window_is_seven_days_from_enrollment(session: Session, day: float, counts: int) -> None:
    world = _one(ended_at=START + DAY)
    world.add("event_booked_meeting", bucket=7, record_id=7, at=START + int(day * DAY), id=1, host="amy")
    world.write(session)
    assert overview(session).total.meetings.count == counts


def test_m4_counts_a_mail_from_elsewhere_that_ended_it(session: Session) -> None:
    world = _one(status="unenrolled", reason="reply", ended_at=START + DAY)
    world.add("event_replied", bucket=7, record_id=7, at=START + DAY, id=1)
    world.write(session)
    assert overview(session).total.replied.count == 1


def test_m24_figures_stay_when_someone_is_unenrolled_or_deleted(session: Session) -> None:
    world = random_world(5)
    world.write(session)
    before = overview(session).total
    with session.transaction():
        session.run("DELETE FROM contact")
        session.run("UPDATE segue_enrollment SET status = 'paused' WHERE status = 'active'")
    after = overview(session).total
    assert _figures(after) == _figures(before)
    assert after.lead_quality == before.lead_quality


def test_m19_every_figure_carries_its_base_and_unit(session: Session) -> None:
    random_world(1).write(session)
    m = overview(session).total
    for figure in (m.opened, m.replied, m.no_reply, m.lead_quality.reached):
        assert figure.as_json() == {
            "count": figure.count,
            "base": m.enrolled,
            "rate": figure.count / m.enrolled,
            "unit": "contact",
            "of": "contacts enrolled",
        }


def test_x2_what_lies_after_the_clock_is_not_counted(worlds: MakeWorld) -> None:
    world = worlds("sequence s { when: manually  send intro  wait 9 days  send last }").contact("ann")
    world.enroll("ann", "sequence s", at="03-02 09:00").run_to("03-03 00:00")
    world.event("ann", "replied", at="03-05 09:00", mail="intro").run_to("03-05 08:59")
    assert overview(world.engine.session).total.replied.count == 0
    world.run_to("03-05 09:01")
    assert overview(world.engine.session).total.replied.count == 1


def test_a_sequence_without_enrollments_has_figures_and_no_rates(session: Session) -> None:
    random_world(2).write(session)
    quiet = sequence_metrics(session, Filters(sequences=("quiet",)))[0]
    assert (quiet.enrolled, quiet.replied.count, quiet.replied.rate) == (0, 0, None)


def test_a_name_nobody_knows_gives_nothing(session: Session) -> None:
    random_world(2).write(session)
    assert sequence_metrics(session, Filters(sequences=("nope",))) == []
    assert overview(session, Filters(sequences=("nope",))).total.enrolled == 0


def test_statements_do_not_grow_with_people_or_sequences(session: Session) -> None:
    def asked() -> int:
        before = session.statements
        sequence_metrics(session)
        return session.statements - before

    random_world(3, people=10, enrollments=15).write(session)
    few = asked()
    with session.transaction():
        session.run(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status, block, "
            "ordinal, enrolled_at, entered_at, by_hand, zone, person_zone) "
            "SELECT bucket, id + 1, contact_id, 3, 30, row_number() OVER (), "
            "status, block, ordinal, enrolled_at, entered_at, by_hand, zone, person_zone FROM segue_enrollment"
        )
    assert asked() == few


def _one(**more: object) -> World:
    world = World()
    definitions(world)
    row: Row = {"bucket": 7, "id": 1, "contact_id": 7, "definition_id": 1, "version_id": 11, "nr": 1, "ordinal": 1}
    row |= {
        "status": "finished",
        "reason": "no_reply",
        "block": 0,
        "enrolled_at": START,
        "entered_at": START,
        "by_hand": False,
    }
    world.add("segue_enrollment", **{**row, "zone": "UTC", "person_zone": "UTC", **more})
    return world


@pytest.mark.parametrize("only", [(), ("outbound",), ("warm_up",), ("nobody_knows_it",)])
def test_a_look_across_all_tells_of_each_what_they_tell_alone(session: Session, only: tuple[str, ...]) -> None:
    random_world(3).write(session)
    for filters in (Filters(sequences=only), Filters(sequences=only, statuses=("active", "unenrolled"))):
        assert overview(session, filters, "Asia/Tokyo").sequences == sequence_metrics(session, filters)


def test_letters_and_groups_count_the_same(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite counts by letters while there are enough of them; whatever their number, a text may be cut anywhere."""
    random_world(1).write(session)
    found = overview(session)
    assert found.total.enrolled and len(found.months) > 1
    for name, value in (("_PART", 4), ("_LETTERS", 0)):
        monkeypatch.setattr(profiles, name, value)
        assert overview(session) == found
