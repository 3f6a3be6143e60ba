"""X26: a schema that a pinned version cannot bear is refused while somebody is inside, the enrollments counted."""

from __future__ import annotations

import pytest

from runtime.engine.going_live.needed import refused_by
from tests.runtime.engine.harness import SCHEMA, MakeWorld, compiled

WITH_LINKS = SCHEMA + "events:\n  boarded: {of: contact, fields: {seat: {type: text}, price: {type: number}}}\n"
# What is written by somebody inside, what becomes of the schema, and what is said of it.
CASES = [
    ("set visits = 5", ("visits: {type: number}", "visits: {type: text}"), "property `contact.visits`"),
    ("add 5 to visits", ("visits: {type: number}", "visits: {type: text}"), "property `contact.visits`"),
    ("set visits = count(purchased)", ("visits: {type: number}", "visits: {type: date}"), "property `contact.visits`"),
    (
        "set phone = \"{{ contact.visits | default: '0' }}\"",
        ("visits: {type: number}", ""),
        "property `contact.visits`",
    ),
    (
        'create ticket { subject = "a"  pipeline = support  stage = new  level = 4 }',
        ("level: {type: number, default: 3}", "level: {type: date}"),
        "property `ticket.level`",
    ),
    ("set company.budget = 5 EUR", ("budget: {type: money}", "budget: {type: number}"), "property `company.budget`"),
    (
        'if has boarded(price > 5) { exit "x" }',
        ("price: {type: number}", "price: {type: text}"),
        "field `boarded.price`",
    ),
    ('if has boarded(seat = "x") { exit "x" }', (", price: {type: number}", ""), None),
    ('if sum(boarded.price) > 5 { exit "x" }', (", price: {type: number}", ""), "field `boarded.price`"),
    (
        'if any advised_deal (won) { exit "x" }',
        ("associations: {advisor: {to: contact, inverse: advised_deal}}", ""),
        "association `advised_deal`",
    ),
    ("set visits = 5", ("visits: {type: number}", "visits: {type: number, label: Calls}"), None),
    ("set plan = paid", ("plan: {type: choice, options: [free, trial, paid]}", "plan: {type: text}"), None),
]


@pytest.mark.parametrize(("written", "change", "lacks"), CASES)
def test_x26_what_a_pinned_version_writes_and_reads_holds_its_type(
    world: MakeWorld, written: str, change: tuple[str, str], lacks: str | None
) -> None:
    assert change[0] in WITH_LINKS
    w = world(f"workflow w of contact {{ when: manually  wait 3 days  {written} }}", schema=WITH_LINKS)
    for name in ("ann", "bob"):
        w.contact(name).enroll(name, "workflow w", at="03-02 09:00")
    w.run_to("03-03 10:00")
    other = compiled("static segment none of contact", WITH_LINKS.replace(*change)).schema
    needed = refused_by(w.engine.session, other)
    assert [(what.startswith(lacks or ""), count) for what, count in needed.items()] == ([(True, 2)] if lacks else [])
    w.run_to("03-09 10:00")
    assert not refused_by(w.engine.session, other), "nobody is inside any more"
