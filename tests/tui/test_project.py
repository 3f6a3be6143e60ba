"""The app in a project: who sits there, what their role may do, whose figures they see, what the rules say."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from runtime.project.loading import Settings, load_settings
from runtime.store.store import Store
from tui.sequences.performance import Performance
from tui.tables.paged_table import PagedTable

from .driving import driven, settled

PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")
SETTINGS = """\
name: Bright Bikes
account: {time_zone: UTC, currency: EUR}
users:
  amy: {email: amy@example.com, role: operator}
  bo: {email: bo@example.com, role: viewer}
  ray: {email: ray@example.com, role: rep}
limits: {max_sequences: 9}
"""
SCHEMA = """\
extends: standard
topics:
  sales_outreach: {label: "Sales outreach", kind: one_to_one}
"""
RULES = """\
template welcome "Welcome" {
  topic: sales_outreach
  subject: "Hello"
  body: "Hello"
}

segment nobody "Nobody" of contact {
  lifecycle_stage = evangelist
}

sequence trial_follow_up "Trial follow-up" {
  when: in segment nobody
  sender: amy
  send welcome
  wait 3 business days
}
"""


@pytest.fixture
def project(filled: Callable[[int], Path], tmp_path: Path) -> Settings:
    shutil.copy(filled(300), tmp_path / "crm.db")
    (tmp_path / "segue.yaml").write_text(SETTINGS)
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "rules.segue").write_text(RULES)
    return load_settings(tmp_path)


def _drive(
    project: Settings, *keys: str, user: str = "amy", then: Callable[[Pilot[None]], Awaitable[Any]] | None = None
) -> Any:
    async def drive() -> Any:
        async with driven(_store(project), *keys, settings=project, user=user) as pilot:
            return await then(pilot) if then else await _said(pilot)

    return asyncio.run(drive())


def _store(project: Settings) -> str:
    return f"sqlite:///{project.root / 'crm.db'}"


def _inbox(project: Settings) -> list[str]:
    with Store.open(_store(project)) as store, store.session() as session:
        return [row[0] for row in session.run("SELECT kind FROM segue_inbox ORDER BY rank, key")]


async def _said(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#said", Static).content).strip()


def test_a_viewer_sees_all_and_asks_for_nothing(project: Settings) -> None:
    async def total(pilot: Pilot[None]) -> int:
        return pilot.app.screen.query_one("#enrolled", PagedTable).total

    assert _drive(project, *PEOPLE, "p", "r", "u", "n", user="bo", then=total) > 100
    assert _inbox(project) == []


def test_a_rep_is_refused_what_is_not_their_own_and_it_is_written_down(project: Settings) -> None:
    said = _drive(project, *PEOPLE, "p", user="ray")
    assert "Ray is a rep and may not pause enrollments that are not their own" in said
    assert _inbox(project) == []
    with Store.open(_store(project)) as store, store.session() as session:
        assert session.run("SELECT by_user, act, refused FROM segue_audit") == [("ray", "pause", 1)]


def test_an_operator_pauses_and_it_is_written_down(project: Settings) -> None:
    assert _drive(project, *PEOPLE, "p").startswith("Asked to pause 1 enrollment")
    with Store.open(_store(project)) as store, store.session() as session:
        assert session.run("SELECT by_user, act, refused FROM segue_audit") == [("amy", "pause", 0)]


def test_n_enrolls_more(project: Settings) -> None:
    said = _drive(project, *PEOPLE, "n", *"person1@example.com, person2@example.com", "enter")
    assert said == "Asked to enroll 2 contacts; takes effect at the next tick"
    assert _inbox(project) == ["enroll", "enroll"]


def test_n_with_somebody_unknown_enrolls_nobody(project: Settings) -> None:
    async def told(pilot: Pilot[None]) -> str:
        return str(pilot.app.screen.query_one("#refused", Static).content)

    said = _drive(project, *PEOPLE, "n", *"person1@example.com,nobody@example.com", "enter", then=told)
    assert "there is no contact `nobody@example.com`" in said.replace("There", "there")
    assert _inbox(project) == []


def test_figures_are_mine_at_first_and_m_shows_everybodys(project: Settings) -> None:
    async def both(pilot: Pilot[None]) -> tuple[int, int]:
        tab = pilot.app.screen.query_one(Performance)
        mine = tab.metrics.enrolled if tab.metrics else 0
        await pilot.press("m")
        await settled(pilot)
        return mine, tab.metrics.enrolled if tab.metrics else 0

    mine, everybody = _drive(project, *PEOPLE[:4], then=both)
    with Store.open(_store(project)) as store, store.session() as session:
        counted = "SELECT count(*) FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id"
        its = f"{counted} WHERE d.name = 'trial_follow_up'"
        assert mine == session.one(f"{its} AND e.enrolled_by = 'amy'")
        assert everybody == session.one(its) > mine


def test_f_filters_and_says_what_it_does_not_know(project: Settings) -> None:
    async def filtered(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one("#want-since", Input).value = "2026-03-01"
        await pilot.press("enter")
        await settled(pilot)
        tab = pilot.app.screen.query_one(Performance)
        assert tab.metrics is not None and tab.metrics.enrolled < 100
        assert "since 2026-03-01" in str(pilot.app.screen.query_one("#filters", Static).content)
        before = (tab.asked, tab.metrics, str(pilot.app.screen.query_one("#filters", Static).content))
        await pilot.press("f")
        await settled(pilot)
        pilot.app.screen.query_one("#want-companies", Input).value = "Nobody Ltd"
        await pilot.press("enter")
        await settled(pilot)
        assert "no company `Nobody Ltd`" in await _said(pilot)
        assert (tab.asked, tab.metrics, str(pilot.app.screen.query_one("#filters", Static).content)) == before

    _drive(project, *PEOPLE[:4], "m", "f", then=filtered)


def test_steps_show_the_source_with_its_figures(project: Settings) -> None:
    async def lines(pilot: Pilot[None]) -> list[tuple[str, str]]:
        table = pilot.app.screen.query_one("#written", PagedTable)
        texts = [[str(c[0]) if isinstance(c, tuple) else c for c in row.cells] for row in table.every_row()]
        return [(cells[1].strip(), cells[2]) for cells in texts]

    shown = dict(_drive(project, *PEOPLE[:4], "left_square_bracket", then=lines))
    assert shown["send welcome"] == "100.0%" and shown["}"] == ""


def test_s4_the_list_says_how_many_sequences_are_used(project: Settings) -> None:
    async def head(pilot: Pilot[None]) -> str:
        return str(pilot.app.screen.query_one("#top", Static).content)

    assert "4 of 9 sequences used" in _drive(project, "2", then=head)
