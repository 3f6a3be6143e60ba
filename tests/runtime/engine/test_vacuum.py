"""Retention: what is over goes, and nothing that a rule, a figure or a reason still needs (architecture, M24)."""

import pytest

from runtime.errors import InvalidInput
from runtime.metrics import most_engaged, template_performance
from runtime.metrics.sequences import sequence_metrics
from runtime.service.vacuuming import Gone, vacuum
from runtime.store import seen
from runtime.store.store import Store
from tests.runtime.engine.harness import PROJECT, MakeWorld, World

KEEPS = PROJECT + "retention: {events: 30 days, outbox: 30 days}\n"
LOOKS_BACK = """
segment readers "Readers" of contact { has viewed_page at least 2 times within 60 days }
segment ever "Ever" of contact { has downloaded }
segment fans "Fans" of contact { has searched (terms = "x") }
sequence x { when: manually sender: rep  send intro  wait 40 days  send last }
"""


def made(worlds: MakeWorld, rules: str = LOOKS_BACK) -> World:
    """In file or server, for a vacuum takes the worker's place."""
    world = worlds(rules, project=KEEPS)
    return world.contact("ann", at="03-02 08:00").contact("bob", at="03-02 08:00")


def let_go(world: World, dry_run: bool = False) -> dict[str, Gone]:
    world.engine.close()
    return {one.what: one for one in vacuum(world.store, world.program, dry_run)}


def events(world: World, kind: str) -> int:
    with world.store.session() as session:
        return session.run(f"SELECT count(*) FROM event_{kind}")[0][0]


def test_events_go_when_they_are_old_and_no_window_reaches_them(worlds: MakeWorld) -> None:
    world = made(worlds)
    for at in ("03-03 09:00", "03-20 09:00"):
        world.event("ann", "viewed_page", at=at, path="/").event("ann", "downloaded", at=at, asset="a")
    world.run_to("05-15 00:00")
    found = let_go(world)
    # 60 days before 15 May is 16 March; 30 days before is 15 April.
    assert (found["viewed_page"].rows, found["downloaded"].rows) == (1, 2)
    assert world.local(found["viewed_page"].until) == "03-16 23:59"
    assert (events(world, "viewed_page"), events(world, "downloaded")) == (1, 0)


def test_what_is_kept_beside_still_answers_and_a_vacuum_turns_nobody(worlds: MakeWorld) -> None:
    world = made(worlds).event("ann", "downloaded", at="03-03 09:00", asset="a").run_to("05-15 00:00")
    before = {name: world.members(name) for name in ("readers", "ever", "fans")}
    let_go(world)
    world.engine = type(world.engine)(world.store, world.program, world.channel)
    world.go_live().run_to("05-20 00:00")
    assert (
        {name: world.members(name) for name in before} == before == {"readers": set(), "ever": {"ann"}, "fans": set()}
    )


def test_x35_a_late_event_after_a_vacuum_gives_what_it_gives_without_one(worlds: MakeWorld) -> None:
    """The cap of May is full by the first of its events, which are old enough to go."""
    rules = """score s of contact { give 5 when viewed_page, at most 10 per month  expire: after 20 days }
segment hot of contact { score(s) >= 5 }"""
    values = []
    for vacuums in (True, False):
        world = made(worlds, rules)
        for at in ("05-01 09:00", "05-02 09:00"):
            world.event("ann", "viewed_page", at=at, path="/")
        world.run_to("06-01 12:00")
        if vacuums:
            let_go(world)
            world.engine = type(world.engine)(world.store, world.program, world.channel)
            world.go_live()
        world.event("ann", "viewed_page", at="05-28 09:00", path="/").run_to("06-02 00:00")
        values.append((world.members("hot"), events(world, "viewed_page")))
        world.close()
    assert values == [(set(), 3), (set(), 3)]


def test_a_kind_that_a_rule_looks_back_at_without_end_is_kept(worlds: MakeWorld) -> None:
    world = made(worlds).event("ann", "searched", at="03-03 09:00", terms="x").run_to("05-15 00:00")
    assert let_go(world)["searched"] == Gone("searched", 0, None, "a rule looks back at all of them")
    assert events(world, "searched") == 1


