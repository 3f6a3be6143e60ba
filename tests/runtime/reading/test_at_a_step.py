"""Who stands, or ended, at one step of a sequence: the people behind a line of the steps (M16)."""

from __future__ import annotations

from collections import Counter

import pytest

from runtime.metrics import Filters, step_funnel
from runtime.reading import Choice, by_status, count, page, place
from runtime.store.session import Session

WHOM = ("everybody", "of a user", "of a company", "since a day", "of some statuses")


def _filters(session: Session, whom: str) -> Filters:
    if whom == "of a user":
        return Filters(enrolled_by=(session.one("SELECT max(enrolled_by) FROM segue_enrollment"),))
    if whom == "of a company":
        return Filters(companies=tuple(row[0] for row in session.run("SELECT id FROM company ORDER BY id LIMIT 5")))
    if whom == "since a day":
        [(first, last)] = session.run("SELECT min(enrolled_at), max(enrolled_at) FROM segue_enrollment")
        return Filters(since=(first + last) // 2, until=last)
    return Filters(statuses=("active", "finished")) if whom == "of some statuses" else Filters()


@pytest.mark.parametrize("whom", WHOM)
def test_m16_the_list_of_a_step_is_those_its_figures_count(session: Session, whom: str) -> None:
    filters, found = _filters(session, whom), 0
    for step in step_funnel(session, "trial_follow_up", filters):
        choice = Choice("trial_follow_up", places=step.places, among=filters)
        lines = page(session, choice, limit=1_000)
        assert Counter(status for status, _ in {(line.status, line.contact_id) for line in lines}) == step.standing
        assert by_status(session, choice) == Counter(line.status for line in lines)
        assert count(session, choice) == len(lines)
        found += len(lines)
        for status in step.standing:
            one = Choice("trial_follow_up", statuses=(status,), places=step.places, among=filters)
            assert page(session, one, limit=1_000) == [line for line in lines if line.status == status]
            assert by_status(session, one) == by_status(session, choice)
    assert found


def test_m16_by_status_of_a_whole_definition(session: Session) -> None:
    choice = Choice("trial_follow_up")
    assert by_status(session, choice) == Counter(line.status for line in page(session, choice, limit=1_000))


def test_the_people_of_companies_alone_by_pages(session: Session) -> None:
    """Those who are linked, and who was deleted since (M24); of several companies each once."""
    company, other = (row[0] for row in session.run("SELECT id FROM company ORDER BY id LIMIT 2"))
    with session.transaction():
        gone = session.run("SELECT min(contact_id) FROM segue_enrollment")[0][0]
        session.run("DELETE FROM link_contact_company WHERE id = :id", id=gone)
        session.run("DELETE FROM link_company_contact WHERE to_id = :id", id=gone)
        session.run(
            "INSERT INTO segue_tombstone (bucket, id, name, to_bucket, to_id, at)"
            " VALUES (:bucket, :id, 'company', :to_bucket, :to_id, 0)",
            bucket=gone % 256, id=gone, to_bucket=company % 256, to_id=company,
        )  # fmt: skip
    whole = page(session, Choice("", among=Filters()), limit=10_000)
    for companies in ((company,), (company, other)):
        names = [row[0] for c in companies for row in session.run("SELECT name FROM company WHERE id = :id", id=c)]
        meant = [line for line in whole if line.company in names or line.contact_id == gone]
        for definition in ("", "trial_follow_up"):
            expected = [line for line in meant if definition in ("", line.definition)]
            choice = Choice(definition, among=Filters(companies=companies))
            assert expected and len(expected) < len(whole)
            assert page(session, choice, limit=1_000) == expected
            assert count(session, choice) == len(expected)
            assert by_status(session, choice) == Counter(line.status for line in expected)
            shown = (page(session, choice, 7, start) for start in range(0, len(expected), 7))
            assert [line for some in shown for line in some] == expected
            middle = place(choice, expected[5])
            assert page(session, choice, 1_000, after=middle) == expected[6:]
            assert page(session, choice, 1_000, after=middle, back=True) == expected[4::-1]
