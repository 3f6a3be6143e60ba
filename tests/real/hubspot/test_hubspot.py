"""What an account of HubSpot exports comes in by mapping alone, odd values and all: records, lists, mails, reports.

Left out: histories of properties (names and values are hashes there), what of a mail is told without its recipient
(it comes in as a record of its own), and ties between tables that do not join.
"""

from __future__ import annotations

import pytest

from runtime.reports import Reports

from ..projects import HUBSPOT
from ..world import World, data, each, report, run, same
from . import oracle


def check_every_row_is_a_record_once(world: World, account: oracle.Account) -> None:
    ours = {name: world.count(name) for name in oracle.COUNTS}
    assert ours == {name: account.count(sql) for name, sql in oracle.COUNTS.items()}


def check_values_are_those_of_the_files(world: World, account: oracle.Account) -> None:
    theirs = account.rows(
        "SELECT id, property_name, property_industry, property_country, property_annualrevenue * 100,"
        """ CAST(nullif("property_hs_all-funky-a9384-syntax", '') AS INTEGER) FROM company_data"""
    )
    ours = world.about("company", "x.name, x.industry, x.country, x.revenue, x.funky", "company")
    same("companies", ours, theirs)
    theirs = account.rows(
        "SELECT id, property_email || '@hash.invalid', nullif(property_company, ''),"
        " nullif(property_hs_merged_object_ids, '') FROM contact_data"
    )
    ours = world.about("contact", "x.email, x.company_name, x.merged_ids", where="x.email IS NOT NULL")
    same("contacts", ours, theirs)


def check_segments_have_the_members_of_the_lists(world: World, account: oracle.Account) -> None:
    rows = []
    for name, sql in oracle.SEGMENTS.items():
        of = world.program.segments[name].object
        ours = {who for who, _, left in world.history(name, of) if left is None}
        theirs = {str(who) for (who,) in account.rows(sql)}
        rows.append((name, same(name, ours, theirs), len(theirs)))
    report("HubSpot: segments", rows, world)


def check_reports_are_what_sql_finds_in_the_files(world: World, account: oracle.Account) -> None:
    rows = []
    with world.store.session() as session:
        reports = Reports(session, world.program)
        for name, sql in oracle.REPORTS.items():
            lines = ((*row.keys, *(cell.value for cell in row.cells)) for row in reports.run(name).rows)
            found = {line for line in lines if line[-1]}  # months in which nothing was are lines too
            theirs = account.rows(sql)
            rows.append((name, same(name, found, theirs), len(theirs)))
    report("HubSpot: reports", rows, world)


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_hubspot(store: str, subtests: pytest.Subtests, request: pytest.FixtureRequest) -> None:
    url = "sqlite://" if store == "sqlite" else request.getfixturevalue("postgres_url")
    each(
        subtests,
        run(HUBSPOT, url),
        oracle.Account(data("hubspot")),
        check_every_row_is_a_record_once,
        check_values_are_those_of_the_files,
        check_segments_have_the_members_of_the_lists,
        check_reports_are_what_sql_finds_in_the_files,
    )