def test_m24_figures_and_reasons_are_the_same_after_a_vacuum(worlds: MakeWorld) -> None:
    world = made(worlds)
    for name in ("ann", "bob"):
        world.enroll(name, "sequence x", at="03-03 09:00")
    world.run_to("03-03 09:01").event("ann", "opened_email", at="03-04 09:00", mail="intro")
    world.event("ann", "replied", at="03-05 09:00", mail="intro").event("bob", "replied", at="02-27 09:00", live=False)
    world.run_to("06-15 00:00")
    bits = "SELECT contact_id, seen FROM segue_enrollment ORDER BY contact_id"
    with world.store.session() as session:
        before, kept = sequence_metrics(session), session.run(bits)
    assert sorted(bits for _, bits in kept) == [0, seen.Seen.OPENED | seen.Seen.REPLIED]
    found = let_go(world)
    assert (found["replied"].rows, events(world, "replied"), events(world, "opened_email")) == (1, 1, 1)
    with world.store.session() as session:
        assert (sequence_metrics(session), session.run(bits)) == (before, kept)
        with session.transaction():
            seen.keep(session)  # worked out anew from what a vacuum leaves
        assert session.run(bits) == kept


def test_m17_opens_stay_of_who_got_a_mail_and_was_never_enrolled_and_those_of_a_slow_clock(worlds: MakeWorld) -> None:
    """Figures look up what others did with a mail that went to them (X20); of the one enrolled their acts are kept."""
    rules = "sequence x { when: manually  sender: rep  send intro to every company.contact (plan = paid) send last }"
    world = made(worlds, rules).contact("pia", plan="paid").company("acme", "ann", "pia")
    world.enroll("ann", "sequence x", at="03-03 09:00").run_to("03-03 10:00")
    world.event("pia", "opened_email", at="03-04 09:00", mail="intro")
    world.event("ann", "clicked_email", at="03-03 08:59", mail="last", link_url="https://x.example")
    world.run_to("06-15 00:00")
    with world.store.session() as session:
        before = template_performance(session), most_engaged(session)
        assert [(t.template, t.opened.count, t.clicked.count) for t in before[0]] == [("intro", 1, 0), ("last", 0, 1)]
    let_go(world)
    with world.store.session() as session:
        assert (template_performance(session), most_engaged(session)) == before
        assert [one for one in seen.differences(session, 5) if one[1]] == []


def test_nobody_inside_loses_what_happened_since_they_entered(worlds: MakeWorld) -> None:
    after = "wait 90 days  if has purchased since enrollment { set plan = paid }"
    rules = f"{LOOKS_BACK} workflow w of contact {{ when: manually  {after} }}"
    world = made(worlds, rules).enroll("ann", "workflow w", at="03-03 09:00").run_to("03-03 10:00")
    for name in ("ann", "bob"):
        world.event(name, "purchased", at="03-04 09:00")
    world.run_to("05-15 00:00")
    assert let_go(world)["purchased"].rows == 1
    assert events(world, "purchased") == 1


def test_mails_keep_their_rows_and_lose_where_they_went(worlds: MakeWorld) -> None:
    world = made(worlds).enroll("ann", "sequence x", at="03-03 09:00").run_to("03-03 10:00")
    world.unenroll("ann", "sequence x", at="03-04 09:00").run_to("05-15 00:00")
    assert let_go(world, dry_run=True)["addresses and subjects of mails"].rows == 1
    assert let_go(world)["addresses and subjects of mails"].rows == 1
    with world.store.session() as session:
        assert session.run("SELECT template, state, address, subject FROM segue_outbox") == [
            ("intro", "sent", None, None)
        ]
        assert session.run("SELECT count(*) FROM segue_outbox WHERE key IS NOT NULL") == [(1,)]


def test_a_dry_run_lets_nothing_go(worlds: MakeWorld) -> None:
    world = made(worlds).event("ann", "downloaded", at="03-03 09:00", asset="a").run_to("05-15 00:00")
    assert let_go(world, dry_run=True)["downloaded"].rows == 1
    assert events(world, "downloaded") == 1


def test_without_a_word_on_keeping_all_is_kept(world: MakeWorld) -> None:
    some = world(LOOKS_BACK).run_to("03-03 00:00")
    with pytest.raises(InvalidInput, match="does not say how long to keep"):
        vacuum(some.store, some.program)


def test_a_store_that_was_never_run(world: MakeWorld) -> None:
    some = world(LOOKS_BACK, project=KEEPS)
    with Store.memory(some.program.schema) as empty, pytest.raises(InvalidInput, match="never run"):
        vacuum(empty, some.program)
