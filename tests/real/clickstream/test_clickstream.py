"""31,106 events of a web shop: abandoned carts, failed payments, phases; to the second what was in time."""

from __future__ import annotations

import pytest

from ..projects import CLICKSTREAM
from ..world import HISTORY, World, data, each, local, members, report, run, same
from . import oracle

Users = list[oracle.User]
DAYS = [(2024, 2, 1, 12), (2024, 3, 2, 20), (2024, 3, 31, 3), (2024, 5, 1), (2024, 6, 29)]
DATES = [local(CLICKSTREAM.zone, *day) for day in DAYS]
UNTIL = CLICKSTREAM.until
# What an enrollment came to: by the mail that was sent, else the reason it ended for.
CAME_TO = {"reminder": "reminded", "completed": "bought"}
MAIL = (
    "coalesce((SELECT o.template FROM segue_outbox o WHERE o.bucket = x.bucket AND o.enrollment_id = x.id"
    " AND o.state = 'sent'), x.reason)"
)


def check_every_event_is_loaded(world: World, users: Users) -> None:
    kinds = {
        "added_to_cart": [x for u in users for x in u.of("add_to_cart")],
        "purchased": [x for u in users for x in u.purchases],
        "met_error": [x for u in users for x in u.of(*oracle.ERRORS)],
        "viewed_page": [x for u in users for x in u.pages],
    }
    rows = [(kind, world.count(f"event_{kind}"), len(seen)) for kind, seen in kinds.items()]
    assert all(ours == theirs for _, ours, theirs in rows)
    assert sum(ours for _, ours, _ in rows) == 31_106
    report("Clickstream: events", rows, world)


def check_left_carts(world: World, users: Users) -> None:
    _check_workflow(world, "cart_reminder", [oracle.carts(user) for user in users])


def check_failed_payments(world: World, users: Users) -> None:
    _check_workflow(world, "payment_trouble", [oracle.troubles(user) for user in users])


def _check_workflow(
    world: World, name: str, judged: list[tuple[list[oracle.Enrollment], list[oracle.Refusal]]]
) -> None:
    expected = {(e.user, e.began, e.ended, e.reason) for found, _ in judged for e in found}
    refused = {r for _, no in judged for r in no}
    enrolled = f"(SELECT x.*, {MAIL} AS came_to FROM segue_enrollment x)"
    found = world.about(enrolled, "*x.enrolled_at, *x.ended_at, x.came_to", definition=name)
    ours = {(who, began, ended, CAME_TO.get(to, to)) for who, began, ended, to in found}
    no = world.about("segue_refusal", "*x.at, x.reason", definition=name)
    same(name, ours, expected)
    same(f"refusals of {name}", no, refused)
    rows = []
    for title, here, there in (("ended", ours, expected), ("refused", no, refused)):
        for why in sorted({e[-1] for e in there}):
            rows.append((f"{title}: {why}", sum(e[-1] == why for e in here), sum(e[-1] == why for e in there)))
    report(f"Clickstream: {name}", rows, world)


def check_phases_change_and_are_answered(world: World, users: Users) -> None:
    """The first value writes no history (X34), but a record that begins with the value has come to it (X3)."""
    found = world.about(HISTORY, "*x.at, x.old, x.new", where="x.object = 'contact' AND x.property = 'phase'")
    ours = {(who, oracle.minute(at), old, new) for who, at, old, new in found}
    theirs = {(u.id, at, old, new) for u in users for at, old, new in u.changes if old is not None}
    rows = [("changes of phase", same("phases", ours, theirs), len(theirs))]
    loyal = {(u.id, at) for u in users for at, _, new in u.changes if new == "loyal"}
    found = world.about("segue_enrollment", "*x.entered_at", definition="now_loyal")
    rows.append(("times they became loyal", same("now_loyal", found, loyal), len(loyal)))
    thanked = {who for who, _ in world.about("contact", "x.thanked", where="x.thanked")}
    rows.append(("thanked", same("thanked", thanked, {who for who, _ in loyal}), len({who for who, _ in loyal})))
    report("Clickstream: phases", rows, world)


def check_segments_join_and_leave_at_the_instant(world: World, users: Users) -> None:
    expected = oracle.segments(users, UNTIL)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, theirs in expected.items():
        ours = world.history(name)
        rows.append((f"{name}, stays", same(name, ours, theirs), len(theirs)))
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[1::2]]
    report("Clickstream: members", rows, world)


def test_clickstream(subtests: pytest.Subtests) -> None:
    each(
        subtests,
        run(CLICKSTREAM),
        oracle.read(data("clickstream")),
        check_every_event_is_loaded,
        check_left_carts,
        check_failed_payments,
        check_phases_change_and_are_answered,
        check_segments_join_and_leave_at_the_instant,
    )
