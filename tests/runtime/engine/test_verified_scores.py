"""`segue segments verify` finds what is wrong of a score's kept history (G18-G20, X35)."""

from __future__ import annotations

import pytest

from runtime.service.verifying import Verified, verify
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld, World

RULES = (
    "score warmth of contact { give 20 when clicked_email, at most 30 per week  give 7 when purchased"
    "  take 3 when viewed_page  take 5 when plan = paid  decay: half every 10 days }"
)


def _found(w: World) -> Verified:
    with w.store.session() as session:
        return verify(session, w.program)


@pytest.fixture
def warm(worlds: MakeWorld) -> World:
    w = worlds(RULES).contact("ann", plan="paid").contact("bob")
    for name, day in (("ann", "03-03"), ("ann", "03-04"), ("bob", "03-05"), ("ann", "03-10")):
        w.event(name, "clicked_email", at=f"{day} 10:00")
    w.event("bob", "viewed_page", at="03-05 11:00", path="/").event("bob", "purchased", at="03-06 09:00", amount=1).set(
        "ann", "03-07 12:00", plan="trial"
    )
    return w.run_to("03-12 00:00")


def test_x35_a_kept_history_that_follows_is_no_difference(warm: World) -> None:
    assert warm.sql("SELECT count(*) FROM segue_award") != [(0,)]
    assert _found(warm).differences == 0


@pytest.mark.parametrize(
    ("broken", "count"),
    [
        ("UPDATE segue_award SET points = points + 1 WHERE rule = 0 AND day IS NOT NULL", 2),
        ("UPDATE segue_award SET day = day - 1 WHERE rule = 0", 2),
        ("DELETE FROM segue_award WHERE rule = 1", 1),
        ("UPDATE segue_award SET at = at + 1 WHERE rule = 3 AND points > 0", 1),
        ("DELETE FROM segue_fading", 2),
        ("UPDATE segue_fading SET lasts = lasts - 500000", 2),
        ("UPDATE segue_fading SET fades = NULL", 2),
    ],
)
def test_x35_a_broken_row_is_found(warm: World, broken: str, count: int) -> None:
    warm.sql(broken)
    (score,) = _found(warm).scores or [None]
    assert score is not None and (score.name, score.count) == ("warmth", count), score


def test_x35_a_rebuild_mends_what_was_broken(warm: World) -> None:
    warm.sql("DELETE FROM segue_award WHERE rule IN (0, 3)")
    warm.sql("UPDATE segue_segment SET hash = '' WHERE kind <> 'static'")  # as `segue segments rebuild` does
    warm.restart()
    assert _found(warm).differences == 0


def _deleted(w: World, name: str, at: str) -> World:
    return w._put(inbox.delete_row("contact", record_id("contact", name), at=w.micros(at))).run_to(at)


def test_x9_x35_who_is_deleted_is_no_difference_and_brings_no_points_along(worlds: MakeWorld) -> None:
    """Who comes back has the points for a condition once, and those for what happened (M24)."""
    w = worlds("score s of contact { give 5 when plan = paid  give 2 when viewed_page  take 1 when visits is missing }")
    w.contact("ann", plan="paid").contact("bob", plan="paid").event("ann", "viewed_page", at="03-02 09:00", path="/")
    _deleted(w.run_to("03-03 00:00"), "ann", "03-03 10:00")
    assert _found(w).differences == 0
    assert w.sql("SELECT sum(points) FROM segue_award WHERE day IS NULL") == [(4,)]
    w.contact("ann", at="03-04 09:00", plan="paid").run_to("03-05 00:00")
    assert w.sql("SELECT sum(points) FROM segue_award WHERE id = :ann", ann=record_id("contact", "ann")) == [(6,)]
    assert _found(w).differences == 0
    _deleted(w.set("ann", at="03-05 10:00", plan="free"), "ann", "03-05 10:00")
    _deleted(w, "bob", "03-05 11:00")
    assert w.sql("SELECT id FROM segue_award WHERE day IS NULL GROUP BY id, rule HAVING sum(points) <> 0") == []


def test_x35_points_left_by_somebody_who_is_gone_are_no_difference(warm: World) -> None:
    """As a store has them in which somebody was deleted before their points ended with them."""
    _deleted(warm, "bob", "03-12 10:00")
    warm.sql("UPDATE segue_award SET points = points + 1 WHERE id = :bob", bob=record_id("contact", "bob"))
    assert _found(warm).differences == 0


def test_x35_points_that_end_with_a_record_leave_a_window_at_their_time(worlds: MakeWorld) -> None:
    """Who is back within two days of it has fallen by five until then."""
    w = worlds(
        "score s of contact { give 5 when plan = paid  give 1 when viewed_page }"
        " segment sinking of contact { score(s) fell by 5 within 48 hours }"
    )
    w.contact("ann", plan="paid").event("ann", "viewed_page", at="03-02 09:00", path="/").run_to("03-03 00:00")
    _deleted(w, "ann", "03-06 10:00")
    assert _found(w).differences == 0
    w.contact("ann", at="03-06 12:00", plan="free").run_to("03-08 09:00")
    assert (w.members("sinking"), _found(w).differences) == ({"ann"}, 0)
    w.run_to("03-08 11:00")
    assert (w.members("sinking"), _found(w).differences) == (set(), 0)
