"""`segue segments verify` finds what is wrong of a score's kept history (G18-G20, X35)."""

from __future__ import annotations

import pytest

from runtime.service.verifying import Verified, verify
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
