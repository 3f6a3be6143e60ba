"""A new edition of the time-zone data: what was planned by the old rules is planned by the new ones (X13)."""

from __future__ import annotations

from runtime.times.edition import edition
from runtime.times.zones import HOUR
from tests.runtime.engine.harness import MakeWorld, World

RULES = """
workflow days of contact { when: manually  set visits = 1  wait 3 days  set visits = 2 }
workflow hours of contact { when: manually  set visits = 1  wait 72 hours  set visits = 2 }
workflow clock of contact { when: manually  wait until 15:00  set visits = 2 }
workflow date of contact { when: manually  wait until renewal at 09:00 else { exit "no" }  set visits = 2 }
workflow event of contact { when: manually  wait until purchased up to 2 days else { set visits = 3 } }
workflow spans of contact { when: manually  wait until purchased up to 48 hours else { set visits = 3 } }
"""
NAMES = ("days", "hours", "clock", "date", "event", "spans")


def test_a_new_edition_of_the_zones_recomputes_what_is_due(worlds: MakeWorld) -> None:
    """As if the old rules had been an hour behind: clocks and calendars are put right, elapsing hours stay."""
    w = worlds(RULES).contact("ann", renewal="2026-03-06")
    for name in NAMES:
        w.enroll("ann", f"workflow {name}", at="03-03 12:00")
    w.run_to("03-03 12:30")
    dues = dict(_dues(w))
    assert w.sql("SELECT value FROM segue_meta WHERE key = 'tzdata'") == [(edition(),)]
    with w.engine.session.transaction():
        w.sql("UPDATE segue_enrollment SET due = due + :hour", hour=HOUR)
    w.restart().run_to("03-03 13:00")
    assert dict(_dues(w)) == {name: due + HOUR for name, due in dues.items()}  # the same edition: all stays
    with w.engine.session.transaction():
        w.sql("UPDATE segue_meta SET value = '1999z' WHERE key = 'tzdata'")
    w.restart().run_to("03-03 14:00")
    kept = {"hours": HOUR, "spans": HOUR}
    assert dict(_dues(w)) == {name: due + kept.get(name, 0) for name, due in dues.items()}
    w.run_to("03-10 00:00")
    assert w.steps("ann", "date")[1] == ("03-06 09:00", "wait", None, "happened")


def test_a_new_edition_leaves_a_countdown_after_a_pause(worlds: MakeWorld) -> None:
    w = worlds(RULES).contact("ann").enroll("ann", "workflow days", at="03-03 12:00")
    w.pause("ann", "workflow days", at="03-03 13:00").resume("ann", "workflow days", at="03-03 13:30").run_to(
        "03-04 00:00"
    )
    (before,) = _dues(w)
    with w.engine.session.transaction():
        w.sql("UPDATE segue_meta SET value = '1999z' WHERE key = 'tzdata'")
    assert _dues(w.restart().run_to("03-04 10:00")) == [before]


def _dues(w: World) -> list[tuple]:
    return w.sql(
        "SELECT d.name, e.due FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id WHERE e.due > 0"
    )
