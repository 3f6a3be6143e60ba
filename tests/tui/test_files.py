"""What goes out of the app: a table whole, a screen as it stands, and never over a file that is there."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest
from textual.widgets import Static

from runtime.reading import Choice, page
from runtime.store.store import Store

from .driving import driven, settled

PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")


def _written(store: str, *keys: str) -> str:
    async def drive() -> str:
        async with driven(store, *keys) as pilot:
            for _ in range(200):
                await settled(pilot)
                said = str(pilot.app.screen.query_one("#said", Static).content)
                if "Written to" in said:
                    return said
                await asyncio.sleep(0.02)
            return said

    return asyncio.run(drive())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_e_writes_every_row_of_the_table(crm: str, here: Path) -> None:
    with Store.open(crm) as store, store.session() as session, session.transaction():
        session.run("UPDATE contact SET first_name = '=SUM(A1)' WHERE id % 7 = 0")
    assert "segue-trial-follow-up-enrolled.csv" in _written(crm, *PEOPLE, "e")
    with (here / "segue-trial-follow-up-enrolled.csv").open(newline="", encoding="utf-8") as file:
        titles, *rows = csv.reader(file)
    assert titles == ["Contact", "Company", "Enrolled on", "Last step", "On", "Status", "Detail"]
    with Store.open(crm) as store, store.session() as session:
        wanted = page(session, Choice("trial_follow_up"), limit=1_000)
    names = [f"'{line.contact}" if line.contact.startswith("=") else line.contact for line in wanted]
    assert [row[0] for row in rows] == names and len(rows) > 100
    assert {name.startswith("'=SUM(A1)") for name in names} == {
        True,
        False,
    }


def test_a_file_that_is_there_stays(crm: str, here: Path) -> None:
    (here / "segue-home-needs.csv").write_text("mine")
    assert "segue-home-needs-2.csv" in _written(crm, "e")
    assert (here / "segue-home-needs.csv").read_text() == "mine"


def test_shift_e_writes_the_screen(crm: str, here: Path) -> None:
    _written(crm, "2", "E")
    picture = (here / "segue-sequences.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "Trial" in picture
