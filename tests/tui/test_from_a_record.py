"""From the page of a record: its contact is invited to a survey, a form is filled in for them (P10, P13)."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store.store import Store
from tui.dialogs.choosing import ChoiceScreen
from tui.dialogs.confirm import ConfirmScreen
from tui.pages.contact import ContactScreen
from tui.talks.form_filled import FilledScreen
from tui.talks.inviting import InvitedScreen
from tui.talks.review import ReviewScreen
from tui.talks.whom import PersonScreen

from .driving import STORE, drive, picture, press, said, text
from .sales import with_rules

MORE = """
survey nps "Would you recommend us?" {
  scale: 0..10
  not_again_within: 30 days
}
form demo "Ask for a demo" {
  ask email "E-mail": text -> contact.email required
  ask country "Country": text -> contact.country
  ask company "Your company": text -> company.name
  ask keeper "Whom do you know?": user
  on submit { task call "Ring {{ contact.email | default: 'them' }}" to amy }
}
"""
ANN = ("g", "c", "f", *"Łucja", "enter", "enter")
COMPANY = ("g", "y", "enter")


@pytest.fixture
def office(office: Settings) -> Settings:
    return with_rules(office, MORE)


def _ask(sql: str) -> list[Any]:
    with Store.open(STORE) as store, store.session() as session:
        return list(session.run(sql))


def test_p12_a_contact_is_invited_and_the_token_is_told_once(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> None:
        await press(pilot, "i", "escape")
        assert isinstance(pilot.app.screen, ContactScreen) and not _ask("SELECT 1 FROM segue_invitation")
        await press(pilot, "i", "enter")
        assert isinstance(pilot.app.screen, InvitedScreen)
        token = text(pilot, "#invited-where")
        assert len(token) > 30 and token not in str(_ask("SELECT * FROM segue_invitation"))
        await press(pilot, "enter")
        assert said(pilot) == "Invited: Łucja Nowak to Would you recommend us?"
        with Store.open(STORE) as store, store.session() as session, session.transaction():
            session.run("INSERT INTO segue_talk (bucket, id, kind, name, object, record_id, contact_id, revision, at)"
                        " SELECT bucket, 7, 'survey', 'nps', 'contact', contact_id, contact_id, 1, at"
                        " FROM segue_invitation")  # fmt: skip
        await press(pilot, "i", "enter")
        assert said(pilot).startswith("Łucja Nowak answered Would you recommend us? lately and is not asked again")

    drive(office, *ANN, then=then)
    assert _ask("SELECT count(*) FROM segue_audit WHERE act = 'survey'") == [(2,)]


def test_p13_a_form_is_filled_in_for_a_contact_of_a_company(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> None:
        await press(pilot, "F", "enter")
        assert isinstance(pilot.app.screen, PersonScreen)
        await press(pilot, "enter")
        form = pilot.app.screen
        assert isinstance(form, FilledScreen) and form.typed["email"] == "ann@x.example"
        await press(pilot, *"PL", "enter", *"Beta", "enter", "right", "escape")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "n", "ctrl+s")
        review = pilot.app.screen
        assert isinstance(review, ReviewScreen)
        told = review.review
        assert [(one.record, one.property, one.old, one.new) for one in told.changes] == [
            ("Łucja Nowak", "Country", "", "PL")
        ]
        assert told.besides == ("the contact is tied to a new company Beta",)
        assert told.follows == ("A task (call) for amy: Ring ann@x.example.",)
        assert not _ask("SELECT 1 FROM segue_inbox")
        await press(pilot, "enter")
        assert said(pilot) == "Sent: Ask for a demo, 4 answers; what follows begins with the next tick"

    drive(office, *COMPANY, then=then)
    assert _ask("SELECT count(*) FROM segue_talk WHERE kind = 'form'") == [(1,)]
    assert _ask("SELECT by_user FROM segue_audit WHERE act = 'form'") == [("amy",)]
    assert _ask("SELECT kind FROM segue_inbox WHERE kind = 'enroll'") == [("enroll",)]


def test_a_viewer_invites_nobody_and_is_told(office: Settings) -> None:
    async def then(pilot: Pilot[None]) -> list[str]:
        told = []
        for key in ("i", "F"):
            await press(pilot, key)
            assert not isinstance(pilot.app.screen, ChoiceScreen)
            told.append(said(pilot))
        return told

    invite, form = drive(office, *ANN, then=then, user="mute")
    assert "Mute is a viewer and may not invite to surveys" in invite and "may not fill in forms" in form


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
def test_pictures(size: tuple[int, int], office: Settings, snapshot: SnapshotAssertion) -> None:
    async def draw(pilot: Pilot[None]) -> list[str]:
        await press(pilot, "i")
        which = picture(pilot)
        await press(pilot, "escape", "F", "enter", *"PL", "enter", *"Beta")
        form = picture(pilot)
        await press(pilot, "ctrl+s")
        return [which, form, picture(pilot)]

    shown = SVGImageSnapshotExtension
    which, form, review = drive(office, *ANN, then=draw, size=size)
    assert which == snapshot(name="survey", extension_class=shown)
    assert form == snapshot(name="form", extension_class=shown)
    assert review == snapshot(name="review", extension_class=shown)
