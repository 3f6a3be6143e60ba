"""What the rooms of the app ask, on a small shop that ran for two weeks, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from dsl.source import Source
from runtime.access.audit import About, acting
from runtime.access.roles import ADMIN, Actor
from runtime.operators.tasks import settle_tasks
from runtime.project.loading import Loaded
from runtime.reading import Choice, Pages, page, timeline, timeline_length
from runtime.reading.activity import count_acts, page_of_acts
from runtime.reading.members import count_members, days_of_segment, number_of, page_of_members
from runtime.reading.records import (
    count_records,
    name_sql,
    page_by_name,
    page_of_records,
    record_page,
    records_named,
)
from runtime.reading.tasks import NOBODY, count_tasks, open_tasks, page_of_tasks, place_of_task
from runtime.reading.ways import goals, ways
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.times.zones import DAY
from runtime.why.belonging import belonging
from tests.runtime.databases import BOTH
from tests.runtime.engine.harness import World, compiled
from tests.runtime.reading.shop import RULES, SETTINGS, lived

AMY = Actor("amy", ADMIN)


@pytest.fixture(params=BOTH)
def shop(request: pytest.FixtureRequest) -> Iterator[World]:
    databases = request.getfixturevalue("databases") if request.param == "postgres" else None
    program = compiled(RULES, project=SETTINGS)
    world = World(RULES, store=databases.store(program.schema) if databases else None, project=SETTINGS)
    yield lived(world)
    world.close()


@pytest.fixture
def session(shop: World) -> Iterator[Session]:
    with shop.store.session() as session:
        yield session


def _loaded(world: World) -> Loaded:
    program = world.program
    return Loaded(
        Path(), program.project, program.schema, program, (), (), {"rules.segue": Source("rules.segue", RULES)}
    )


def _both_ways(total: int, fetch: Callable[..., Sequence[object]], key: Callable[[object], tuple[object, ...]]) -> None:
    """Pages of two forwards are the whole, and so are pages from the end."""
    whole = list(fetch(None, False, 0, 1000))
    assert len(whole) == total == len(set(map(key, whole)))
    forwards = Pages(total, fetch, key)
    assert [row for i in range(0, total, 2) for row in forwards(i, 2)] == whole
    backwards = Pages(total, fetch, key)
    for i in range(max(total - 2, 0), -1, -2):
        assert backwards(i, 2) == whole[i : i + 2]


def test_ways_count_what_came_of_each_step(session: Session) -> None:
    found = {(way.label, way.way): way.count for way in ways(session, "greet")}
    assert found['if country = "PL"', "yes"] == found['if country = "PL"', "no"] == 3
    assert found["wait until replied up to 2 days", "happened"] == 1
    assert found["wait until replied up to 2 days", "not in time"] == 4  # the sixth paid before
    assert found["send intro", "sent"] == 3 and ("send intro", "planned") not in found
    assert [way.branches for way in ways(session, "greet") if way.label == "send intro"] == [False]
    assert ways(session, "nobody knows it") == []


def test_ways_of_two_versions_are_added_up_and_the_old_ones_marked(shop: World, session: Session) -> None:
    shop.edit(RULES.replace("send intro", "send case").replace("wait 3 days", "wait 4 days"))
    shop.contact("new", at="03-13 19:00", plan="trial", country="JP").run_to("03-16 20:00")
    found = {(way.label, way.way): way for way in ways(session, "greet")}
    assert (found["send intro", "sent"].count, found["send intro", "sent"].old) == (3, True)
    assert (found["send case", "sent"].count, found["send case", "sent"].old) == (1, False)
    assert (found['if country = "PL"', "no"].count, found['if country = "PL"', "no"].old) == (4, False)


def test_a_step_whose_words_stand_there_twice_and_one_that_nobody_left_yet(shop: World, session: Session) -> None:
    """Each has its own people, also of an older version; a way that only that one has seen is none of an old step."""
    rules = RULES + (
        'workflow w of contact { when: plan is known  if country = "PL" { wait 1 day }'
        ' wait until replied up to 9 days  if country = "PL" { send case } }'
    )
    shop.edit(rules)
    shop.contact("ann", at="03-13 19:00", plan="free", country="PL").contact("bob", at="03-13 19:00", plan="free")
    shop.run_to("03-15 12:00")
    shop.edit(rules.replace('"PL" { send case', '"PL" { send intro'))
    shop.contact("cid", at="03-15 19:00", plan="free").run_to("03-15 20:00")
    found = ways(session, "w")
    assert [(way.label, way.nr, way.way, way.count, way.old, way.waiting) for way in found] == [
        ('if country = "PL"', 1, "no", 2, False, 0),
        ('if country = "PL"', 1, "yes", 1, False, 0),
        ("wait until replied up to 9 days", 1, "", 0, False, 3),
    ]
    choice = Choice("w", "workflow", places=found[-1].places)
    assert [line.status for line in page(session, choice)] == ["active"] * 3
    shop.event("ann", "replied", at="03-15 21:00").run_to("03-15 22:00")
    assert [(way.label, way.nr, way.way) for way in ways(session, "w")][-2:] == [
        ('if country = "PL"', 2, "yes"),
        ("send case", 1, "sent"),
    ]


def test_steps_that_no_funnel_shows_keep_to_their_words_over_an_edit(shop: World, session: Session) -> None:
    """Of two versions they were added up by where they stand among those, whatever they do."""
    body = 'create ticket { subject = "Help" } as help  link help to contact  log note "made"  wait 9 days }'
    rules = f"{RULES}workflow w of contact {{ when: plan is known  {body}"
    shop.edit(rules)
    shop.contact("ann", at="03-13 19:00", plan="free").run_to("03-14 12:00")
    shop.edit(rules.replace("link help to contact", ""))
    shop.contact("bob", at="03-14 19:00", plan="free").run_to("03-15 12:00")
    assert [(way.label, way.count, way.old) for way in ways(session, "w") if way.way == "done"] == [
        ("create ticket", 2, False),
        ("note", 2, False),
        ("link help to contact", 1, True),
    ]


def test_goals_are_those_who_reached_theirs(session: Session) -> None:
    assert list(goals(session).values()) == [1]  # p2; p3 paid when the workflow was over for them


def test_members_come_in_pages_of_their_ids(shop: World, session: Session) -> None:
    number, schema = number_of(session, "trials"), shop.program.schema
    assert number is not None and number_of(session, "no such") is None
    total = count_members(session, number)
    assert total == 4

    def fetch(after: object, back: bool, skip: int, limit: int) -> Sequence[object]:
        return page_of_members(session, schema, number, "contact", limit, skip, after, back)

    _both_ways(total, fetch, lambda one: tuple(one.key))
    names = {one.external_id: one.name for one in page_of_members(session, schema, number, "contact")}
    assert names["p0"] == "佐藤 Nowak" and set(names) == {"p0", "p1", "p4", "p5"}


def test_days_of_a_segment_add_up_to_its_members(shop: World, session: Session) -> None:
    number = number_of(session, "trials")
    assert number is not None
    days = days_of_segment(session, number, shop.zone)
    assert len(days) == 30
    moved = [(day.joined, day.left, day.members) for day in days if day.joined or day.left]
    assert moved == [(2, 0, 2), (2, 0, 4), (2, 0, 6), (0, 1, 5), (0, 1, 4)]
    assert days[-1].members == 4


def test_a_day_of_a_segment_is_the_zones(shop: World, session: Session) -> None:
    """p0 joined on 3 March 09:00 in Warsaw: still the 2nd in Honolulu."""
    number = number_of(session, "trials")
    assert number is not None
    first = {
        zone: next(day.day for day in days_of_segment(session, number, zone) if day.joined)
        for zone in ("Europe/Warsaw", "Pacific/Honolulu")
    }
    assert first["Europe/Warsaw"] - first["Pacific/Honolulu"] == 1


def test_records_are_found_by_how_their_name_begins_and_by_id(shop: World, session: Session) -> None:
    schema = shop.program.schema
    assert [line.name for line in page_of_records(session, schema, "contact", "ŁU")] == ["Łucja Nowak"]
    assert [line.name for line in page_of_records(session, schema, "company", "ac")] == ["acme"]
    assert count_records(session, schema, "contact", "nowak") == count_records(session, schema, "contact") == 6
    assert count_records(session, schema, "contact", "x' OR 1=1") == 0
    for text in ("p3", f"#{record_id('contact', 'p3')}", f" {record_id('contact', 'p3')} "):
        assert [line.name for line in records_named(session, schema, "contact", text)] == ["Bob Nowak"]
    assert records_named(session, schema, "contact", "9" * 19) == records_named(session, schema, "contact", "²") == []


def test_records_come_in_pages_of_their_ids(shop: World, session: Session) -> None:
    schema = shop.program.schema

    def fetch(after: object, back: bool, skip: int, limit: int) -> Sequence[object]:
        return page_of_records(session, schema, "contact", "", limit, skip, after, back)

    _both_ways(6, fetch, lambda one: tuple(one.key))


def test_records_come_by_name_as_people_read_it(shop: World, session: Session) -> None:
    schema = shop.program.schema
    names = [line.name for line in page_by_name(session, schema, "contact")]
    assert len(names) == 6 and names == sorted(names, key=str.casefold)
    paged = [line.name for at in range(0, 6, 2) for line in page_by_name(session, schema, "contact", "", 2, at)]
    assert paged == names and [line.name for line in page_by_name(session, schema, "company")] == ["acme", "zeta"]


def test_a_record_of_any_object_has_its_links_and_changes(shop: World, session: Session) -> None:
    schema = shop.program.schema
    found = record_page(session, schema, "company", record_id("company", "acme"))
    assert found is not None and found.name == "acme"
    assert {one.name for one in found.linked} == {"佐藤 Nowak", "Łucja Nowak"}
    assert {one.association: one.object for one in found.linked} == {"contact": "contact"}
    contact = record_page(session, schema, "contact", record_id("contact", "p2"))
    assert contact is not None
    assert next((c.property, c.old, c.new) for c in contact.changes if c.property == "plan") == (
        "plan",
        "trial",
        "paid",
    )
    assert record_page(session, schema, "company", 5) is None
    assert name_sql(schema, "ticket").startswith('coalesce(NULLIF(p."subject"')


def test_tasks_come_in_pages_those_due_first(session: Session) -> None:
    def fetch(after: object, back: bool, skip: int, limit: int) -> Sequence[object]:
        return page_of_tasks(session, None, limit, skip, after, back)

    total = count_tasks(session)
    _both_ways(total, fetch, place_of_task)
    due = [task.due_at for task in page_of_tasks(session)]
    assert due == sorted(due) and total == 8
    assert open_tasks(session, limit=3) == (8, page_of_tasks(session)[:3])
    assert count_tasks(session, "amy") == 4 == len(page_of_tasks(session, "amy"))
    assert count_tasks(session, NOBODY) == 0 and count_tasks(session, "amy", due[0]) == 0
    assert count_tasks(session, None, due[-1] + 1) == 8


def test_what_people_did_comes_in_pages_the_newest_first(session: Session) -> None:
    for i in range(5):
        who = Actor("amy" if i % 2 else "rep", ADMIN)
        with acting(session, who, "note", About("contact", [i], f"note {i}", {"words": f"n{i}", "none": None})):
            pass

    def fetch(after: object, back: bool, skip: int, limit: int) -> Sequence[object]:
        return page_of_acts(session, None, limit, skip, after, back)

    _both_ways(5, fetch, lambda one: (one.id,))
    newest = page_of_acts(session)[0]
    assert (newest.name, newest.words, newest.refused, newest.record_id) == ("note 4", "words: n4", False, 4)
    assert count_acts(session, "amy") == 2
    assert [act.by_user for act in page_of_acts(session, "amy")] == ["amy", "amy"]


def test_x22_a_task_shows_what_people_asked_of_it_and_not_what_waits_for_an_hour_to_come(session: Session) -> None:
    task = page_of_tasks(session, limit=1)[0]
    _, enrollment, ordinal = map(int, task.id.split("."))
    later = {"enrollment": enrollment, "ordinal": ordinal, "state": "skipped"}
    with session.transaction():
        at = inbox.present(session) + DAY
        inbox.put(session, [inbox.row("task", "contact", task.contact_id, "", later, at=at, key="of the demo")])
    assert page_of_tasks(session, limit=1) == [task] and task.awaits == ""
    settle_tasks(session, [(task.id, "done")], AMY)
    assert page_of_tasks(session, limit=1)[0].awaits == "done"


def test_overdue_tasks_are_those_due_before_that_instant(session: Session) -> None:
    everything = page_of_tasks(session)
    dated = sorted({task.due_at for task in everything if task.due_at is not None})
    for at in (dated[0], dated[0] + 1, dated[-1] + 1):
        expected = [task.id for task in everything if task.due_at is not None and task.due_at < at]
        assert [task.id for task in page_of_tasks(session, overdue_at=at)] == expected
        assert count_tasks(session, overdue_at=at) == len(expected)
    assert count_tasks(session, overdue_at=dated[0]) == 0


def test_a_timeline_has_tasks_done_notes_and_the_subjects_of_mails(shop: World, session: Session) -> None:
    schema, p0 = shop.program.schema, record_id("contact", "p0")
    task = next(task for task in page_of_tasks(session, "amy") if task.contact_id == p0)
    settle_tasks(session, [(task.id, "done")], AMY)
    shop.record("note", "n1", "03-13 19:00", body="They like\nrail", owner="amy")
    shop.link("contact", "p0", "note", "n1", at="03-13 19:00")
    shop.run_to("03-13 20:00")
    found = {(m.source, m.name): m.words for m in timeline(session, p0, schema, limit=100)}
    assert found["task", "done"].startswith("Ask 佐藤 Nowak again, for amy")
    assert found["note", "note"] == "They like rail (amy)"
    assert any(m.words == "intro “Intro” (planned)" for m in timeline(session, p0, schema, limit=100))
    assert timeline_length(session, p0, schema) == len(timeline(session, p0, schema, limit=1000))


def test_why_a_record_is_in_a_segment_or_has_left_it(shop: World, session: Session) -> None:
    loaded = _loaded(shop)
    inside = belonging(session, loaded, "trials", "p0")
    assert inside.inside and inside.part is not None and inside.part.holds and inside.stays[-1][1] is None
    gone = belonging(session, loaded, "trials", "p2@x.example")
    assert not gone.inside and gone.part is not None and gone.part.decisive.words == "plan = trial"
    assert gone.part.decisive.because == "plan is paid"
    assert [shop.local(left) for _, left in gone.stays if left is not None] == ["03-06 12:00"]
    by_hand = belonging(session, loaded, "press", "p4")
    assert by_hand.inside and by_hand.part is None
