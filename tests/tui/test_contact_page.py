"""The page of one contact, driven by keys: scores, the timeline whole and by what it is made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from runtime.project.loading import Settings, load_settings
from tests.runtime.engine.harness import PROJECT, SCHEMA, World
from tui.tables.paged_table import PagedTable

from .driving import drive, press

RULES = """\
score interest of contact {
  give 5 when replied
}

score silence of contact {
  give 1 when unsubscribed
}

segment trials "On trial" of contact {
  plan = trial
}
"""
PAGE = ("g", "c", "enter")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored")
    project = PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", project=project)
    world.contact("ann", at="03-02 09:00", plan="trial")
    world.event("ann", "replied", at="03-03 09:00")
    world.set("ann", at="03-04 09:00", plan="paid")
    world.run_to("03-05 09:00")
    world.close()
    (folder / "segue.yaml").write_text(project, encoding="utf-8")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "rules.segue").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture
def shop(lived: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(lived)
    return load_settings(lived)


def _happened(pilot: Pilot[None]) -> list[str]:
    table = pilot.app.screen.query_one("#happened", PagedTable)
    return [str(row.cells[1][0]) for row in map(table.row_at, range(table.total)) if row]


def test_a_contact_has_its_scores(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[str]:
        told = str(pilot.app.screen.query_one("#properties", Static).content).splitlines()
        return told[told.index("Scores") :][1:3]

    assert drive(shop, *PAGE, then=then) == ["  interest 5", "  silence –"]


def test_v_shows_one_part_of_the_timeline_after_the_other(shop: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[list[str]]:
        seen = [_happened(pilot)]
        for _ in range(6):
            await press(pilot, "v")
            seen.append(_happened(pilot))
        return seen

    whole, events, steps, tasks, notes, changes, again = drive(shop, *PAGE, then=then)
    assert "replied" in events and "plan changed" in changes and not [*steps, *tasks, *notes]
    assert sorted([*events, *changes]) == sorted(whole) and again == whole
