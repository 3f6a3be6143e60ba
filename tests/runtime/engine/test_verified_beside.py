"""`segue segments verify` shares its work out to the processors: what it finds is the same, and of one moment."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from runtime.service import verifying
from runtime.service.verifying import Checked, Verified, verify
from runtime.store.at_one_moment import at_one_moment
from runtime.store.session import Session
from tests.runtime.engine.harness import World

RULES = """
segment paying of contact { plan = paid }
segment lookers of contact { has viewed_page at least 2 times within 10 days }
segment both of contact { in segment paying and in segment lookers }
sequence x { when: in segment both  sender: rep  send intro }
score warmth of contact { give 20 when clicked_email  take 3 when viewed_page  give 5 when plan = paid }
"""
Make = Callable[[str], World]


def _lived(shared: Make) -> World:
    w = shared(RULES)
    for i in range(8):
        w.contact(f"p{i}", plan=("free", "paid")[i % 2])
        for day in range(i % 4):
            w.event(f"p{i}", "viewed_page", at=f"03-0{2 + day} 10:00", path="/")
    w.event("p1", "clicked_email", at="03-04 10:00").event("p2", "clicked_email", at="03-05 10:00")
    return w.run_to("03-08 00:00")


def _by(w: World, processors: int, monkeypatch: pytest.MonkeyPatch) -> Verified:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)))
    with w.store.session() as session:
        with at_one_moment(session) as readers:
            assert len(readers) == processors
        return verify(session, w.program)


def test_several_find_what_one_finds(shared: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = _lived(shared)
    right = _by(w, 1, monkeypatch)
    assert right.differences == 0 and [c.members for c in right.conditions][:3] == [4, 4, 2]
    assert _by(w, 4, monkeypatch) == right
    w.sql("UPDATE segue_membership SET left_at = joined_at - 1 WHERE id = (SELECT min(id) FROM segue_membership)")
    w.sql("UPDATE segue_activity SET count = count + 1 WHERE event = 'viewed_page'")
    w.sql("UPDATE segue_activity SET last_at = last_at + 1 WHERE event = 'clicked_email'")
    w.sql("UPDATE segue_enrollment SET seen = 1")
    w.sql("UPDATE segue_award SET points = points + 1 WHERE rule < 2")
    w.sql("DELETE FROM segue_due")
    wrong = _by(w, 1, monkeypatch)
    assert wrong.differences > 10 and wrong.doubled and wrong.overdue and wrong.scores and len(wrong.counts) > 2
    for processors in (2, 4):
        assert _by(w, processors, monkeypatch) == wrong


def test_what_is_committed_meanwhile_is_not_seen(shared: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = _lived(shared)
    compared = verifying._compared

    def disturbed(session: Session, *about: object) -> Checked:
        with w.store.session() as writer, writer.transaction():
            writer.run("DELETE FROM segue_membership WHERE id = (SELECT min(id) FROM segue_membership)")
        return compared(session, *about)

    monkeypatch.setattr(verifying, "_compared", disturbed)
    before = w.sql("SELECT count(*) FROM segue_membership")
    assert _by(w, 3, monkeypatch).differences == 0
    assert w.sql("SELECT count(*) FROM segue_membership") < before
