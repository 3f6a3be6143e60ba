"""The reports on the sequences of the library, over sequences that ran."""

from __future__ import annotations

from runtime.reports.asking import Reports
from tests.runtime.playbooks.conftest import Company


def test_the_dashboards_of_sequences_tell_what_came_of_them(outreach: Company) -> None:
    world = outreach.world
    for who in ("ann", "bob", "eve"):
        world.contact(who, owner="tanaka", lifecycle_stage="lead")
    world.run_to("03-02 10:00")
    world.event("ann", "opened_email", mail="outreach_hello", class_="human")
    world.event("ann", "clicked_email", mail="outreach_hello", class_="human")
    world.event("bob", "replied", at="03-02 10:05").run_to("03-03 10:00")
    reports = Reports(world.engine.session, world.program, world.now)
    (totals,) = (row for row in reports.run("sequence_totals").rows if "dynamic_outreach" in row.keys)
    assert [cell.value for cell in totals.cells[:1]] == [3]
    assert [(cell.count, cell.base) for cell in totals.cells[1:4]] == [(1, 3), (1, 3), (1, 3)]
    (months,) = reports.run("sequence_enrollments").rows
    assert (months.keys, months.cells[0].value, months.cells[3].value) == (("2026-03-01",), 3, 1)
    sent = {row.keys: row.cells[0].value for row in reports.run("sent_by_template").rows}
    assert sent == {("outreach_hello",): 3}
    assert {row.keys: row.cells[0].value for row in reports.run("clicked_by_template").rows} == {("outreach_hello",): 1}
    for name in ("sequence_performance", "sequence_analysis"):
        assert len(reports.dashboard(name)) == 4
