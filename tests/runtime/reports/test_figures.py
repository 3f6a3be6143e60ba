"""Figures of enrollments and mails by name are those of `metrics`, whose oracle is elsewhere; of surveys by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.schema import standard_schema
from dsl.source import Source
from runtime.metrics import overview, sequence_metrics, template_performance
from runtime.reports import Reports, Result
from runtime.store.session import Session
from tests.runtime.metrics.world import NOW, random_world
from tests.runtime.reports.conftest import Open

SEEDS = range(4)
OF_ENROLLMENTS = "opened, clicked, replied, meetings, no_reply, bounced, unsubscribed, reached"
SHARES = (
    "open_rate, click_rate, reply_rate, meeting_rate, no_reply_rate, bounce_rate, unsubscribe_rate, reach_rate,"
    " engaged_rate, no_engagement_rate"
)


def program(rules: str) -> Program:
    found = compile_project([Source("a.segue", rules)], None, Source("segue.yaml", "name: x"))
    assert found.program is not None, found.diagnostics
    return found.program


def asked(session: Session, text: str) -> Result:
    return Reports(session, program(f"report r of {text}"), NOW).run("r")


def shares(result: Result) -> dict[object, list[tuple[int | None, int | None]]]:
    return {row.keys[0]: [(cell.count, cell.base) for cell in row.cells] for row in result.rows}


@pytest.fixture
def session(opened: Open) -> Session:
    return opened(standard_schema())


@pytest.mark.parametrize("seed", SEEDS)
def test_m2_to_m13_count_people_as_the_figures_of_sequences_do(session: Session, seed: int) -> None:
    random_world(seed).write(session)
    found = asked(session, f"enrollment {{ by: definition  measure: {OF_ENROLLMENTS} }}")
    numbers = {row.keys[0]: [cell.value for cell in row.cells] for row in found.rows}
    expected = {
        m.name: [
            figure.count
            for figure in (
                *(m.opened, m.clicked, m.replied, m.meetings, m.no_reply),
                *(m.lead_quality.bounced, m.lead_quality.unsubscribed, m.lead_quality.reached),
            )
        ]
        for m in sequence_metrics(session)
        if m.enrolled
    }
    assert numbers == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_m2_to_m15_shares_say_of_how_many(session: Session, seed: int) -> None:
    random_world(seed).write(session)
    found = shares(asked(session, f"enrollment {{ by: definition  measure: {SHARES} }}"))
    for m in sequence_metrics(session):
        if not m.enrolled:
            continue
        figures = [m.opened, m.clicked, m.replied, m.meetings, m.no_reply]
        figures += [m.lead_quality.bounced, m.lead_quality.unsubscribed, m.lead_quality.reached]
        engaged = [(0, 0), (0, 0)]  # only of a dynamic sequence can it be said (M14, M15)
        if m.engagement is not None:
            engaged = [(f.count, f.base) for f in (m.engagement.engaged, m.engagement.none)]
        assert found[m.name] == [(figure.count, figure.base) for figure in figures] + engaged


def test_m1_somebody_in_two_sequences_counts_once_for_both(session: Session) -> None:
    random_world(1).write(session)
    both = asked(session, "enrollment { measure: reply_rate, count  show: number }")
    expected = overview(session).total
    reply, count = both.rows[0].cells
    assert (reply.count, reply.base) == (expected.replied.count, expected.enrolled)
    assert count.value == expected.enrollments  # `count` counts what the report is of


@pytest.mark.parametrize("seed", SEEDS)
def test_m17_mails_are_those_of_the_templates(session: Session, seed: int) -> None:
    random_world(seed).write(session)
    text = "email { measure: open_rate, click_rate, reply_rate, meeting_rate, count  show: number }"
    cells = asked(session, text).rows[0].cells
    templates = template_performance(session)
    sent = sum(t.sent for t in templates)
    figures = ("opened", "clicked", "replied", "meetings")
    expected = [sum(getattr(t, name).count for t in templates) for name in figures]
    assert [cell.count for cell in cells[:4]] == expected
    assert {cell.base for cell in cells[:4]} == {sent} and cells[4].value == sent


@pytest.mark.parametrize("seed", SEEDS)
def test_m17_each_template_has_its_own(session: Session, seed: int) -> None:
    random_world(seed).write(session)
    found = asked(session, "email { measure: open_rate, click_rate, reply_rate, meeting_rate, count  by: template }")
    expected = {
        t.template: [t.opened.count, t.clicked.count, t.replied.count, t.meetings.count, t.sent]
        for t in template_performance(session)
        if t.sent
    }
    assert expected
    assert {
        row.keys[0]: [*(cell.count for cell in row.cells[:4]), row.cells[4].value] for row in found.rows
    } == expected


SURVEYS = """
survey happy "How likely are you to recommend us?" { scale: 0..10 }
survey pleased "Were you pleased?" { scale: 1..5  kind: csat }
survey easy "Was it easy?" { scale: 1..7  polarity: high  kind: ces }
"""


def answers(session: Session, given: Sequence[tuple[str, int | None]]) -> None:
    for i, (survey, score) in enumerate(given, 1):
        session.run(
            "INSERT INTO segue_talk (bucket, id, kind, name, object, record_id, contact_id, at, revision)"
            " VALUES (:bucket, :id, 'survey', :name, 'contact', :id, :id, :at, 1)",
            bucket=i % 256, id=i, name=survey, at=NOW - i,
        )  # fmt: skip
        if score is not None:
            session.run(
                "INSERT INTO segue_answer (bucket, talk_id, name, number) VALUES (:bucket, :id, 'score', :score)",
                bucket=i % 256, id=i, score=score,
            )  # fmt: skip


def surveyed(session: Session, text: str) -> Result:
    return Reports(session, program(f"{SURVEYS} report r of survey_answer {text}"), NOW).run("r")


def test_p10_nps_is_of_nps_surveys_alone(session: Session) -> None:
    scores = [10, 9, 9, 8, 7, 6, 0, None]
    answers(session, [*(("happy", score) for score in scores), ("pleased", 5), ("easy", 1)])
    cell = surveyed(session, "{ measure: nps  show: number }").rows[0].cells[0]
    assert (cell.count, cell.base) == (3 - 2, 7)
    by_survey = surveyed(session, "{ measure: nps, count  by: survey }")
    assert [(row.keys[0], row.cells[0].base, row.cells[1].value) for row in by_survey.rows] == [
        ("easy", 0, 1),
        ("happy", 7, 8),
        ("pleased", 0, 1),
    ]
    assert by_survey.rows[0].cells[0].value is None


def test_p11_the_satisfied_gave_one_of_the_upper_two_answers(session: Session) -> None:
    answers(session, [("pleased", n) for n in (5, 4, 4, 3, 1)] + [("happy", 10), ("easy", 7)])
    cell = surveyed(session, "{ measure: satisfied_rate  show: number }").rows[0].cells[0]
    assert (cell.count, cell.base, cell.value) == (3, 5, 60.0)


def test_p5_an_answer_that_was_replaced_does_not_count(session: Session) -> None:
    answers(session, [("happy", 0), ("happy", 10)])
    session.run("UPDATE segue_talk SET replaces = 1, record_id = 1, bucket = 1 WHERE id = 2")
    session.run("UPDATE segue_answer SET bucket = 1 WHERE talk_id = 2")
    cell = surveyed(session, "{ measure: nps  show: number }").rows[0].cells[0]
    assert (cell.count, cell.base) == (1, 1)


@pytest.mark.parametrize("measure", ["replied, meetings", "revenue, deals_won"])
def test_sqlite_reads_enrollments_from_front_to_back(session: Session, measure: str) -> None:
    """By the index of the definition each of a million would be fetched from another page."""
    if session.dialect != "sqlite":
        return
    random_world(1).write(session)
    rules = program(f"report r of enrollment {{ by: definition  measure: {measure} }}")
    asks = Reports(session, rules, NOW).statement(rules.reports["r"])
    steps = [str(row[3]) for row in session.bound(f"EXPLAIN QUERY PLAN {asks.sql}", asks.values)]
    assert "SCAN e" in steps
