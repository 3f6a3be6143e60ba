"""A record is deleted by somebody else under an open note, card and playbook: each says so, and nothing is written of
who is gone (X9); what was typed stays in sight."""

from __future__ import annotations

from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from runtime.project.loading import Settings
from segue.main import main
from tui.app import SegueApp
from tui.dialogs.confirm import ConfirmScreen
from tui.frame.desk import Desk
from tui.pages.note import NoteScreen
from tui.talks.talk import TalkScreen
from tui.today.home import HomeScreen

from .driving import drive, press, said, settled
from .shop import screens

_GONE = "was deleted meanwhile"


def _delete(of: str, name: str) -> None:
    assert main(["delete", of, name, "--as", "kenji", "--yes"]) == 0


def test_x9_what_is_open_about_who_is_deleted_says_so(shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async def look(pilot: Pilot[None]) -> None:
        app = cast(SegueApp, pilot.app)
        desk = cast(Desk, app.desk)
        known = screens(desk)
        pages = {name: known[name](desk) for name in ("form", "page of a deal", "page of a contact")}
        form, deal, contact = pages.values()
        assert isinstance(form, TalkScreen)
        name = desk.ask(lambda s: s.one("SELECT external_id FROM contact WHERE id = :id", id=form.record))
        for page in pages.values():
            app.push_screen(page)
            await settled(pilot)
            await press(pilot, *{form: ("3",), deal: ("s",), contact: ("n", *"mail")}[page])
        _delete("contact", name)
        _delete("deal", "D1")
        assert main(["run", "--until", "+1 minute", "--as", "kenji"]) == 0
        app.beat()
        await settled(pilot)
        waiting = desk.ask(lambda s: s.one("SELECT count(*) FROM segue_inbox"))

        await press(pilot, "ctrl+s")
        note = app.screen
        assert isinstance(note, NoteScreen) and _GONE in str(note.query_one("#refused", Static).content)
        assert note.query(Input).first().value == "mail"
        await press(pilot, "escape")
        assert "was deleted" in str(contact.query_one("#properties", Static).content)

        await press(pilot, "escape", "enter")  # the deal's move, that was being chosen
        assert app.screen is deal and "There is no deal" in said(pilot)
        assert "was deleted" in str(deal.query_one("#properties", Static).content)
        assert str(deal.query_one("#place", Static).content) == ""
        await press(pilot, "s")
        assert said(pilot) == "No card is selected"

        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, ConfirmScreen) and _GONE in app.screen.note
        await press(pilot, "y")
        assert isinstance(app.screen, HomeScreen)
        assert desk.ask(lambda s: s.one("SELECT count(*) FROM segue_draft WHERE by_user = 'zofia'")) == 0
        assert desk.ask(lambda s: s.one("SELECT count(*) FROM segue_inbox")) == waiting

    drive(shop, then=look, user="zofia", size=(100, 24))
