"""Only conditions that read what was touched are judged again, and only for those touched (architecture, the engine,
point 2)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from runtime.store.session import Row, Session
from tests.runtime.engine.harness import MakeWorld, World

RULES = """
segment looking of contact { has viewed_page within 2 days }
segment keen of contact { has viewed_page at least 2 times and plan = trial }
segment buyers of contact { has purchased }
segment both of contact { in segment looking and in segment buyers }
segment trials of contact { plan = trial }
segment sold of contact { any deal (won) }
segment working of contact { company.industry = "food" }
segment mates of contact { any company.contact (visits = 7) }
workflow w of contact { when: in segment buyers and plan = free  set visits = 0 }
"""


def made(worlds: MakeWorld) -> World:
    w = worlds(RULES)
    for name in ("ann", "bob", "cid", "dan"):
        w.contact(name, plan="free")
    return w.company("acme", "ann", "bob").company("bolt", "cid").deal("d", "cid", "03-02 09:00", "appointment")


def judged(w: World) -> dict[str, set[str]]:
    """By condition, for whom it is judged from now on."""
    found: dict[str, set[str]] = {}
    judge = w.engine.phases.react.judge

    def noted(kept, subjects, t):
        found.setdefault(kept.name, set()).update(w.names[row[1]] for row in w.engine.session.run(subjects))
        return judge(kept, subjects, t)

    w.engine.phases.react.judge = noted
    return found


def test_an_event_turns_only_what_reads_it_and_only_its_person(worlds: MakeWorld) -> None:
    """One look of ann's: three segments are asked about her, `both` because `looking` turned."""
    w = made(worlds).run_to("03-03 09:00")
    seen = judged(w)
    w.event("ann", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 11:00")
    assert seen == {"looking": {"ann"}, "keen": {"ann"}, "both": {"ann"}}
    seen.clear()
    w.event("ann", "viewed_page", at="03-03 12:00", path="/").run_to("03-03 13:00")
    assert seen == {"looking": {"ann"}, "keen": {"ann"}}  # `looking` did not turn, so nobody asks `both`


def test_a_segment_in_a_segment_is_followed_in_the_same_instant(worlds: MakeWorld) -> None:
    w = made(worlds).event("ann", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 11:00")
    seen = judged(w)
    w.event("ann", "purchased", at="03-03 12:00", amount=1).run_to("03-03 12:00")
    assert w.turns("ann", "both") == [("03-03 12:00", None)]
    assert seen == {"buyers": {"ann"}, "both": {"ann"}, "w": {"ann"}, "mates": {"ann", "bob"}}  # `w` writes visits


def test_time_asks_only_those_it_turns(worlds: MakeWorld) -> None:
    w = made(worlds).event("ann", "viewed_page", at="03-03 10:00", path="/")
    w.event("bob", "viewed_page", at="03-03 15:00", path="/").event("cid", "viewed_page", at="03-04 15:00", path="/")
    w.run_to("03-04 16:00")
    seen = judged(w)
    w.run_to("03-05 00:00")  # two whole days after that of ann and bob
    assert seen == {"looking": {"ann", "bob"}, "both": {"ann", "bob"}}


def test_a_link_asks_only_those_at_its_ends(worlds: MakeWorld) -> None:
    w = made(worlds).run_to("03-03 09:00")
    seen = judged(w)
    w.set("d", of="deal", at="03-03 10:00", stage="won").run_to("03-03 11:00")
    assert seen == {"sold": {"cid"}}
    seen.clear()
    w.set("acme", of="company", at="03-03 12:00", industry="food").run_to("03-03 13:00")
    assert seen == {"working": {"ann", "bob"}}
    seen.clear()
    w.link("contact", "dan", "company", "bolt", "03-03 14:00").run_to("03-03 15:00")
    assert seen == {"working": {"dan"}, "mates": {"cid", "dan"}}


def test_what_nobody_reads_asks_nobody(worlds: MakeWorld) -> None:
    w = made(worlds).run_to("03-03 09:00")
    seen = judged(w)
    w.set("ann", at="03-03 10:00", phone="1").event("bob", "downloaded", at="03-03 10:00", asset="x")
    w.run_to("03-03 11:00")
    assert seen == {}


@pytest.mark.parametrize("segments", [1, 40])
def test_an_idle_tick_is_two_statements_and_writes_the_clock_alone(
    worlds: MakeWorld, segments: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many conditions there are, also those that time turns later; beside them the check of the lease."""
    rules = " ".join(f"segment s{i} of contact {{ created_at within {i + 2} days }}" for i in range(segments))
    w = worlds(rules).contact("ann").run_to("03-02 09:00")
    asked: list[tuple[str, object]] = []
    bound = Session.bound

    def noted(session: Session, sql: str, values: Mapping[str, object]) -> list[Row]:
        asked.append((sql.split()[0], values.get("key")))
        return bound(session, sql, values)

    monkeypatch.setattr(Session, "bound", noted)
    before = w.engine.session.statements
    w.tick("03-02 09:01")
    assert w.engine.session.statements - before == 2
    assert [one for one in asked if one[0] != "SELECT"] == [("INSERT", "clock")]
