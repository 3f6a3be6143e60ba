"""Waiting until something happens or holds (semantics X17)."""

from __future__ import annotations

from tests.runtime.engine.harness import MakeWorld

UNTIL = (
    "workflow w of contact {{ when: purchased  {}wait until {} up to 1 day else {{ set"
    " visits = 1 }}  set plan = paid }}"
)


def waited(w, name: str) -> list[tuple[str, str]]:
    return [(at, outcome) for at, what, _, outcome in w.steps(name) if what == "wait"]


def test_x17_an_event_strictly_after_the_wait_began(worlds: MakeWorld) -> None:
    """Not before, not at the beginning; at the deadline itself it still counts; then both ways go on."""
    w = worlds(UNTIL.format("wait 1 hour  ", "viewed_page"))
    pages = {"before": "10:59", "at": "11:00", "after": "11:01", "deadline": "03-04 11:00", "late": "03-04 11:01"}
    for name, page in pages.items():
        w.contact(name).event(name, "purchased", at="03-03 10:00", amount="5")
        w.event(name, "viewed_page", at=page if "-" in page else f"03-03 {page}", path="/")
    w.run_to("03-06 09:00")
    out, ok = [("03-04 11:00", "timeout")], "happened"
    assert [waited(w, n) for n in pages] == [out, out, [("03-03 11:01", ok)], [("03-04 11:00", ok)], out]
    assert [w.value(n, "visits") for n in pages] == [1, 1, None, None, 1]
    assert {w.value(n, "plan") for n in pages} == {"paid"}


def test_x17_as_first_statement_it_counts_from_the_trigger_event(worlds: MakeWorld) -> None:
    """Strictly after the trigger event, also within its minute."""
    w = worlds(UNTIL.format("", "purchased")).contact("one").contact("two")
    for name in ("one", "two"):
        w.event(name, "purchased", at="2026-03-03 10:00:10", amount="5")
    w.event("two", "purchased", at="2026-03-03 10:00:20", amount="5").run_to("03-06 09:00")
    assert waited(w, "two") == [("03-03 10:01", "happened")]
    assert [o for _, o in waited(w, "one")] == ["timeout"]


def test_x17_a_condition_goes_on_at_once_if_true_and_when_it_turns(worlds: MakeWorld) -> None:
    """True already: at once; else at the moment it turns, by writes or by time alone; else `else`."""
    w = worlds(UNTIL.format("wait 1 hour  ", "(visits > 5 or created_at older than 6 days)"))
    w.contact("now", visits=6).contact("soon", visits=2).contact("never", visits=2, at="03-03 09:00").contact(
        "time", visits=2, at="02-26 10:00"
    )
    for name in ("now", "soon", "never", "time"):
        w.event(name, "purchased", at="03-03 10:00", amount="5")
    w.set("soon", visits=6, at="03-03 15:07").run_to("03-06 09:00")
    assert waited(w, "now") == [("03-03 11:00", "happened")]
    assert waited(w, "soon") == [("03-03 15:07", "happened")]
    assert waited(w, "time") == [("03-04 00:00", "happened")]
    assert waited(w, "never") == [("03-04 11:00", "timeout")]


def test_x17_events_joined_by_or_with_a_filter(world: MakeWorld) -> None:
    """Any of them; the filter holds."""
    w = world(UNTIL.format("wait 1 hour  ", 'viewed_page(path contains "price") or downloaded'))
    w.contact("page").contact("file").contact("other")
    for name in ("page", "file", "other"):
        w.event(name, "purchased", at="03-03 10:00", amount="5").event(
            name, "viewed_page", at="03-03 12:00", path="/blog"
        )
    w.event("page", "viewed_page", at="03-03 13:00", path="/price").event(
        "file", "downloaded", at="03-03 14:00", asset="pdf"
    )
    w.run_to("03-06 09:00")
    assert [waited(w, n)[0] for n in ("page", "file", "other")] == [
        ("03-03 13:00", "happened"),
        ("03-03 14:00", "happened"),
        ("03-04 11:00", "timeout"),
    ]


def test_x17_a_decision_is_never_reopened(worlds: MakeWorld) -> None:
    """An event after the timeout changes nothing, one that came true stays so."""
    w = worlds(UNTIL.format("wait 1 hour  ", "visits > 5").replace("set plan = paid", "wait 1 day  set plan = paid"))
    w.contact("ann", visits=1).event("ann", "purchased", at="03-03 10:00", amount="5")
    w.set("ann", visits=9, at="03-03 12:00").set("ann", visits=1, at="03-03 12:30").run_to("03-06 09:00")
    assert waited(w, "ann") == [("03-03 12:00", "happened")]
    assert w.ended("ann", "w") == "03-04 12:00"
