"""What is done from the page of a record: notes with snippets, enrollments and tasks acted on, talks; ranges and all
rows selected."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store.store import Store
from tui.dialogs.choosing import ChoiceScreen
from tui.dialogs.long_text import LongText
from tui.frame.keys import Keys
from tui.pages.contact import ContactScreen
from tui.pages.note import NoteScreen
from tui.tables.paged_table import PagedTable
from tui.talks.about import TalksAboutScreen

from .driving import drive, driven, picture, press, rows, said
from .sales import with_rules

CRM = "sqlite:///crm.db"
MORE = '''
snippet "#suc" "Success" {
  use_in: note
  text: """
    Spoke with {{ contact.first_name | default: "them" }}.
    """
}

playbook intro "Introduction" for contact {
  ask wish "What do they wish?": long_text
}
'''
ANN = ("g", "c", "f", *"Łucja", "enter", "enter")


@pytest.fixture
def office(office: Settings) -> Settings:
    return with_rules(office, MORE)


def _inbox(kind: str) -> list[dict[str, Any]]:
    with Store.open(CRM) as store, store.session() as session:
        rows = session.run("SELECT payload FROM segue_inbox WHERE kind = :kind ORDER BY rank, key", kind=kind)
    return [json.loads(payload) for (payload,) in rows]


def _keys(pilot: Pilot[None]) -> list[str]:
    return [key.description for key in pilot.app.screen.query_one(Keys).query("FooterKey")]


def test_from_a_contacts_page_notes_are_written_and_enrollments_acted_on(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, ContactScreen)
        assert {"New note", "Talks", "Why"} <= set(_keys(pilot))
        await press(pilot, "right_square_bracket", "p")
        assert said(pilot) == "Asked to pause 1 enrollment; takes effect at the next tick"
        await press(pilot, "n", *"phone", "enter")
        form = pilot.app.screen
        assert isinstance(form, NoteScreen)
        area = form.query_one(LongText)
        area.focus()
        await press(pilot, "#", *"suc", "enter", *"ok", "ctrl+s")
        assert isinstance(pilot.app.screen, ContactScreen)
        assert said(pilot).endswith("at the next tick; a talk by phone belongs to its deal")
        await press(pilot, "l", "n")
        assert [choice.label for choice in pilot.app.screen.choices] == ["Introduction"]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, TalksAboutScreen)

    drive(office, *ANN, then=then)
    assert [asked["by"] for asked in _inbox("pause")] == ["amy"]
    (note,) = [row for row in _inbox("record") if "body" in json.dumps(row)]
    assert "Spoke with Łucja.\\nok" in json.dumps(note, ensure_ascii=False) and "phone" in json.dumps(note)


def test_a_snippet_stands_in_a_long_answer_of_a_playbook_to_be_edited(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> str:
        area = pilot.app.screen.query_one(LongText)
        area.focus()
        await press(pilot, "#", *"suc", "enter", "#", *"no", "enter")
        return area.text

    assert drive(office, *ANN, "l", "n", "enter", then=then) == "Spoke with Łucja.\n#no\n"


def test_tasks_are_completed_from_the_page_of_the_deal_they_are_about(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> str:
        await press(pilot, "left_square_bracket", "x")
        return said(pilot)

    assert drive(office, "g", "d", "enter", then=then).startswith("Asked for: Call about ")
    assert [asked["state"] for asked in _inbox("task")] == ["done"]


def test_who_may_only_read_sees_grey_keys_and_writes_nothing(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> bool:
        await press(pilot, "n", "right_square_bracket", "p")
        return isinstance(pilot.app.screen, ContactScreen)

    assert drive(office, *ANN, then=then, user="mute") and not _inbox("pause")


def test_ranges_and_all_rows_are_selected_by_a_key_and_by_click(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[int]:
        counts = []
        table = pilot.app.screen.query_one(PagedTable)
        for keys in (("home", "space", "down", "V"), ("A",), ("A",)):
            await press(pilot, *keys)
            counts.append(len(table.chosen))
        await pilot.click(PagedTable, offset=(1, 2))
        return [*counts, len(table.chosen)]

    every = ("g", "t", "m", "m")
    selected, none, everything, clicked = drive(office, *every, then=then)
    assert (selected, none) == (3, 0) and clicked == everything - 1 > 5


def test_a_field_is_offered_no_key_that_it_takes_as_a_letter(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[str]:
        return _keys(pilot)

    assert drive(office, "g", "c", "f", then=then) == ["Back", "Help"]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
def test_picture_of_a_note(size: tuple[int, int], office: Settings, snapshot: SnapshotAssertion) -> None:
    async def draw() -> str:
        async with driven(CRM, "g", "c", "enter", "n", settings=office, size=size) as pilot:
            return picture(pilot)

    assert asyncio.run(draw()) == snapshot(extension_class=SVGImageSnapshotExtension)


BOSS = "kenji"


def test_x22_a_gives_tasks_to_a_colleague(shop: Settings) -> None:
    """In the room of tasks; the row says so until the tick, and who comes second is told."""

    async def then(pilot: Pilot[None]) -> None:
        await press(pilot, "m", "m")
        at = next(i for i, row in enumerate(rows(pilot, "tasks")) if not row[1].startswith("("))
        await press(pilot, *["down"] * at, "a")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert pilot.app.screen.question == "Give 1 task to" and "has it." in pilot.app.screen.note
        wanted = next(one.value for one in pilot.app.screen.choices if one.label not in pilot.app.screen.note)
        choices = [one.value for one in pilot.app.screen.choices]
        await press(pilot, *["down"] * choices.index(wanted), "enter")
        assert said(pilot).endswith(f"to be {wanted}'s; takes effect at the next tick")
        [asked] = _inbox("assign")
        assert (asked["to"], asked["by"]) == (wanted, BOSS)
        await press(pilot, "f5")
        assert rows(pilot, "tasks")[at][1].startswith(f"(to {wanted}) ")
        other = next(name for name in choices if name != wanted)
        await press(pilot, "a", *["down"] * choices.index(other), "enter")
        assert said(pilot).startswith("Kenji asked for the task") and len(_inbox("assign")) == 1

    drive(shop, "g", "t", then=then, user=BOSS, size=(120, 30))
