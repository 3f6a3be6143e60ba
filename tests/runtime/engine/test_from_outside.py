"""Facts from outside: of the wrong type they are refused before they wait, the same one on two ways counts once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.errors import InvalidInput
from runtime.operators.importing import waiting
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.imports import import_file
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.store.imported import map_of

RULES = """
segment busy of contact { has viewed_page at least 2 times }
workflow look of contact { when: viewed_page  set visits = 1 }
"""
ANN = record_id("contact", "ann")
AT = 1_772_500_000_000_000
Row = inbox.InboxRow
NOBODYS = inbox.row("record", "unicorn", ANN, None, {"horn": 1}, at=AT, fields="horn")


def contact(**values: object) -> Row:
    return inbox.record_row("contact", "ann", values, at=AT)


def event(**more: object) -> Row:
    row = inbox.event_row("viewed_page", ANN, "e1", {"path": "/"}, at=AT)
    return row._replace(**more)


def consent(**more: object) -> Row:
    return inbox.consent_row(ANN, "news", "opted_in", at=AT, **more)


WRONG: dict[str, tuple[Callable[[], Row], str]] = {
    "a text for a number": (lambda: contact(visits="many"), '`visits` is a number, not "many"'),
    "a bool for a number": (lambda: contact(visits=True), "`visits` is a number, not true"),
    "no number": (lambda: contact(visits=1e300), "`visits` is a number"),
    "no day": (lambda: contact(renewal="2026-02-30"), "`renewal` is a day"),
    "a number for a text": (
        lambda: contact(first_name=7),
        "`first_name` is a text of at most 200,000 characters, not 7",
    ),
    "a NUL in a text": (lambda: contact(first_name="a\0b"), "`first_name` is a text"),
    "a text without an end": (lambda: contact(first_name="x" * 200_001), "a text of at most 200,000 characters"),
    "words without an end": (lambda: consent(words="x" * 200_001), "`words` is a text of at most 200,000"),
    "a list": (lambda: contact(plan=["paid"]), "`plan` is an option's name"),
    "no such option": (lambda: contact(plan="gold"), '`plan` is an option\'s name (free, trial, paid), not "gold"'),
    "other letters of an option": (lambda: inbox.set_row("contact", ANN, "plan", "Paid", at=AT), "`v` is an option's"),
    "no such option among several": (lambda: contact(tags=";a;z;"), "`tags` is options such as"),
    "options out of their order": (lambda: contact(tags=";b;a;"), "`tags` is options such as"),
    "an option of an event": (lambda: inbox.event_row("bounced", ANN, "e3", {"kind": "odd"}, at=AT), "(hard, soft)"),
    "an address that no index holds": (lambda: contact(email="x", email__n="é" * 1_301), "at most 2,600 bytes long"),
    "the same, set": (lambda: inbox.set_row("contact", ANN, "email", "x" * 2_601, at=AT), "at most 2,600 bytes long"),
    "set": (lambda: inbox.set_row("contact", ANN, "visits", "many", at=AT), "`v` is a number"),
    "no such property": (lambda: inbox.set_row("contact", ANN, "vists", 1, at=AT), "contact has no property `vists`"),
    "no such object": (lambda: NOBODYS, "there is no object `unicorn`"),
    "no such event": (lambda: event(object="sneezed"), "there is no event `sneezed`"),
    "an event without id": (lambda: event(payload='{"path": "/"}'), "it has no `id`"),
    "a class that is none": (
        lambda: inbox.event_row("opened_email", ANN, "e2", {}, class_="robot", at=AT),
        '`class` is human, machine or unknown, not "robot"',
    ),
    "a payload that is none": (lambda: event(payload="[1"), "its payload is no JSON object"),
    "an instant that is none": (lambda: event(at="yesterday"), "its instant and id are whole numbers"),
    "another's bucket": (lambda: event(bucket=(ANN + 1) & 255), "its bucket is that of the id"),
    "a link to a name": (lambda: inbox.link_row("contact", ANN, "company", "acme", at=AT), "`to` is the number of a"),
    "no such link": (lambda: inbox.link_row("contact", ANN, "guru", 7, at=AT), "contact has no association `guru`"),
    "no such choice": (lambda: inbox.consent_row(ANN, "news", "maybe", at=AT), "`state` is opted_in or opted_out"),
}


def test_a_row_of_the_wrong_type_is_refused(worlds: MakeWorld) -> None:
    """It says which one and why, nothing of what was put with it waits, and the worker goes on."""
    world = worlds(RULES)
    for what, (make, why) in WRONG.items():
        with pytest.raises(InvalidInput) as refused, world.engine.session.transaction():
            inbox.put(world.engine.session, [inbox.record_row("contact", "bob", {}, at=AT), make()])
        assert why in str(refused.value), what
        assert world.sql("SELECT count(*) FROM segue_inbox") == [(0,)], what
    assert world.contact("zoe").run_to("03-03 00:00").sql("SELECT count(*) FROM contact") == [(1,)]


def test_a_text_that_is_longer_as_it_is_compared_is_taken(worlds: MakeWorld) -> None:
    """`ß` is compared as `ss`: the limit is that of the text as it is written."""
    world, name = worlds(RULES), "ß" * 150_000
    rows = [contact(first_name=name, first_name__n="ss" * 150_000)]
    with world.engine.session.transaction():
        inbox.put(world.engine.session, [*rows, inbox.set_row("contact", ANN, "last_name", name, at=AT + 1)])
    assert world.run_to("03-04 00:00").sql("SELECT length(first_name), length(last_name__n) FROM contact") == [
        (150_000, 300_000)
    ]


def test_what_is_absent_fits_everything(worlds: MakeWorld) -> None:
    world = worlds(RULES)
    row = contact(visits=None, renewal=None, first_name=None, plan=None)
    with world.engine.session.transaction():
        inbox.put(world.engine.session, [row, inbox.set_row("contact", ANN, "visits", 2.5, at=AT + 1)])
    assert float(str(world.run_to("03-04 00:00").value("ann", "visits"))) == 2.5


@pytest.mark.parametrize("order", ["import first", "inbox first", "together"])
def test_the_same_event_by_import_and_by_the_inbox_counts_once(worlds: MakeWorld, tmp_path: Path, order: str) -> None:
    world = worlds(RULES)
    world.contact("ann", at="03-02 08:00")
    by_import, by_inbox = (lambda: imported(world, tmp_path)), (lambda: told(world))
    first, second = (by_inbox, by_import) if order == "inbox first" else (by_import, by_inbox)
    world.run_to("03-02 09:30")
    first()
    if order != "together":
        world.run_to("03-02 11:00")
    second()
    world.run_to("03-03 00:00")
    assert world.sql("SELECT count(*) FROM event_viewed_page") == [(1,)]
    assert world.sql("SELECT count FROM segue_activity WHERE event = 'viewed_page'") == [(1,)]
    assert world.members("busy") == set()
    assert len(world.entered("ann", "look")) == 1


def imported(world: World, folder: Path) -> None:
    rows, schema = folder / "views.csv", world.program.schema
    rows.write_text("nr,who,when,path\ne1,ann,2026-03-02 10:00,/\n")
    map_ = map_of(
        "rows: [{event: viewed_page, id: {template: 'shop:{nr}'}, of: {id: who}, at: when, set: {path: path}}]", schema
    )
    result = import_file(world.store, schema, rows, map_, zone=world.zone, now=world.now, live=True)
    assert result.loaded == 1


def told(world: World) -> None:
    world.event("ann", "viewed_page", at="03-02 10:00", key="shop:e1", path="/")


def test_facts_ahead_and_events_before_their_contact_are_counted_and_kept(worlds: MakeWorld) -> None:
    """Against contacts in the store and such that wait themselves; the import says it (issue 4, bad input)."""
    world = worlds(RULES)
    world.contact("ann", at="03-02 08:00").run_to("03-02 09:00")
    world.event("ann", "viewed_page", at="03-01 10:00", path="/")
    world.event("ann", "viewed_page", at="03-02 08:30", path="/")
    world.event("ann", "viewed_page", at="03-20 10:00", path="/")
    world.contact("bob", at="03-10 08:00", created_at="2026-03-01 08:00")
    world.event("bob", "viewed_page", at="02-27 10:00", path="/")
    world.event("bob", "viewed_page", at="03-02 08:40", path="/")
    world.event("nobody", "viewed_page", at="03-02 08:50", path="/")
    world._flush()
    with world.store.session() as session:
        found = waiting(session, world.program.schema, world.now)
    assert (found.count, found.ahead, found.early) == (7, 2, 2)
    world.run_to("03-21 00:00")
    assert world.sql("SELECT count(*) FROM event_viewed_page") == [(6,)]
