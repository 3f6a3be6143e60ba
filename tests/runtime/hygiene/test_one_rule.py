"""One rule of a hygiene, its queue page by page, and fixes of some of its records (P15); on both databases."""

from __future__ import annotations

import pytest

from runtime.access.roles import REP, Actor
from runtime.errors import NotAllowed, UnknownName
from runtime.hygiene import Queue, QueueLine, fix, keep_those, last_run, place_of, preview, runs
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.hygiene.clinic import AMY, Clinic

RULES = """
hygiene names "Names" of contact {
  fix when last_name ends with "様" { set last_name = without_suffix(last_name, "様") }
  fix when last_name starts with "A8" { set last_name = trim(without_prefix(last_name, "A8")) }
  fix when last_name starts with "?" { set last_name = trim(last_name) }
  review when first_name is missing "Only {{ contact.last_name | default: 'no name' }} is known"
}
"""
PEOPLE = {"ann": "田中様", "bob": "佐藤様", "cyd": "A8 鈴木様", "dan": "A8 Mori", "eve": "?", "fay": "山田様"}


def clinic(worlds: MakeWorld) -> Clinic:
    world = worlds(RULES)
    for name, last in PEOPLE.items():
        world.contact(name, last_name=last, first_name=None if name == "eve" else "Hana")
    return Clinic(world.run_to("03-02 09:00"))


def page(c: Clinic, rule: str, **where: object) -> list[QueueLine]:
    with c.world.store.session() as session:
        return Queue(session, c.loaded, rule).page(**where)


def ids(*names: str) -> list[int]:
    return [record_id("contact", name) for name in names]


def test_p15_the_queue_says_what_is_wrong_and_what_its_fix_writes(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    told = {line.finding.external_id: line for line in page(c, "names.1")}
    assert {name: line.values for name, line in told.items()} == {
        "ann": (("Last name", "田中様", "田中"),),
        "bob": (("Last name", "佐藤様", "佐藤"),),
        "cyd": (("Last name", "A8 鈴木様", "A8 鈴木"),),
        "fay": (("Last name", "山田様", "山田"),),
    }
    assert told["ann"].name == "田中様 Hana"
    [stuck], [seen] = page(c, "names.3"), page(c, "names.4")
    assert stuck.stuck and not stuck.values and (seen.words, seen.stuck) == ("Only ? is known", False)
    with pytest.raises(UnknownName):
        page(c, "names.9")


def test_p15_the_queue_is_cut_by_key_both_ways(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    every = page(c, "names.1")
    places = [place_of(line) for line in every]
    assert places == sorted(places) and len(places) == 4
    assert page(c, "names.1", after=places[0], limit=2) == every[1:3]
    assert page(c, "names.1", after=places[0], skip=1, limit=9) == every[2:]
    assert page(c, "names.1", after=places[3], back=True, limit=2) == every[1:3][::-1]
    assert page(c, "names.1", back=True, limit=1) == every[3:]


def test_p15_a_fix_of_one_rule_and_some_records_leaves_all_others(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    with c.world.store.session() as session:
        seen = preview(session, c.loaded, "names.1", 0, ids("cyd", "bob", "dan"))
        done = fix(session, c.loaded, "names.1", AMY, 0, ids("cyd", "bob", "dan"))
    assert {(x.external_id, x.new) for x in done.changes} == {("bob", "佐藤"), ("cyd", "A8 鈴木")}
    assert done.changes == seen.changes and (done.records, done.told) == (2, 0)
    waits = {line.finding.external_id for line in page(c, "names.1") if line.waits}
    assert waits == {"bob", "cyd"}
    c.world.run_to("03-02 09:01")
    assert c.names()["cyd"] == ("A8 鈴木", "Hana") and c.names()["ann"] == ("田中様", "Hana")
    assert c.found() == {"names.1": 2, "names.2": 2, "names.3": 1, "names.4": 1}
    with c.world.store.session() as session:
        assert fix(session, c.loaded, "names.1", AMY, 0, []).written == 0


def test_p15_runs_are_told_and_the_last_one_that_stands(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    with c.world.store.session() as session:
        assert (runs(session), last_run(session)) == ([], None)
        fix(session, c.loaded, "names.1", AMY, 0, ids("ann"))
        fix(session, c.loaded, "names.2", AMY, 0, ids("dan"))
    c.world.run_to("03-02 09:01")
    c.undo(2)
    with c.world.store.session() as session:
        assert [(run.run, run.hygiene, run.values, run.undone, run.by_user) for run in runs(session)] == [
            (2, "names", 1, 1, "amy"),
            (1, "names", 1, 0, "amy"),
        ]
        last = last_run(session)
    assert last is not None and last.run == 1


def test_p15_several_are_let_be_at_once_and_only_those_that_are_found(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    with c.world.store.session() as session:
        kept = keep_those(session, c.loaded, "names.1", ids("ann", "dan", "fay"), AMY, "agreed")
        assert sorted(kept) == sorted(ids("ann", "fay"))
        assert keep_those(session, c.loaded, "names.1", ids("ann"), AMY) == []
        with pytest.raises(NotAllowed):
            keep_those(session, c.loaded, "names.1", ids("bob"), Actor("ray", REP))
    assert c.found()["names.1"] == 2
    assert c.rows("SELECT count(*) FROM segue_audit WHERE refused = 0") == [(2,)]
