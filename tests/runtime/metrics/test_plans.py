"""How SQLite goes about the figures of a large store: what it reads in order, what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from dsl.schema import standard_schema
from runtime.metrics import Filters, overview, sequence_metrics, sequence_rates, step_funnel, template_performance
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

            session.bound = noted  # type: ignore[method-assign] # to see what is asked
            question(session)
            session.bound = look  # type: ignore[method-assign] # to see what is asked
            steps = [str(row[3]) for sql, values in asked for row in look(f"EXPLAIN QUERY PLAN {sql}", values)]
            return [sql for sql, _ in asked], steps

        yield of


def test_people_are_counted_from_an_index_in_its_order(planned: Planned) -> None:
    """A tree of all of them for count(DISTINCT), filled by the index of the definition, took ten times as long."""
    statements, steps = planned(sequence_rates)
    assert [step for step in steps if "COVERING INDEX segue_enrollment_contact" in step]
    enrolled = next(sql for sql in statements if "'enrolled'" in sql)
    assert "count(*)" in enrolled.split("UNION ALL")[0]
    assert "USE TEMP B-TREE FOR DISTINCT" not in steps


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


def test_one_pass_over_the_enrollments_tells_sequences_totals_and_months(planned: Planned) -> None:
    """Each of the three by itself, and in them each fact, went through all events anew: five times as long."""
    statements, steps = planned(lambda s: overview(s, Filters(sequences=("outbound", "quiet"))))
    profile = [sql for sql in statements if "event_opened_email" in sql]
    assert len(profile) == 1
    assert profile[0].count("FROM event_opened_email") == 1
    assert "MATERIALIZE profile" in steps
    looked = [step for step in steps if step.startswith(("SEARCH v ", "SCAN v"))]
    assert looked
    assert all("(bucket=? AND record_id=?" in step for step in looked)


def test_credits_are_worked_out_once_for_all_sources(planned: Planned) -> None:
    """Once for the mails and once more for those written from tasks took two thirds of all the time."""
    statements, steps = planned(lambda s: template_performance(s, Filters()))
    assert next(sql for sql in statements if "credit" in sql).count("event_replied v CROSS JOIN") == 1
    assert "MATERIALIZE credit" in steps


def test_goals_are_read_from_front_to_back(planned: Planned) -> None:
    _, steps = planned(goals)
    assert "SCAN e" in steps
