"""Events that come from the wrong time or twice: kept, counted once, and they upset nothing that was decided."""

from __future__ import annotations

from runtime.reading.timeline import timeline
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld


def test_an_event_from_the_future_waits_until_its_time(worlds: MakeWorld) -> None:
    w = worlds("segment seen of contact { has viewed_page }").contact("ann")
    w.event("ann", "viewed_page", at="03-05 10:00", path="/").run_to("03-05 09:59")
    assert w.members("seen") == set()
    assert w.sql("SELECT count(*) FROM segue_inbox") == [(1,)]
    w.run_to("03-06 00:00")
    assert w.turns("ann", "seen") == [("03-05 10:00", None)]


def test_an_event_from_before_the_contact_existed_is_kept_and_counts(worlds: MakeWorld) -> None:
    w = worlds("segment seen of contact { has viewed_page within 3 days }")
    w.event("ann", "viewed_page", at="03-02 07:00", path="/").contact("ann", at="03-03 10:00").run_to("03-06 00:00")
    assert w.sql("SELECT count(*) FROM event_viewed_page") == [(1,)]
    assert w.turns("ann", "seen") == [("03-03 10:00", "03-05 00:00")]  # days are the calendar's


def test_another_content_under_a_known_id_changes_nothing(worlds: MakeWorld) -> None:
    w = worlds("segment twice of contact { has viewed_page at least 2 times }").contact("ann")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/one", key="e").run_to("03-03 11:00")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/two", key="e").run_to("03-03 12:00")
    assert w.sql("SELECT path FROM event_viewed_page") == [("/one",)]
    assert w.members("twice") == set()


def test_a_wait_that_was_decided_stays_decided_and_segments_become_right(worlds: MakeWorld) -> None:
    w = worlds(
        "segment seen of contact { has viewed_page within 30 days }"
        " workflow w of contact { when: manually  wait until viewed_page up to 1 day else { set visits = 1 } set plan ="
        " paid }"
    ).contact("ann")
    w.enroll("ann", "workflow w", at="03-03 10:00").run_to("03-04 11:00")
    w.event("ann", "viewed_page", at="03-03 12:00", path="/").run_to("03-05 00:00")
    assert (w.value("ann", "visits"), w.value("ann", "plan")) == (1, "paid")
    assert [s[3] for s in w.steps("ann") if s[1] == "wait"] == ["timeout"]
    assert w.members("seen") == {"ann"}


def test_an_event_from_before_its_contact_is_flagged_in_the_timeline(worlds: MakeWorld) -> None:
    w = worlds("segment seen of contact { has viewed_page at least 1 times }").contact("ann", at="03-03 10:00")
    w.event("ann", "viewed_page", at="03-01 10:00", path="/").event("ann", "viewed_page", at="03-03 11:00", path="/")
    w.run_to("03-03 12:00")
    told = timeline(w.engine.session, record_id("contact", "ann"), w.program.schema)
    words = [one.words for one in told if one.name == "viewed_page"]
    assert [("before the contact existed" in each) for each in words] == [False, True]
