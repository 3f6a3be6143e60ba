"""What one batch says of the same record or event more than once."""

from __future__ import annotations

from collections.abc import Callable

from .harness import World

Worlds = Callable[..., World]
RULES = "segment paying of contact { plan = paid }"


def test_x2_a_record_told_in_parts_begins_at_its_first(worlds: Worlds) -> None:
    """Rows of other fields come first in the alphabet and later in time."""
    w = worlds(RULES, start="03-04 00:00")
    w.record("contact", "ann", "03-03 08:00", email="new@x.example", plan="paid")
    w.record("contact", "ann", "03-02 08:00", plan="free", visits=1)
    w.record("contact", "ann", "03-01 08:00", email="old@x.example")
    w.run_to("03-04 01:00")
    assert w._rows_of("SELECT created_at, email, plan, visits FROM contact WHERE bucket = :b AND id = :id", "ann") == [
        (w.micros("03-01 08:00"), "new@x.example", "paid", 1)
    ]
    history = "SELECT property, old, new FROM segue_property_history WHERE bucket = :b AND id = :id ORDER BY 1"
    assert w._rows_of(history, "ann") == [("email", "old@x.example", "new@x.example"), ("plan", "free", "paid")]


def test_x9_an_event_is_one_by_its_id(worlds: Worlds) -> None:
    """Delivered again with another instant, in the same batch or later, it counts once."""
    w = worlds(RULES)
    w.contact("ann").event("ann", "viewed_page", "03-02 10:00", key="one")
    w.event("ann", "viewed_page", "03-02 10:05", key="one")
    w.run_to("03-02 11:00")
    w.event("ann", "viewed_page", "03-02 12:00", key="one")
    w.run_to("03-02 13:00")
    assert events(w, "viewed_page") == [(w.micros("03-02 10:00"),)]
    assert activity(w) == [("acted", 1), ("viewed_page", 1)]


def test_x30_the_same_event_of_two_classes_counts_as_it_came_first(worlds: Worlds) -> None:
    w = worlds(RULES)
    w.contact("ann").event("ann", "opened_email", "03-02 10:00", key="one", class_="machine")
    w.event("ann", "opened_email", "03-02 10:01", key="one", class_="human")
    w.run_to("03-02 11:00")
    assert events(w, "opened_email") == [(w.micros("03-02 10:00"),)]
    assert activity(w) == []


def events(w: World, kind: str) -> list[tuple[object, ...]]:
    return w._rows_of(f"SELECT at FROM event_{kind} WHERE bucket = :b AND record_id = :id", "ann")


def activity(w: World) -> list[tuple[object, ...]]:
    return w._rows_of("SELECT event, count FROM segue_activity WHERE bucket = :b AND id = :id ORDER BY 1", "ann")
