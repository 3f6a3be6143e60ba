"""What a sequence brought in, on its page: contacts with deals, and the revenue (000.23, 000.29, 000.31; M7-M10)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from runtime.project.loading import load_settings
from tests.runtime.engine.harness import PROJECT, SCHEMA, World
from tui.sequences import performance

from .driving import drive, press

LINES = ("While enrolled", "Revenue")
RULES = "sequence x { when: manually  sender: rep  wait 30 days  send intro }"


def told(folder: Path, world: World) -> list[str]:
    """The lines beside the tiles as rates, then as counts, of everybody."""
    world.run_to("03-10 12:00").close()
    (folder / "segue.yaml").write_text(f"{PROJECT}store: sqlite:///crm.db\n", encoding="utf-8")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")

    async def lines(pilot: Pilot[None]) -> list[str]:
        more = pilot.app.screen.query_one("#more", Static)
        await press(pilot, "m")
        rates = str(more.content)
        await press(pilot, "t")
        return [line for said in (rates, str(more.content)) for line in said.splitlines() if line.startswith(LINES)]

    store = f"sqlite:///{folder / 'crm.db'}"
    found = drive(load_settings(folder), "2", "enter", then=lines, store=store, size=(160, 40))
    assert isinstance(found, list)
    return found


def enrolled(folder: Path) -> World:
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}")
    for name in ("ann", "bob", "eve", "joe"):
        world.contact(name, at="03-02 08:00").enroll(name, "sequence x", at="03-02 10:00")
    return world


def test_m7_m8_m10_deals_and_revenue_stand_beside_the_tiles(tmp_path: Path) -> None:
    world = enrolled(tmp_path)
    for name, stage, amount in (("ann", "won", "1200.50"), ("bob", "won", "300"), ("eve", "lost", "70")):
        world.deal(f"of {name}", name, "03-03 10:00", stage="appointment", amount=amount)
        world.set(f"of {name}", at="03-04 10:00", of="deal", stage=stage)
    world.deal("before", "joe", "03-01 10:00", stage="won", amount="5000")
    assert told(tmp_path, world) == [
        "While enrolled   deal created 75.0% · won 50.0% · lost 25.0% of 4 contacts",
        "Revenue          1,500.50 EUR · 2 of 3 attributed deals won",
        "While enrolled   deal created 3 · won 2 · lost 1 of 4 contacts",
        "Revenue          1,500.50 EUR · 2 of 3 attributed deals won",
    ]


def test_deals_are_worked_out_beside_the_tiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take longest of all but the steps: each of these two waits for the other to have begun."""
    both, world = Barrier(2), enrolled(tmp_path)
    world.deal("of ann", "ann", "03-03 10:00", stage="won", amount="12")

    def together(question: Callable[..., object]) -> Callable[..., object]:
        def met(*given: object) -> object:
            both.wait(timeout=20)
            return question(*given)

        return met

    for name in ("overview", "deal_overview"):
        monkeypatch.setattr(performance, name, together(getattr(performance, name)))
    assert told(tmp_path, world)[1] == "Revenue          12.00 EUR · 1 of 1 attributed deal won"


def test_m10_where_there_are_no_deals_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert told(tmp_path, enrolled(tmp_path)) == []
