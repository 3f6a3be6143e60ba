"""The hygiene queue in the terminal app, by keys alone: look, fix, let be, take back (P15)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store import meta
from runtime.store.ids import record_id
from runtime.store.store import Store
from tests.runtime.engine.harness import PROJECT, SCHEMA, World
from tui.dialogs.confirm import ConfirmScreen
from tui.pages.contact import ContactScreen
from tui.tables.paged_table import PagedTable

from .driving import STORE, copied, drive, picture, press, rows, said

SETTINGS = (
    PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    .replace("rep: {name: Rep One,", "rep: {name: Rep One, role: rep,")
    .replace("amy: {name: Amy Two,", "amy: {name: Amy Two, role: operator,")
)
RULES = """\
hygiene names "Names as they should be" of contact {
  fix when last_name ends with "様" { set last_name = without_suffix(last_name, "様") }
  fix when last_name starts with "A8" { set last_name = trim(without_prefix(last_name, "A8")) }
  review when first_name is missing "Only {{ contact.last_name | default: 'no name' }} is known"
}
"""
ROOM = ("g", "i")
SMALL, LARGE = (80, 24), (200, 60)


@pytest.fixture(scope="session")
def lodge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lodge")
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", project=SETTINGS)
    try:
        for i, last in enumerate(("田中様", "佐藤様", "鈴木様")):
            world.contact(f"s{i}", first_name="花子", last_name=last)
        world.contact("a8", first_name="太郎", last_name="A8 山田")
        world.contact("both", first_name="次郎", last_name="A8 高橋様")
        world.contact("łu", last_name="Łucja")
        world.run_to("03-02 09:00")
        with world.store.session() as session, session.transaction():
            meta.write(session, "clock_kind", "virtual")
    finally:
        world.close()
    for name, text in (("segue.yaml", SETTINGS), ("schema.yaml", SCHEMA), ("rules.segue", RULES)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def project(lodge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(lodge, tmp_path, monkeypatch)


def _ask(sql: str, **values: object) -> list[tuple[Any, ...]]:
    with Store.open(STORE) as opened, opened.session() as session:
        return session.run(sql, **values)


def test_p15_rules_stand_with_how_many_they_find(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        found = [(row[0], row[2], row[3]) for row in rows(pilot, "hygiene")]
        assert found == [("names.1", "fix", "4"), ("names.2", "fix", "2"), ("names.3", "review", "1")]

    drive(project, *ROOM, then=look)


def test_p15_a_finding_shows_its_fix_as_old_and_new_and_enter_shows_the_record(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert {(row[0], row[2]) for row in rows(pilot, "findings")} == {
            ("太郎 A8 山田", "Last name: A8 山田 → 山田"),
            ("次郎 A8 高橋様", "Last name: A8 高橋様 → 高橋様"),
        }
        await press(pilot, "q", "down", "enter")
        assert [(row[0], row[2]) for row in rows(pilot, "findings")] == [("Łucja", "Only Łucja is known")]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ContactScreen)

    drive(project, *ROOM, "down", "enter", then=look)


def test_p15_x_fixes_the_selected_after_a_look(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> list[str]:
        await press(pilot, "space", "space", "X")
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen) and asked.question == "Write 2 values of 2 records?"
        assert asked.note.count(" → ") == 2
        await press(pilot, "n")
        assert _ask("SELECT count(*) FROM segue_inbox") == [(0,)]
        chosen = [str(key) for key in pilot.app.screen.query_one("#findings", PagedTable).chosen]
        await press(pilot, "X", "y")
        assert said(pilot) == "Asked for: 2 values of 2 records, run 1; takes effect at the next tick"
        waits = [row[2] for row in rows(pilot, "findings")]
        assert waits.count("something is on its way to it: after the next tick") == 2
        return chosen

    chosen = drive(project, *ROOM, "enter", then=look)
    assert sorted(row[0] for row in _ask("SELECT id FROM segue_inbox")) == sorted(map(int, chosen))
    assert _ask("SELECT DISTINCT by_user, hygiene FROM segue_repair")[0][0] == "amy"


def test_p15_x_without_a_selection_fixes_the_one_under_the_cursor(project: Settings) -> None:
    assert drive(project, *ROOM, "enter", "X", "y").startswith("Asked for: 1 value of 1 record, run 1")


def test_p15_x_on_a_rule_fixes_all_it_found_and_nothing_else(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen) and asked.question == "Write 4 values of 4 records?"
        assert ".. and 1 more" in asked.note
        await press(pilot, "y")
        assert said(pilot).startswith("Asked for: 4 values of 4 records, run 1")
        assert rows(pilot, "runs")[0][2:] == ("names", "amy", "4", "–")

    drive(project, *ROOM, "X", then=look)
    assert sorted(row[0] for row in _ask("SELECT new FROM segue_repair")) == ['"A8 高橋"', '"佐藤"', '"田中"', '"鈴木"']


def test_p15_ctrl_x_fixes_all_of_a_rule_from_its_queue(project: Settings) -> None:
    """Whatever is selected in it, after the same look."""

    async def look(pilot: Pilot[None]) -> None:
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen) and asked.question == "Write 4 values of 4 records?"
        await press(pilot, "n")
        assert _ask("SELECT id FROM segue_inbox") == []
        await press(pilot, "ctrl+x", "y")
        assert said(pilot).startswith("Asked for: 4 values of 4 records, run 1")

    drive(project, *ROOM, "enter", "space", "ctrl+x", then=look)
    assert len(_ask("SELECT id FROM segue_inbox")) == 4
    drive(project, *ROOM, "end", "enter", "ctrl+x", "y")
    assert len(_ask("SELECT id FROM segue_inbox")) == 4, "a review has none"


def test_p15_z_takes_the_last_run_back(project: Settings) -> None:
    async def undo(pilot: Pilot[None]) -> None:
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen) and asked.question == "Take run 1 back?"
        await press(pilot, "y")
        assert said(pilot).startswith("Asked for: 4 values as before run 1")
        assert rows(pilot, "runs")[0][5] == "4"
        await press(pilot, "z")
        assert said(pilot) == "There is no run of fixes to take back"

    drive(project, *ROOM, "X", "y")
    _tick(project)
    assert _ask("SELECT last_name FROM contact WHERE id = :id", id=record_id("contact", "s0")) == [("田中",)]
    drive(project, *ROOM, "z", then=undo)
    _tick(project)
    assert _ask("SELECT last_name FROM contact WHERE id = :id", id=record_id("contact", "s0")) == [("田中様",)]


def test_p15_k_lets_the_selected_be_and_asks_why(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, "space", "space", "K", "escape")
        assert len(rows(pilot, "findings")) == 4, "left: nothing was looked at"
        await press(pilot, "K", "enter")
        assert said(pilot) == "Looked at: 2 records; they stay as they are"
        assert len(rows(pilot, "findings")) == 2
        await press(pilot, "K", *"so", "enter")
        assert len(rows(pilot, "findings")) == 1

    drive(project, *ROOM, "enter", then=look)
    assert sorted(str(row[0]) for row in _ask("SELECT words FROM segue_reviewed")) == ["None", "None", "so"]
    assert _ask("SELECT count(*) FROM segue_audit WHERE act = 'hygiene'") == [(3,)]


def test_p15_a_review_has_no_fix(project: Settings) -> None:
    assert drive(project, *ROOM, "end", "X") == "names.3 has no fix: a person looks at each; Enter shows them"
    drive(project, *ROOM, "end", "enter", "X", "y")
    assert _ask("SELECT count(*) FROM segue_inbox") == [(0,)]


def test_a_rep_looks_and_changes_nothing(project: Settings) -> None:
    drive(project, *ROOM, "X", "y", "enter", "X", "y", "K", "enter", "q", "z", "y", user="rep")
    assert _ask("SELECT count(*) FROM segue_inbox") == [(0,)]
    assert _ask("SELECT count(*) FROM segue_reviewed") == [(0,)]


def _tick(project: Settings) -> None:
    world = World(RULES, STORE, project=SETTINGS, start="03-02 09:00", ready=True)
    try:
        world.run_to("03-02 09:01" if not _ask("SELECT 1 FROM segue_repair WHERE undone_at > 0") else "03-02 09:02")
    finally:
        world.close()


SCREENS = {
    "room": (*ROOM, "X", "y"),
    "fixes": (*ROOM, "enter", "space"),
    "reviews": (*ROOM, "end", "enter"),
    "confirm": (*ROOM, "X"),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], project: Settings, snapshot: SnapshotAssertion) -> None:
    async def draw(pilot: Pilot[None]) -> str:
        return picture(pilot)

    assert drive(project, *SCREENS[name], then=draw, size=size) == snapshot(extension_class=SVGImageSnapshotExtension)
