"""What lists, pages and timelines show is what stands in the store."""

from __future__ import annotations

import pytest

from benchmarks.make_store import SEQUENCES
from dsl.schema import standard_schema
from dsl.schema.model import Kind, Type
from runtime.errors import InvalidInput
from runtime.reading import (
    ORDERS,
    Choice,
    contact,
    count,
    definitions,
    enrollments_of,
    open_tasks,
    page,
    reasons,
    search,
    segments,
    shown,
    timeline,
    timeline_length,
)
from runtime.store.ids import record_id
from runtime.store.session import Session

SCHEMA = standard_schema()


def test_definitions_count_every_status(session: Session) -> None:
    lines = definitions(session)
    assert [line.name for line in lines] == sorted(name for name, _, _ in SEQUENCES)
    assert sum(line.enrollments for line in lines) == 200
    for line in lines:
        assert line.active + line.ended == line.enrollments
        for status, n in line.statuses.items():
            assert count(session, Choice(line.name, statuses=(status,))) == n


@pytest.mark.parametrize("order", ORDERS)
def test_s45_pages_together_are_the_whole_table(session: Session, order: str) -> None:
    choice = Choice("trial_follow_up", order=order)
    whole = page(session, choice, limit=1_000)
    pages = [line for offset in range(0, 1_000, 7) for line in page(session, choice, limit=7, offset=offset)]
    assert pages == whole and len(whole) == count(session, choice)
    name, descending = order.lstrip("-"), not order.startswith("-")
    key = [line.enrolled_at if name == "enrolled" else line.last_step_at or 0 for line in whole]
    assert key == sorted(key, reverse=descending)


def test_s45_columns(session: Session) -> None:
    line = next(x for x in page(session, Choice("trial_follow_up", statuses=("unenrolled",))) if x.company)
    told = {reasons.ended(word) for word in ("reply", "meeting", "bounce", "unsubscribed")}
    assert line.contact and line.status == "unenrolled" and line.detail in told
    assert contact(session, line.contact_id, SCHEMA) is not None


def test_an_unknown_order_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="cannot be sorted by `name`"):
        page(session, Choice(order="name"))


def test_pages_of_those_whose_contact_was_deleted(session: Session) -> None:
    with session.transaction():
        session.run("DELETE FROM contact")
    lines = page(session, Choice())
    assert lines and all(line.contact == f"#{line.contact_id}" for line in lines)


def test_segments_count_members_of_now(session: Session) -> None:
    before = {line.name: line.members for line in segments(session)}
    with session.transaction():
        session.run("UPDATE segue_membership SET left_at = 1 WHERE segment_id = 1")
    assert {line.name: line.members for line in segments(session)} == {**before, "warm_leads": 0}
    assert {line.name for line in segments(session) if line.static} == {"press_list"}


@pytest.mark.parametrize(
    "text", ["c7", "person7@example.com", "  PERSON7@EXAMPLE.COM ", str(record_id("contact", "c7"))]
)
def test_a_contact_is_found_by_id_external_id_and_address(session: Session, text: str) -> None:
    (one,) = search(session, text)
    found = contact(session, one.id, SCHEMA)
    assert found and found.external_id == "c7"
    assert {p.name: v for p, v in found.properties}["email"] == "person7@example.com"


def test_nobody_is_found_by_nothing(session: Session) -> None:
    assert search(session, "nobody@example.com") == []
    assert search(session, "  ") == []
    assert search(session, "x' OR '1' = '1") == []


def test_search_by_the_beginning_of_a_name_ignores_case_and_width(session: Session) -> None:
    found = search(session, "ＫＯＷＡＬ")
    assert found and all("Kowal" in one.name for one in found)
    assert len(search(session, "kowal", limit=2)) == 2


def test_a_timeline_is_newest_first_and_pages_fit_together(session: Session) -> None:
    id_ = max((record_id("contact", f"c{i}") for i in range(40)), key=lambda x: timeline_length(session, x, SCHEMA))
    whole = timeline(session, id_, SCHEMA, limit=1_000)
    assert len(whole) == timeline_length(session, id_, SCHEMA) >= 5
    assert [m.at for m in whole] == sorted((m.at for m in whole), reverse=True)
    assert {m.source for m in whole} >= {"step", "change"}
    pages = [m for offset in range(0, len(whole), 3) for m in timeline(session, id_, SCHEMA, limit=3, offset=offset)]
    assert pages == whole


def test_enrollments_of_a_contact(session: Session) -> None:
    line = page(session, Choice("win_back"))[0]
    assert [e.definition for e in enrollments_of(session, line.contact_id)] == ["win_back"]


def test_open_tasks_by_assignee(session: Session) -> None:
    count, tasks = open_tasks(session, limit=0)
    assert count == len(tasks) > 0
    assert [t.due_at for t in tasks] == sorted(t.due_at or 0 for t in tasks)
    assert open_tasks(session, "amy", limit=0) == (count, tasks)
    assert open_tasks(session, "amy", limit=1) == (count, tasks[:1])
    assert open_tasks(session, "nobody") == (0, [])


def test_values_as_people_read_them() -> None:
    assert shown(None, Type(Kind.TEXT)) == ""
    assert shown(123456, Type(Kind.MONEY, currency="USD")) == "1,234.56 USD"
    assert shown(5000, Type(Kind.MONEY, currency="JPY")) == "5,000 JPY"
    assert shown(1, Type(Kind.BOOL)) == "yes"
    assert shown(";a;b;", Type(Kind.MULTI_CHOICE)) == "a, b"
    assert shown(1_740_787_200_000_000, Type(Kind.DATETIME), "Asia/Tokyo") == "2025-03-01 09:00"
