"""Keys that ask more of what is on a screen: steps by status, why one is not in a segment, how a workflow ended."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from runtime.project import Settings, load_settings
from runtime.store.store import Store
from tests.runtime.reading.shop import made_shop
from tui.funnel import Funnel
from tui.paged_table import PagedTable
from tui.why import WhyScreen

from .driving import driven, settled

Then = Callable[[Pilot[None]], Awaitable[Any]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    made_shop(folder)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return load_settings(tmp_path)


def _drive(store: str, *keys: str, then: Then, settings: Settings | None = None) -> Any:
    async def drive() -> Any:
        async with driven(store, *keys, settings=settings, size=(124, 36)) as pilot:
            return await then(pilot)

    return asyncio.run(drive())


async def _press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def _text(pilot: Pilot[None], of: str) -> str:
    return str(pilot.app.screen.query_one(of, Static).content)


def test_steps_are_seen_by_the_status_of_who_is_there(crm: str) -> None:
    async def then(pilot: Pilot[None]) -> tuple[str, str, str]:
        before = str(pilot.app.screen.query_one(Funnel).content)
        await _press(pilot, "s", "t")
        standing = str(pilot.app.screen.query_one(Funnel).content)
        await _press(pilot, "s", "t")
        return before, standing, str(pilot.app.screen.query_one(Funnel).content)

    before, standing, after = _drive(crm, "2", "down", "down", "enter", then=then)
    assert "skipped" in before and before == after
    head, *steps = standing.splitlines()
    assert {"active", "finished", "unenrolled"} <= set(head.split()) and "skipped" not in head
    counted = sum(int(word.replace(",", "")) for step in steps for word in step[30:].split() if word.isdigit())
    enrolled = int(_enrolled(crm))
    assert counted == enrolled, "everybody stands, or ended, at one step"


def _enrolled(crm: str) -> str:
    async def then(pilot: Pilot[None]) -> str:
        return str(pilot.app.screen.query(".tile").first(Static).content).splitlines()[1]

    return _drive(crm, "2", "down", "down", "enter", then=then)  # type: ignore[no-any-return] # it gives back what `then` does


def test_why_somebody_is_not_in_a_segment(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> tuple[str, str, str]:
        await _press(pilot, "n")
        pilot.app.screen.query_one(Input).value = "nobody@x.example"
        await _press(pilot, "enter")
        refused = _text(pilot, "#said")
        await _press(pilot, "n")
        pilot.app.screen.query_one(Input).value = "p2"
        await _press(pilot, "enter")
        assert isinstance(pilot.app.screen, WhyScreen)
        return refused, pilot.app.screen.heading, _text(pilot, "#told")

    refused, heading, told = _drive("sqlite:///crm.db", "g", "m", "down", "down", "enter", then=then, settings=shop)
    assert "no contact" in refused and heading == "Why p2"
    assert told.startswith("is not in it") and "plan is paid" in told


def test_a_workflow_says_how_its_runs_ended(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> str:
        return _text(pilot, "#top")

    said = _drive("sqlite:///crm.db", "g", "w", "enter", then=then, settings=shop)
    assert "6 runs · 1 reached the goal · 0 errors" in said


def test_o_shows_the_overdue_tasks_alone(shop: Settings) -> None:
    with Store.open("sqlite:///crm.db") as store, store.session() as session, session.transaction():
        session.run("UPDATE segue_task SET due_at = due_at + 90 * 86400000000 WHERE assignee = 'amy'")

    async def then(pilot: Pilot[None]) -> list[tuple[int, bool]]:
        table = pilot.app.screen.query_one("#tasks", PagedTable)
        seen = []
        for _ in range(3):
            rows = [row for row in map(table.row_at, range(table.total)) if row]
            seen.append((len(rows), all(row.cells[0].tone == "bad" for row in rows)))  # type: ignore[union-attr] # a Cell
            await _press(pilot, "o")
        return seen

    every, overdue, again = _drive("sqlite:///crm.db", "g", "t", "m", "m", then=then, settings=shop)
    assert every == again and 0 < overdue[0] < every[0] and overdue[1] and not every[1]
