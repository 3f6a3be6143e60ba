"""Keys that ask more of what is on a screen: steps by status, why one is not in a segment, how a workflow ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from runtime.project.loading import Settings
from runtime.store.store import Store
from tests.runtime.reading.shop import made_shop
from tui.segments.why import WhyScreen
from tui.sequences.funnel import Funnel
from tui.tables.paged_table import PagedTable

from .driving import copied, drive, press, rows, text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    made_shop(folder)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(built, tmp_path, monkeypatch)


def test_steps_are_seen_by_the_status_of_who_is_there(crm: str) -> None:
    def shown(pilot: Pilot[None]) -> list[tuple[str, ...]]:
        return [tuple(c.title for c in pilot.app.screen.query_one(Funnel).columns), *rows(pilot, "funnel")]

    async def then(pilot: Pilot[None]) -> list[list[tuple[str, ...]]]:
        before = shown(pilot)
        await press(pilot, "v", "t")
        standing = shown(pilot)
        await press(pilot, "v", "t")
        return [before, standing, shown(pilot)]

    before, (head, *steps), after = drive(None, "2", "down", "down", "enter", then=then, store=crm)
    assert "skipped" in before[0] and before == after
    assert {"active", "finished", "unenrolled"} <= set(head) and "skipped" not in head
    counted = sum(int(word.replace(",", "")) for step in steps for word in step[1:] if word != "–")
    assert counted == int(_enrolled(crm)), "everybody stands, or ended, at one step"


def _enrolled(crm: str) -> str:
    async def then(pilot: Pilot[None]) -> str:
        return str(pilot.app.screen.query(".tile").first(Static).content).splitlines()[1]

    return drive(None, "2", "down", "down", "enter", then=then, store=crm)


def test_why_somebody_is_not_in_a_segment(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[str, str, str]:
        await press(pilot, "W")
        pilot.app.screen.query_one(Input).value = "nobody@x.example"
        await press(pilot, "enter")
        refused = text(pilot, "#refused")  # and what was written stands there to be put right
        pilot.app.screen.query_one(Input).value = "p2"
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, WhyScreen)
        return refused, pilot.app.screen.heading, text(pilot, "#told")

    refused, heading, told = drive(shop, "g", "m", "down", "down", "enter", then=then)
    assert "no contact" in refused and heading == "Why p2"
    assert told.startswith("is not in it") and "plan is paid" in told


def test_a_workflow_says_how_its_runs_ended(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> str:
        return text(pilot, "#top")

    told = drive(shop, "g", "w", "enter", then=then)
    assert "6 runs · 1 reached the goal · 0 errors" in told


def test_v_shows_the_overdue_tasks_alone(shop: Settings) -> None:
    with Store.open("sqlite:///crm.db") as store, store.session() as session, session.transaction():
        session.run("UPDATE segue_task SET due_at = due_at + 90 * 86400000000 WHERE assignee = 'amy'")

    async def then(pilot: Pilot[None]) -> list[tuple[int, bool]]:
        table = pilot.app.screen.query_one("#tasks", PagedTable)
        seen = []
        for _ in range(3):
            rows = [row for row in map(table.row_at, range(table.total)) if row]
            seen.append((len(rows), all(row.cells[0].tone == "bad" for row in rows)))
            await press(pilot, "v")
        return seen

    every, overdue, again = drive(shop, "g", "t", "m", "m", then=then)
    assert every == again and 0 < overdue[0] < every[0] and overdue[1] and not every[1]
