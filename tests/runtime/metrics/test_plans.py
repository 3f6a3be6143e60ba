"""How SQLite goes about the figures of a large store: what it reads in order, what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from dsl.schema import standard_schema
from runtime.metrics import (
    Filters,
    deal_overview,
    overview,
    sequence_metrics,
    sequence_rates,
    step_funnel,
    template_performance,
)
from runtime.metrics.filters import chosen
from runtime.reading.behind import behind
from runtime.reading.ways import goals
from runtime.store.session import Row, Session
from runtime.store.store import Store

from .world import random_world

Planned = Callable[[Callable[[Session], object]], tuple[list[str], list[str]]]


@pytest.fixture
def planned() -> Iterator[Planned]:
    """(statements, steps of their plans) of a question."""
    with Store.memory(standard_schema()) as store, store.session() as session:
        random_world(1).write(session)
        look = session.bound

        def of(question: Callable[[Session], object]) -> tuple[list[str], list[str]]:
            asked: list[tuple[str, dict[str, object]]] = []

            def noted(sql: str, values: Mapping[str, object]) -> list[Row]:
                asked.append((sql, dict(values)))
                return look(sql, values)

            session.bound = noted
            question(session)
            session.bound = look
            steps = [str(row[3]) for sql, values in asked for row in look(f"EXPLAIN QUERY PLAN {sql}", values)]
            return [sql for sql, _ in asked], steps

        yield of


def test_no_event_is_looked_up_for_what_people_did(planned: Planned) -> None:
    """It is kept with the enrollment (decision 0040), and all of these are read from front to back."""
    for question in (sequence_rates, sequence_metrics, overview):
        statements, steps = planned(question)
        assert not [sql for sql in statements if "event_" in sql.replace("substr(name", "")]
        assert "SCAN e" in steps
        assert not [step for step in steps if "segue_enrollment_definition" in step and "COVERING" not in step]


def test_people_with_several_enrollments_are_found_in_an_index(planned: Planned) -> None:
    """Only theirs are looked up, and nothing is sorted to find them."""
    _, steps = planned(overview)
    found = [i for i, step in enumerate(steps) if "COVERING INDEX segue_enrollment_contact (bucket>?)" in step]
    assert len(found) == 1
    assert not [i for i in found if steps[i + 1] == "USE TEMP B-TREE FOR GROUP BY"]


def test_steps_are_looked_up_in_the_order_of_people(planned: Planned) -> None:
    """Enrollments in the order of their days lie anywhere, and so do their steps: three times as long at a million."""
    _, steps = planned(lambda s: step_funnel(s, "outbound"))
    assert [step for step in steps if step.startswith("SEARCH e ") and "(bucket>?)" in step]
    assert not [step for step in steps if "segue_enrollment_definition" in step]


def test_engagement_is_asked_of_dynamic_sequences_alone(planned: Planned) -> None:
    plain, _ = planned(lambda s: sequence_metrics(s, Filters(sequences=("outbound",))))
    dynamic, _ = planned(lambda s: sequence_metrics(s, Filters(sequences=("warm_up",))))
    assert not [sql for sql in plain if "engaged_at" in sql]
    assert [sql for sql in dynamic if "engaged_at" in sql]


def test_mails_are_counted_without_their_enrollments_unless_more_is_asked(planned: Planned) -> None:
    def sent(filters: Filters) -> str:
        statements, _ = planned(lambda s: template_performance(s, filters))
        return next(sql for sql in statements if "segue_outbox m" in sql).split("GROUP BY")[0]

    assert "segue_enrollment" not in sent(Filters())
    assert "segue_enrollment" in sent(Filters(enrolled_by=("ann",)))


def test_credits_are_worked_out_once_for_all_sources(planned: Planned) -> None:
    """Once for the mails and once more for those written from tasks took two thirds of all the time; and a mail that is
    credited was looked up by its ordinal and once more for its template."""
    statements, steps = planned(lambda s: template_performance(s, Filters()))
    credited = next(sql for sql in statements if "moment k" in sql)
    assert credited.count("CROSS JOIN event_replied v") == 1
    assert "MATERIALIZE moment" in steps
    assert [step.split(" USING")[0] for step in steps if step.startswith("SEARCH m ")].count("SEARCH m") == 2


def test_mails_from_tasks_are_asked_for_where_there_are_any(planned: Planned) -> None:
    """At a million it was asked of each answer in vain whether a rep had written the last mail before it."""

    def without(session: Session) -> None:
        session.run("UPDATE segue_task SET state = 'open'")
        template_performance(session)

    assert "FROM segue_task m" in next(sql for sql in planned(template_performance)[0] if "moment k" in sql)
    statements, _ = planned(without)
    assert "FROM segue_task m" not in next(sql for sql in statements if "moment k" in sql)


def test_the_last_mail_is_found_from_the_end_of_its_key(planned: Planned) -> None:
    """All mails before a moment were looked up, sorted together and all but the last dropped."""
    _, steps = planned(template_performance)
    lookups = [i for i, step in enumerate(steps) if "SEARCH m USING" in step and step.endswith("enrollment_id=?)")]
    assert len(lookups) == 2
    assert not [steps[i + 1] for i in lookups if steps[i + 1] != "SCAN b"]


def test_no_history_is_asked_of_a_deal_that_came_after_their_time(planned: Planned) -> None:
    """They were more than a third of all that were looked up."""
    statements, _ = planned(lambda s: deal_overview(s, standard_schema()))
    staged = next(sql for sql in statements if "staged AS" in sql).split("staged AS", 1)[1]
    moments = staged.split("CROSS JOIN segue_property_history h WHERE ", 1)[1]
    assert moments.startswith("q.until > q.created_at AND ")


def test_sqlite_alone_is_told_how_to_go_through_enrollments(session: Session) -> None:
    """What keeps SQLite from an index hides a column from the figures that PostgreSQL's planner goes by."""
    random_world(1).write(session)
    c = chosen(session, Filters())
    led = [way for way in (c.whole, c.in_order, c.in_index_of_people) if "+e.definition_id" in way]
    assert len(led) == (3 if session.dialect == "sqlite" else 0)


def test_goals_are_read_from_front_to_back(planned: Planned) -> None:
    _, steps = planned(goals)
    assert "SCAN e" in steps


def test_who_is_due_is_found_by_the_index_that_has_them_alone(planned: Planned) -> None:
    """Grouped by their definitions everybody would be read, in the order of these."""
    _, steps = planned(lambda s: behind(s, 1))
    assert [step for step in steps if "segue_enrollment_due" in step]
    assert not [step for step in steps if step.startswith("SCAN e")]
