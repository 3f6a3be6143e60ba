"""Reports of some days, owners and companies alone, beside the rows counted by hand; on both databases."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput
from runtime.metrics.filters import Filters
from runtime.reports import Reports
from runtime.store.session import Session
from tests.runtime.engine.harness import PROJECT, SCHEMA, compiled
from tests.runtime.reports.conftest import Open
from tests.runtime.reports.test_reports import NOW, contact, micros, purchase

DAYS = ("2026-03-01 23:59", "2026-03-02 00:00", "2026-03-02 23:59", "2026-03-03 00:00")
SECOND = Filters(since=micros("2026-03-02 00:00"), until=micros("2026-03-03 00:00"))


@pytest.fixture
def session(opened: Open) -> Session:
    """Contact 1 is rep's and of company 7, contact 2 amy's and of company 8, contact 3 nobody's and of none. Each has
    a deal of the same number and made a purchase at each of the `DAYS`."""
    session = opened(compiled("static segment none of contact").schema)
    for id_ in (7, 8):
        session.run(
            "INSERT INTO company (bucket, id, external_id, created_at) VALUES (:b, :b, :x, 0)", b=id_, x=f"c{id_}"
        )
    for id_, owner in ((1, "rep"), (2, "amy"), (3, None)):
        contact(session, id_, owner=owner)
        session.run(
            "INSERT INTO deal (bucket, id, external_id, owner, created_at, close_on)"
            " VALUES (:id, :id, :x, :owner, :at, '2026-03-02')",
            id=id_, x=f"d{id_}", owner=owner, at=micros(DAYS[id_]),
        )  # fmt: skip
        for number, at in enumerate(DAYS):
            purchase(session, id_, at, 100, number)
        if id_ < 3:
            _link(session, "contact_company", id_, id_ + 6)
            _link(session, "deal_company", id_, id_ + 6)
    return session


def _link(session: Session, name: str, id_: int, to: int) -> None:
    session.bound(
        f"INSERT INTO link_{name} (bucket, id, to_bucket, to_id, at) VALUES (:id, :id, :to, :to, 0)",
        {"id": id_, "to": to},
    )


def count(session: Session, text: str, among: Filters) -> int | float | None:
    program = compiled(f"report r of {text}", SCHEMA, PROJECT)
    result = Reports(session, program, NOW).run("r", among)
    return sum(row.cells[0].value or 0 for row in result.rows)


@pytest.mark.parametrize(
    ("text", "among", "expected"),
    [
        ("purchased { measure: count }", Filters(), 12),
        ("purchased { measure: count }", SECOND, 6),
        ("purchased { where: amount >= 5 EUR measure: count }", SECOND, 0),
        ("purchased { measure: count }", Filters(enrolled_by=("rep",)), 4),
        ("purchased { measure: count by: month(happened_at) }", Filters(enrolled_by=("rep", "amy")), 8),
        ("purchased { measure: count }", Filters(companies=(7,)), 4),
        ("purchased { measure: count }", Filters(companies=(7, 8), since=SECOND.since), 6),
        ("deal { measure: count }", SECOND, 2),
        ("deal { where: owner = rep or owner = amy measure: count }", Filters(enrolled_by=("amy",)), 1),
        ("deal { measure: count by: month(close_on) }", SECOND, 3),
        ("deal { measure: count }", Filters(companies=(8,)), 1),
        ("company { measure: count }", Filters(companies=(8,)), 1),
        ("contact { measure: count }", Filters(companies=(7,), enrolled_by=("amy",)), 0),
    ],
)
def test_a_report_of_fewer_rows_counts_these_alone(session: Session, text: str, among: Filters, expected: int) -> None:
    assert count(session, text, among) == expected


def test_enrollments_are_narrowed_by_their_contact_and_by_who_enrolled(session: Session) -> None:
    session.run(
        "INSERT INTO segue_definition (id, kind, name, label, activated_at, program)"
        " VALUES (1, 'sequence', 'hello', '', 0, '{}')"
    )
    for id_, by in ((1, "amy"), (2, "amy"), (3, "rep")):
        session.run(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status,"
            " block, ordinal, enrolled_at, entered_at, enrolled_by, by_hand, zone, person_zone)"
            " VALUES (:id, :id, :id, 1, 1, 1, 'active', 0, 0, :at, :at, :by, FALSE, '', '')",
            id=id_, by=by, at=micros(DAYS[id_]),
        )  # fmt: skip
    for figure in ("count", "replied"):
        text = f"enrollment {{ measure: count, {figure} }}" if figure != "count" else "enrollment { measure: count }"
        assert count(session, text, Filters(enrolled_by=("amy",))) == 2
        assert count(session, text, Filters(companies=(8,))) == 1
        assert count(session, text, SECOND) == 2


def test_what_belongs_to_no_company_and_nobody_is_refused(session: Session) -> None:
    parcel = "objects:\n  parcel:\n    properties:\n      weight: {type: number}\n"
    program = compiled("report r of parcel { measure: count }", SCHEMA.replace("objects:\n", parcel, 1), PROJECT)
    for among, words in ((Filters(companies=(7,)), "no company"), (Filters(enrolled_by=("rep",)), "no owner")):
        with pytest.raises(InvalidInput, match=words):
            Reports(session, program, NOW).run("r", among)
