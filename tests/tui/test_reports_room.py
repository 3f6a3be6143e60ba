"""Reports and dashboards, driven by keys on a small shop: tiles, filters, charts and tables, files, errors in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.reports import Result
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.reading.shop import made_shop
from tui.reports.dashboard import DashboardScreen
from tui.reports.report import ReportScreen
from tui.reports.report_tile import ReportTile
from tui.tables.paged_table import PagedTable

from .driving import STORE, copied, drive, picture, press, rows, settled, text

REPORTS = """\
report people "国別の人 – people by country" of contact {
  measure: count
  by: country
  show: bars
}

report joined "Joined by day" of contact {
  measure: count
  by: day(created_at)
  show: line
  target: 4 per week
}

report greeted "Reached by workflow" of enrollment {
  measure: reach_rate, count
  by: definition
}

report paying "Who pays" of contact {
  where: plan = paid
  measure: count
  show: number
  target: 4 per month
}

report parcels "Parcels" of parcel {
  measure: count
  show: number
}

dashboard week "Łódź, this week" {
  reports: paying, people, joined, greeted, parcels
}
"""
PARCEL = "objects:\n  parcel:\n    properties:\n      weight: {type: number}\n"
DASHBOARD = ("g", "b", "enter")
PEOPLE = ("g", "b", "down", "enter")


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules have an object that the store does not have yet: its report cannot be read."""
    folder = tmp_path_factory.mktemp("reported")
    made_shop(folder)
    (folder / "reports.segue").write_text(REPORTS, encoding="utf-8")
    schema = folder / "schema.yaml"
    schema.write_text(schema.read_text(encoding="utf-8").replace("objects:\n", PARCEL, 1), encoding="utf-8")
    return folder


