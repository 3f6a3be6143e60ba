"""Who stands, or ended, at one step of a sequence: the people behind a line of the steps (M16)."""

from __future__ import annotations

from collections import Counter

import pytest

from runtime.metrics import Filters, step_funnel
from runtime.reading import Choice, by_status, count, page
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
