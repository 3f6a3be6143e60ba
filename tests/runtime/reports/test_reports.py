"""Reports beside the oracle: events, paths, zones, one statement, plans, names, CSV and JSON."""

from __future__ import annotations

import csv
import io

import pytest

from dsl.program.definitions import Program
from runtime.errors import UnknownName
from runtime.reading.worded import worded
from runtime.reports import Reports, Result
from runtime.reports.wording import as_csv, as_json, figure_words, key_words
from runtime.store.objects import stored_properties
from runtime.store.session import Session
from runtime.times.zones import parse_local
from tests.runtime.engine.harness import PROJECT, SCHEMA, compiled
from tests.runtime.reports.conftest import Open

ZONE = "Europe/Warsaw"
TICKETS = (
    "INSERT INTO ticket (bucket, id, external_id, owner, priority, worth, created_at)"
    " VALUES (:id % 256, :id, CAST(:id AS TEXT), :owner, 'low', :worth, :at)"
)


def micros(at: str, zone: str = ZONE) -> int:
    return parse_local(at.replace(" ", "T"), zone)


NOW = micros("2026-06-15 12:00")


@pytest.fixture
def session(opened: Open) -> Session:
    return opened(compiled("static segment none of contact").schema)


def ask(session: Session, text: str, project: str = PROJECT) -> Result:
    program = compiled(f"report r of {text}", SCHEMA, project)
    return Reports(session, program, NOW).run("r")


def values(result: Result) -> list[tuple[object, ...]]:
    return [(*row.keys, *(cell.value for cell in row.cells)) for row in result.rows]


def contact(session: Session, id_: int, **of: object) -> None:
    names, values = ", ".join(of), ", ".join(f":{name}" for name in of)
    session.bound(
        f"INSERT INTO contact (bucket, id, external_id, created_at, {names})"
        f" VALUES (:id % 256, :id, CAST(:id AS TEXT), 0, {values})",
        {"id": id_, **of},
    )


def purchase(session: Session, of: int, at: str, amount: int, number: int = 0) -> None:
    session.run(
        "INSERT INTO event_purchased (bucket, record_id, at, id, amount)"
        " VALUES (:id % 256, :id, :at, :number, :amount)",
        id=of, at=micros(at), number=number, amount=amount,
    )  # fmt: skip


def ticket(session: Session, id_: int, at: int, owner: str | None = None, worth: int | None = None) -> None:
    session.run(TICKETS, id=id_, at=at, owner=owner, worth=worth)


def test_x13_a_month_begins_at_the_accounts_midnight(session: Session) -> None:
    ticket(session, 1, micros("2026-03-31 23:59"))
    ticket(session, 2, micros("2026-04-01 00:00"))
    text = "ticket { measure: count  by: month(created_at) }"
    assert values(ask(session, text)) == [("2026-03-01", 1), ("2026-04-01", 1)]
    far = PROJECT.replace("Europe/Warsaw", "America/New_York")
    assert values(ask(session, text, far)) == [("2026-03-01", 2)]


def test_x13_the_day_of_the_clock_change_is_one_day(session: Session) -> None:
    """23 hours on 29 March; the first instant after it belongs to the 30th."""
    first = micros("2026-03-29 00:00")
    for number, at in enumerate((first, first + 23 * 3_600_000_000 - 1, first + 23 * 3_600_000_000)):
        ticket(session, number, at)
    assert values(ask(session, "ticket { measure: count  by: day(created_at) }")) == [
        ("2026-03-29", 2),
        ("2026-03-30", 1),
    ]


def test_p14_periods_without_anything_are_nought(session: Session) -> None:
    ticket(session, 1, micros("2025-12-03 10:00"), "rep", 500)
    ticket(session, 2, micros("2026-02-03 10:00"), "rep", 700)
    assert values(ask(session, "ticket { measure: count, sum(worth), avg(worth)  by: month(created_at) }")) == [
        ("2025-12-01", 1, 500, 500),
        ("2026-01-01", 0, 0, None),
        ("2026-02-01", 1, 700, 700),
    ]


def test_p14_a_target_is_of_all_groups_together(session: Session) -> None:
    for number, (at, owner) in enumerate((("02-03", "rep"), ("02-04", "amy"), ("04-05", None))):
        ticket(session, number, micros(f"2026-{at} 10:00"), owner)
    found = ask(session, "ticket { measure: count  by: month(created_at), owner  target: 4 per quarter }")
    assert [(one.period, one.cell.value, one.target, one.share) for one in found.progress] == [
        ("2026-01-01", 2, 4, 0.5),
        ("2026-04-01", 1, 4, 0.25),
    ]