@pytest.fixture
def shop(reported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(reported, tmp_path, monkeypatch)


def _tiles(pilot: Pilot[None]) -> dict[str, str]:
    return {tile.report: str(tile.content) for tile in pilot.app.screen.query(ReportTile)}


def test_dashboards_stand_before_reports(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[object]:
        table = pilot.app.screen.query_one("#reports", PagedTable)
        return [row.key for row in map(table.row_at, range(table.total)) if row]

    names = ("people", "joined", "greeted", "paying", "parcels")
    assert drive(shop, "g", "b", then=then) == [("dashboard", "week"), *(("report", name) for name in names)]


def test_the_error_of_a_tile_stays_in_it(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[dict[str, str], str]:
        return _tiles(pilot), text(pilot, "#said")

    tiles, said = drive(shop, *DASHBOARD, then=then)
    assert "could not be read" in tiles["parcels"] and not said.strip()
    assert "2 of 4, 50.0%" in tiles["paying"] and "JP" in tiles["people"] and "█" in tiles["people"]


def test_two_reports_are_worked_out_at_once(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these two waits for the other to have begun."""
    asked, both = DashboardScreen.question, Barrier(2)

    def question(screen: DashboardScreen, report: str) -> Callable[[Session], Result | Exception]:
        put = asked(screen, report)

        def met(session: Session) -> Result | Exception:
            if report in ("paying", "people"):
                both.wait(timeout=20)
            return put(session)

        return met

    monkeypatch.setattr(DashboardScreen, "question", question)

    async def then(pilot: Pilot[None]) -> dict[str, str]:
        return _tiles(pilot)

    tiles = drive(shop, *DASHBOARD, then=then)
    assert "2 of 4, 50.0%" in tiles["paying"] and "JP" in tiles["people"]


@pytest.mark.parametrize(("wide", "columns"), [(80, 1), (140, 2), (200, 3)])
def test_tiles_stand_side_by_side_where_there_is_room(shop: Settings, wide: int, columns: int) -> None:
    async def then(pilot: Pilot[None]) -> set[int]:
        return {tile.region.x for tile in pilot.app.screen.query(ReportTile)}

    assert len(drive(shop, *DASHBOARD, then=then, size=(wide, 60))) == columns


def test_arrows_go_from_tile_to_tile_and_enter_opens_one(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[list[str], str]:
        here = []
        for key in ("right", "right", "down", "left", "up", "up"):
            await press(pilot, key)
            focused = pilot.app.focused
            here.append(focused.report if isinstance(focused, ReportTile) else "")
        await press(pilot, "right", "enter")
        assert isinstance(pilot.app.screen, ReportScreen)
        return here, pilot.app.screen.name_

    went = ["people", "people", "greeted", "joined", "paying", "paying"]
    assert drive(shop, *DASHBOARD, then=then, size=(140, 60)) == (went, "people")


def test_a_click_takes_a_tile_and_a_double_click_opens_it(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[object, str]:
        tile = next(tile for tile in pilot.app.screen.query(ReportTile) if tile.report == "people")
        await pilot.click(tile)
        taken = tile.has_focus
        await pilot.click(tile, times=2)
        await settled(pilot)
        return taken, getattr(pilot.app.screen, "name_", "")

    assert drive(shop, *DASHBOARD, then=then) == (True, "people")


def test_a_report_says_in_english_what_it_counts(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> str:
        return text(pilot, "#counts-what")

    told = drive(shop, *PEOPLE, then=then)
    assert "every contact" in told and "how many" in told and "country" in told


def test_c_turns_the_chart_into_a_table_with_shares_of_all(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[str, list[tuple[str, ...]]]:
        drawn = text(pilot, "#drawing")
        await press(pilot, "b")
        assert pilot.app.screen.query_one("#report-table").has_focus
        return drawn, rows(pilot, "report-table")

    drawn, table = drive(shop, *PEOPLE, then=then)
    assert "█" in drawn and table == [("JP", "3", "50.0%"), ("PL", "3", "50.0%")]


def test_t_turns_shares_into_counts(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        before = rows(pilot, "report-table")
        await press(pilot, "t")
        return before, rows(pilot, "report-table")

    shares, counts = drive(shop, "g", "b", "down", "down", "down", "enter", then=then)
    assert shares == [("follow", "100.0%", "1"), ("greet", "100.0%", "6")]
    assert counts == [("follow", "1", "1"), ("greet", "6", "6")]


def test_the_rows_that_count_are_chosen_by_company_owner_and_day(shop: Settings) -> None:
    async def filtered(pilot: Pilot[None], **fields: str) -> tuple[str, list[tuple[str, ...]]]:
        await press(pilot, "f")
        for name, value in fields.items():
            pilot.app.screen.query_one(f"#want-{name}").value = value
        await press(pilot, "enter")
        return text(pilot, "#filters"), rows(pilot, "report-table")

    async def then(pilot: Pilot[None]) -> Any:
        await press(pilot, "b")
        with Store.open(STORE) as store, store.session() as session, session.transaction():
            id_ = record_id("contact", "p3")
            session.run("UPDATE contact SET owner = 'amy' WHERE bucket = :b AND id = :id", b=id_ % 256, id=id_)
        found = [await filtered(pilot, companies="acme")]
        found.append(await filtered(pilot, companies="", since="2026-03-04", until="2026-03-04"))
        found.append(await filtered(pilot, since="", until="", by="me"))
        await press(pilot, "m")
        return [*found, (text(pilot, "#filters"), rows(pilot, "report-table"))]

    company, days, mine, everybody = drive(shop, *PEOPLE, then=then)
    assert company == ("companies acme", [("JP", "1", "50.0%"), ("PL", "1", "50.0%")])
    assert days[0] == "days 2026-03-04 to 2026-03-04" and [row[:2] for row in days[1]] == [("JP", "1"), ("PL", "1")]
    assert mine == ("of me (amy)", [("PL", "1")])
    assert everybody[0] == "all of it, at all times" and sum(int(row[1]) for row in everybody[1]) == 6


def test_a_filter_by_what_nobody_knows_is_refused_and_the_figures_stay(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[list[str], list[str], str]:
        def shown() -> list[str]:
            return [text(pilot, name) for name in ("#filters", "#drawing")]

        before = shown()
        await press(pilot, "f")
        pilot.app.screen.query_one("#want-companies").value = "acmee"
        await press(pilot, "enter")
        return before, shown(), text(pilot, "#said")

    before, after, said = drive(shop, *PEOPLE, then=then)
    assert before == after and "JP" in before[1]
    assert "no company `acmee`" in said


@pytest.mark.parametrize("keys", [(*DASHBOARD, "down"), PEOPLE])
def test_e_writes_the_figures_as_csv(shop: Settings, keys: tuple[str, ...]) -> None:
    async def then(pilot: Pilot[None]) -> None:
        await press(pilot, "e")

    drive(shop, *keys, then=then)
    assert Path("segue-people.csv").read_text() == "country,count\nJP,3\nPL,3\n"


def test_a_dashboard_follows_the_store_and_the_rules(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[list[str], str]:
        await press(pilot, "down")
        rules = Path("reports.segue")
        rules.write_text(rules.read_text().replace("reports: paying, people,", "reports: people, paying,"))
        with Store.open(STORE) as store, store.session() as session, session.transaction():
            session.run("UPDATE contact SET country = 'GB' WHERE country = 'PL'")
        screen = pilot.app.screen
        assert isinstance(screen, DashboardScreen)
        screen.load()  # what the app does when the store has changed
        await settled(pilot)
        return list(_tiles(pilot)), _tiles(pilot)["people"]

    names, people = drive(shop, *DASHBOARD, then=then)
    assert names[:2] == ["people", "paying"] and "GB" in people and "PL" not in people


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("reports", ("g", "b")),
        ("dashboard", DASHBOARD),
        ("report", PEOPLE),
        ("report_line", ("g", "b", "down", "down", "enter")),
        ("report_table", (*PEOPLE, "b")),
        ("report_filter", (*PEOPLE, "f")),
    ],
)
def test_picture(
    name: str, keys: tuple[str, ...], size: tuple[int, int], shop: Settings, snapshot: SnapshotAssertion
) -> None:
    async def then(pilot: Pilot[None]) -> str:
        return picture(pilot)

    drawn = drive(shop, *keys, then=then, size=size)
    assert drawn == snapshot(name=f"{name}-{size[0]}x{size[1]}", extension_class=SVGImageSnapshotExtension)
