"""What no rule listens to leaves no touch; what one does listen to is told, however it speaks of it."""

from __future__ import annotations

import pytest

from .harness import MakeWorld, World

MAIL = "workflow w of contact { when: manually  sender: rep  again: after 1 hour  send receipt }\n"
RECEIVED, ENDS = "event received_email", "enrolled workflow w"
LISTENERS = {
    "a segment": "segment s of contact { has received_email within 2 days }",
    "a derived instant": "segment s of contact { last_contacted_at within 2 days }",
    "a trigger": "workflow v of contact { when: received_email  set visits = 1 }",
    "a wait": "workflow v of contact { when: manually  wait until received_email up to 1 day  set visits = 1 }",
    "a guard": "workflow v of contact { when: manually  stop_when: has received_email  wait 1 day  set visits = 1 }",
    "a count": "segment s of contact { count(received_email within 2 days) > visits }",
    "a score": "score s of contact { give 1 when received_email }",
}


def unheard(w: World) -> frozenset[str]:
    return w.go_live().engine.phases.touches.unheard


def test_what_nobody_speaks_of_is_unheard(world: MakeWorld) -> None:
    assert unheard(world(MAIL)) == {RECEIVED, ENDS}


@pytest.mark.parametrize("how", LISTENERS)
def test_whoever_speaks_of_mail_hears_of_it(world: MakeWorld, how: str) -> None:
    assert RECEIVED not in unheard(world(MAIL + LISTENERS[how]))


def test_definitions_are_heard_where_a_condition_or_a_turn_asks(world: MakeWorld) -> None:
    assert ENDS not in unheard(world(MAIL + "segment s of contact { in workflow w }"))
    assert ENDS not in unheard(world(MAIL + "segment s of contact { was ever in workflow w }"))
    turns = "sequence x { when: manually  sender: rep  wait 1 day  send receipt }"
    assert "enrolled sequence x" not in unheard(world(MAIL + turns))  # exclusive: somebody may wait (X7)


def test_mail_leaves_the_same_event_heard_or_not(worlds: MakeWorld) -> None:
    """At its instant, once, with its counts: the second mail adds to them."""
    seen = []
    for more in ("", LISTENERS["a count"]):
        w = worlds(MAIL + more).contact("ann").contact("bob")
        for at in ("03-02 09:00", "03-03 09:00"):
            w.enroll("ann", "workflow w", at=at)
        w.enroll("bob", "workflow w", at="03-02 09:00").run_to("03-04 09:00")
        events = w.sql(
            "SELECT record_id, at, ordinal, template, template__n, topic FROM event_received_email ORDER BY 1, 2"
        )
        counts = "SELECT id, count, first_at, last_at FROM segue_activity WHERE event = 'received_email' ORDER BY 1"
        seen.append((events, w.sql(counts), w.sql("SELECT count(DISTINCT id) FROM event_received_email")))
    assert seen[0] == seen[1]
    assert [row[1] for row in seen[0][1]] in ([2, 1], [1, 2]) and len(seen[0][0]) == 3