def test_p14_events_know_the_record_they_happened_to(session: Session) -> None:
    contact(session, 1, plan="paid")
    purchase(session, 1, "2026-03-02 10:00", 1_000)
    purchase(session, 1, "2026-03-03 10:00", 500)
    purchase(session, 2, "2026-03-03 10:00", 250)  # of somebody who was deleted (M24)
    purchase(session, 1, "2026-09-09 10:00", 9_999)  # not yet (X2)
    text = "purchased { measure: count, sum(amount)  by: contact.plan, month(happened_at) }"
    assert values(ask(session, text)) == [("paid", "2026-03-01", 2, 1_500), (None, "2026-03-01", 1, 250)]


def test_p14_sorted_by_what_stands_behind_the_record_of_an_event(session: Session) -> None:
    contact(session, 1, plan="paid")
    contact(session, 2, plan="free")
    for number, name in ((1, "Acme"), (2, "Beta")):
        session.run(
            "INSERT INTO company (bucket, id, external_id, name, created_at) VALUES (:id, :id, :name, :name, 0)",
            id=number, name=name,
        )  # fmt: skip
        session.run(
            "INSERT INTO link_contact_company (bucket, id, to_bucket, to_id, at) VALUES (:id, :id, :id, :id, 0)",
            id=number,
        )
        purchase(session, number, "2026-03-02 10:00", 1)
    text = "purchased { measure: count  by: contact.plan, contact.company.name  sort: contact.company.name ascending }"
    assert [row[1] for row in values(ask(session, text))] == ["Acme", "Beta"]


def test_x30_opens_in_reports_are_those_of_people(session: Session) -> None:
    for number, class_ in enumerate(("human", "machine", "unknown")):
        session.run(
            "INSERT INTO event_opened_email (bucket, record_id, at, id, class) VALUES (1, 1, :n, :n, :class)",
            **{"n": number, "class": class_},
        )
    assert values(ask(session, "opened_email { measure: count  show: number }")) == [(1,)]


def test_paths_lead_to_linked_records(session: Session) -> None:
    contact(session, 1, plan="paid")
    session.run("INSERT INTO company (bucket, id, external_id, created_at, industry) VALUES (5, 5, '5', 0, 'Tea')")
    session.run("INSERT INTO link_contact_company (bucket, id, to_bucket, to_id, at) VALUES (1, 1, 5, 5, 0)")
    purchase(session, 1, "2026-03-02 10:00", 1_000)
    found = ask(
        session, "purchased { measure: count  by: contact.company.industry  where: contact.company.name is missing }"
    )
    assert values(found) == [("Tea", 1)]


def test_sums_are_exact_beyond_63_bits(session: Session) -> None:
    for number in range(4):
        ticket(session, number, 0, worth=2**63 - 1 - number)
    assert values(ask(session, "ticket { measure: sum(worth), avg(worth)  show: number }")) == [
        (4 * (2**63 - 1) - 6, float(2**63) - 2.5)
    ]


def test_ties_stand_in_the_order_of_their_groups(session: Session) -> None:
    for number, owner in enumerate(("rep", "amy", "gone", "gone", None)):
        ticket(session, number, 0, owner)
    found = ask(session, "ticket { measure: count  by: owner  sort: count  top: 3 }")
    assert values(found) == [("gone", 2), ("amy", 1), ("rep", 1)]


def test_the_first_groups_are_chosen_in_the_database(session: Session) -> None:
    for number in range(300):
        ticket(session, number, number, f"u{number % 150:03}", worth=number)
    text = "ticket { measure: sum(worth)  by: owner  sort: sum(worth)  top: 2 }"
    assert values(ask(session, text)) == [("u149", 448), ("u148", 446)]
    reports = Reports(session, compiled(f"report r of {text}"), NOW)
    asked = reports.statement(reports.program.reports["r"])
    assert len(session.bound(asked.sql, asked.values)) == 2


DASHBOARD = """
dashboard team { reports: a, b }
report a of ticket { measure: count, sum(worth), avg(worth)  by: month(created_at), owner  target: 3 per month }
report b of enrollment { measure: opened, reply_rate, no_engagement_rate  by: definition, contact.plan }
report c of email { measure: open_rate, reply_rate  by: owner }
report d of survey_answer { measure: nps  by: survey }
"""


@pytest.mark.parametrize("rows", [0, 2_000])
def test_one_statement_however_many_rows(session: Session, rows: int) -> None:
    session.many(TICKETS, [{"id": n, "at": n * 3_600_000_000, "owner": f"u{n % 9}", "worth": n} for n in range(rows)])
    reports = Reports(session, compiled(DASHBOARD), NOW)
    before = session.statements
    for name in reports.program.reports:
        reports.run(name)
    assert session.statements - before == len(reports.program.reports)
    assert [result.name for result in reports.dashboard("team")] == ["a", "b"]


def test_what_several_figures_are_made_of_is_worked_out_once(session: Session) -> None:
    """A goal is looked up, and neither database notices that it did so a moment ago: four times for these two."""
    program = compiled("report r of enrollment { measure: count, converted, conversion_rate, replied  by: definition }")
    asked = Reports(session, program, NOW).statement(program.reports["r"])
    for fact in ("fact_converted", "fact_replied"):
        assert asked.sql.count(f"s.{fact}") == 1


