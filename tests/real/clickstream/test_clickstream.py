"""31,106 events of a web shop: abandoned carts, failed payments, phases; to the second what was in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from ..world import World, data, local, members, moment, report, run, same
from . import oracle

ZONE = "Europe/Berlin"
START, UNTIL = local(ZONE, 2024, 1, 1), local(ZONE, 2024, 8, 15)
DATES = [local(ZONE, *day) for day in [(2024, 2, 1, 12), (2024, 3, 2, 20), (2024, 3, 31, 3), (2024, 5, 1), (2024, 6, 29)]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = run("clickstream", [(data("clickstream") / "ecom.csv.gz", "events")], START, UNTIL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def users() -> list[oracle.User]:
    return oracle.read(data("clickstream"))


def enrollments(world: World, name: str) -> set[tuple[str, datetime, datetime, str]]:
    """(user, began, ended, why): by the mail that was sent or the reason it was stopped for."""
    found = world.rows(
        "SELECT c.external_id, e.enrolled_at, e.ended_at, coalesce((SELECT o.template FROM segue_outbox o WHERE"
        " o.bucket = e.bucket AND o.enrollment_id = e.id AND o.state = 'sent'), e.reason) FROM segue_enrollment e"
        " JOIN segue_definition f ON f.id = e.definition_id JOIN contact c ON c.bucket = e.bucket AND c.id ="
        " e.contact_id WHERE f.name = :name",
        name=name,
    )
    said = {"reminder": "reminded", "completed": "bought"}
    return {(who.partition(":")[2], moment(a), moment(b), said.get(why, why)) for who, a, b, why in found}


def refusals(world: World, name: str) -> set[tuple[str, datetime, str]]:
    found = world.rows(
        "SELECT c.external_id, r.at, r.reason FROM segue_refusal r JOIN segue_definition f ON f.id = r.definition_id"
        " JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id WHERE f.name = :name",
        name=name,
    )
    return {(who.partition(":")[2], moment(at), why) for who, at, why in found}


def test_every_event_is_loaded(world: World, users: list[oracle.User]) -> None:
    kinds = {
        "added_to_cart": [x for u in users for x in u.of("add_to_cart")],
        "purchased": [x for u in users for x in u.purchases],
        "met_error": [x for u in users for x in u.of(*oracle.ERRORS)],
        "viewed_page": [x for u in users for x in u.pages],
    }
    rows = [(kind, world.rows(f"SELECT count(*) FROM event_{kind}")[0][0], len(seen)) for kind, seen in kinds.items()]
    assert all(ours == theirs for _, ours, theirs in rows)
    assert sum(ours for _, ours, _ in rows) == 31_106
    report("Clickstream: events", rows, world)


@pytest.mark.parametrize("name", ["cart_reminder", "payment_trouble"])
def test_carts_and_payments(world: World, users: list[oracle.User], name: str) -> None:
    judged = [(oracle.carts if name == "cart_reminder" else oracle.troubles)(user) for user in users]
    expected = {(e.user, e.began, e.ended, e.reason) for found, _ in judged for e in found}
    refused = {r for _, no in judged for r in no}
    ours = enrollments(world, name)
    same(name, ours, expected)
    same(f"refusals of {name}", refusals(world, name), refused)
    rows = [
        (f"ended: {why}", sum(e[3] == why for e in ours), sum(e[3] == why for e in expected))
        for why in sorted({e[3] for e in expected})
    ]
    for why in sorted({r[2] for r in refused}):
        count = sum(r[2] == why for r in refused)
        rows.append((f"refused: {why}", sum(r[2] == why for r in refusals(world, name)), count))
    report(f"Clickstream: {name}", rows, world)


def test_phases_change_and_are_answered(world: World, users: list[oracle.User]) -> None:
    """The first value writes no history (X34), but a record that begins with the value has come to it (X3)."""
    found = world.rows(
        "SELECT c.external_id, h.at, h.old, h.new FROM segue_property_history h JOIN contact c ON c.bucket = h.bucket AND"
        " c.id = h.id WHERE h.object = 'contact' AND h.property = 'phase'"
    )
    ours = {(who.partition(":")[2], oracle.minute(moment(at)), old, new) for who, at, old, new in found}
    theirs = {(u.id, at, old, new) for u in users for at, old, new in u.changes if old is not None}
    rows = [("changes of phase", same("phases", ours, theirs), len(theirs))]
    loyal = {(u.id, at) for u in users for at, _, new in u.changes if new == "loyal"}
    found = world.rows(
        "SELECT c.external_id, e.entered_at FROM segue_enrollment e JOIN segue_definition f ON f.id = e.definition_id JOIN"
        " contact c ON c.bucket = e.bucket AND c.id = e.contact_id WHERE f.name = 'now_loyal'"
    )
    rows.append(("thanks", same("now_loyal", {(w.partition(":")[2], moment(at)) for w, at in found}, loyal), len(loyal)))
    thanked = {row[0].partition(":")[2] for row in world.rows("SELECT external_id FROM contact WHERE thanked")}
    rows.append(("thanked", same("thanked", thanked, {who for who, _ in loyal}), len({who for who, _ in loyal})))
    report("Clickstream: phases", rows, world)


def test_segments_join_and_leave_at_the_instant(world: World, users: list[oracle.User]) -> None:
    expected = oracle.segments(users, UNTIL)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, theirs in expected.items():
        ours = world.history(name)
        same(name, ours, theirs)
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[1::2]]
        rows.append((f"{name}, stays", len(ours), len(theirs)))
    report("Clickstream: members", rows, world)