def test_a_window_is_read_by_its_index(opened: Open) -> None:
    program: Program = compiled("report r of ticket { where: created_at within 3 days  measure: count  show: number }")
    session = opened(program.schema)
    if session.dialect == "postgresql":
        session.run("SET enable_seqscan = off")  # of an empty table it would read the one page
    reports = Reports(session, program, NOW)
    asked = reports.statement(program.reports["r"])
    plan = str(
        session.bound(("EXPLAIN QUERY PLAN " if session.dialect == "sqlite" else "EXPLAIN ") + asked.sql, asked.values)
    )
    assert "idx_ticket_created_at" in plan


def test_names_that_are_none(session: Session) -> None:
    reports = Reports(session, compiled(DASHBOARD), NOW)
    with pytest.raises(UnknownName, match="there is no report `x`"):
        reports.run("x")
    with pytest.raises(UnknownName, match="there is no dashboard `teem`") as told:
        reports.dashboard("teem")
    assert "team" in told.value.hint


# --- words ------------------------------------------------------------------------------------


def test_amounts_leave_in_the_accounts_format(session: Session) -> None:
    ticket(session, 1, micros("2026-03-02 10:00"), None, -123_456)
    found = ask(session, "ticket { measure: sum(worth), count  by: week(created_at), owner }")
    row = found.rows[0]
    assert figure_words(found.measures[0], row.cells[0].value) == "-1,234.56 EUR"
    assert [key_words(c, key, ZONE) for c, key in zip(found.groups, row.keys, strict=True)] == [
        "2026-W10",
        "(no owner)",
    ]
    lines = list(csv.reader(io.StringIO(as_csv(found))))
    assert lines == [["week(created_at)", "owner", "sum(worth)", "count"], ["2026-03-02", "", "-1234.56", "1"]]
    assert as_json(found)["rows"] == [
        {"week(created_at)": "2026-03-02", "owner": None, "sum(worth)": "-1234.56", "count": 1}
    ]


def test_truths_and_choices_are_groups(session: Session) -> None:
    """What follows from the pipeline too; on both databases a truth is a truth."""
    for number, stage in enumerate(("won", "lost", "won", "appointment")):
        session.run(
            "INSERT INTO deal (bucket, id, external_id, created_at, pipeline, stage, amount)"
            " VALUES (:id, :id, CAST(:id AS TEXT), 0, 'sales', :stage, 100)",
            id=number, stage=stage,
        )  # fmt: skip
    text = "deal { measure: count, sum(amount)  by: closed, won  target: 5 per year }"
    found = ask(session, text)
    assert values(found) == [(False, False, 1, 100), (True, False, 1, 100), (True, True, 2, 200)]
    assert [(one.period, one.cell.value) for one in found.progress] == [(None, 4)]
    assert [key_words(found.groups[0], row.keys[0], ZONE) for row in found.rows] == ["no", "yes", "yes"]
    assert values(ask(session, "deal { measure: count  by: stage }")) == [("appointment", 1), ("won", 2), ("lost", 1)]


def test_stages_and_records_are_called_as_people_call_them(opened: Open) -> None:
    """A stage as the board has it, a record by its name; the key stays what it is, for programs too."""
    amount = "      worth: {type: money}"
    schema = SCHEMA.replace(amount, f"{amount}\n      firm: {{type: record, to: company}}")
    program = compiled("report r of ticket { measure: count  by: stage, firm }", schema)
    session = opened(program.schema)
    session.run(
        "INSERT INTO company (bucket, id, external_id, created_at, name) VALUES (5, 261, 'x', 0, 'Bright Bikes')"
    )
    for number, (stage, firm) in enumerate((("waiting_on_us", 261), ("gone", 7), ("new", None))):
        session.run(
            "INSERT INTO ticket (bucket, id, external_id, created_at, pipeline, stage, firm)"
            " VALUES (:id, :id, CAST(:id AS TEXT), 0, 'support', :stage, :firm)",
            id=number, stage=stage, firm=firm,
        )  # fmt: skip
    found = Reports(session, program, NOW).run("r")
    words = [[key_words(c, key, ZONE) for c, key in zip(found.groups, row.keys, strict=True)] for row in found.rows]
    assert sorted(words) == [["New", "(no firm)"], ["Waiting on us", "Bright Bikes"], ["gone", "#7"]]
    assert {("waiting_on_us", 261), ("gone", 7), ("new", None)} == {row.keys for row in found.rows}
    properties = stored_properties(program.schema.objects["ticket"])
    values = [(p, {"pipeline": "support", "stage": "waiting_on_us", "firm": 261}.get(p.name)) for p in properties]
    told = {p.name: words for p, words in worded(session, program.schema, "ticket", values, ZONE)}
    assert told == {"pipeline": "Support", "stage": "Waiting on us", "firm": "Bright Bikes"}
