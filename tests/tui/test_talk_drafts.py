"""What a form is left by, by keys alone: saved after a look, or put aside and taken up again (P5, X20)."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store.ids import record_id
from runtime.store.store import Store
from tui.dialogs.confirm import ConfirmScreen
from tui.talks.playbooks import PlaybooksScreen
from tui.talks.review import ReviewScreen
from tui.talks.talk import TalkScreen

from .driving import STORE, rows, said
from .hearings import HEARING, ROOM, TAKEN_UP, ask, drive, form, press, wrong


def test_p5_the_review_says_what_changes_and_saving_writes_it_at_once(aside: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ReviewScreen)
        review = pilot.app.screen.review
        assert [(one.property, one.old, one.new) for one in review.changes] == [
            ("Plan", "free", "paid"),
            ("Visits", "2", "9"),
            ("Renewal", "", "Apr 1, 2026"),
            ("Tags", "a", "a, b"),
        ]
        assert "Send the offer" in "".join(review.follows) and "Who signs? A B" in review.note
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, TalkScreen)
        await press(pilot, "ctrl+s", "enter")
        assert isinstance(pilot.app.screen, PlaybooksScreen)
        assert rows(pilot, "drafts") == []
        assert rows(pilot, "playbooks")[1][3] == "1"

    drive(aside, *TAKEN_UP, then=look)
    [(by, outcome, revision)] = ask("SELECT by_user, outcome, revision FROM segue_talk")
    assert (by, outcome, revision) == ("amy", "つながった", 1)
    assert ask("SELECT whole FROM segue_answer WHERE name = 'budget'") == [(125000,)]
    assert ask("SELECT count(*) FROM segue_inbox WHERE kind = 'enroll'") == [(1,)]
    assert ask("SELECT count(*) FROM segue_draft") == [(0,)]
    assert ask("SELECT act, refused FROM segue_audit") == [("talk", 0)]


def test_p5_enter_after_the_last_question_looks_at_what_would_be_saved(aside: Settings) -> None:
    async def screen(pilot: Pilot[None]) -> object:
        return type(pilot.app.screen)

    assert drive(aside, *TAKEN_UP, "shift+tab", "enter", then=screen) is ReviewScreen


def test_x20_who_is_on_the_line_is_asked_where_there_are_several(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, *ROOM, "enter", *"sea", "enter", "enter")
        assert said(pilot) == "This deal has no contact to talk to: link one first"
        await press(pilot, "f", *["backspace"] * 3, *"road", "enter", "enter")
        assert form(pilot).person == record_id("contact", "cid")
        await press(pilot, "escape", "enter", *"rail", "enter", "enter")
        assert {str(row[0]) for row in rows(pilot, "people-there")} == {"佐藤 花子", "Łucja Nowak"}
        await press(pilot, "enter")
        bob = record_id("contact", "bob")
        assert form(pilot).person == bob
        await press(pilot, *"All", "tab", *"4", "ctrl+s")
        review = pilot.app.screen
        assert isinstance(review, ReviewScreen)
        assert [(one.record, one.new) for one in review.review.changes] == [("Łucja Nowak", "4")]
        await press(pilot, "enter")

    drive(hearings, then=look)
    assert ask("SELECT contact_id FROM segue_talk") == [(record_id("contact", "bob"),)]


def test_p5_what_was_typed_is_put_aside_by_itself_and_taken_up_again(hearings: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        await press(pilot, "tab", *"often")
        assert ask("SELECT count(*) FROM segue_draft") == [(1,)]  # the first question was left
        await press(pilot, "escape")
        assert said(pilot).startswith("Put aside: ヒアリング, 佐藤 花子")
        assert rows(pilot, "drafts")[0][:3] == ("ヒアリング", "佐藤 花子", "2")

    async def take_up(pilot: Pilot[None]) -> None:
        assert {n: t for n, t in form(pilot).typed.items() if t} == {"plan": "paid", "visits": "often"}
        assert "visits" in wrong(pilot)
        await press(pilot, "tab", "shift+tab")
        field = next(one for one in form(pilot).fields if one.asked == "plan")
        assert field.text == "paid"

    drive(hearings, *HEARING, "3", then=leave)
    drive(hearings, *ROOM, "tab", "enter", then=take_up)
    assert ask("SELECT count(*) FROM segue_draft") == [(1,)]


@pytest.mark.parametrize("away", [("ctrl+q",), ("shift+tab", "shift+tab", "question_mark", "escape", "ctrl+q")])
def test_p5_whoever_leaves_another_way_loses_nothing(hearings: Settings, away: tuple[str, ...]) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        for key in away:
            await pilot.press(key)

    drive(hearings, *HEARING, "tab", *"7", then=leave)
    [(answers,)] = ask("SELECT answers FROM segue_draft")
    assert answers == '{"visits":"7"}'


def test_p5_a_form_in_which_nothing_was_typed_leaves_no_draft(hearings: Settings) -> None:
    assert drive(hearings, *HEARING, "tab", *"7", "tab", "shift+tab", "backspace", "escape") == ""
    assert ask("SELECT count(*) FROM segue_draft") == [(0,)]


def test_p5_d_lets_a_draft_go_after_a_question(hearings: Settings) -> None:
    drive(hearings, *HEARING, "3", "escape", "D", "n")
    assert ask("SELECT count(*) FROM segue_draft") == [(1,)]
    assert drive(hearings, *ROOM, "D", "y") == "Let go: the draft of ヒアリング"
    assert ask("SELECT count(*) FROM segue_draft") == [(0,)]


def test_a_store_that_is_locked_while_one_leaves_keeps_the_form_open(hearings: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        desk = pilot.app.desk
        with Store.open(STORE) as store, store.session() as other:
            desk.store.engine.dispose()
            other.begin()
            await press(pilot, "escape")
            other.rollback()
        assert isinstance(pilot.app.screen, ConfirmScreen) and "locked by another process" in pilot.app.screen.note
        await press(pilot, "n")
        assert "locked by another process" in said(pilot) and form(pilot).typed["plan"] == "paid"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PlaybooksScreen)

    drive(hearings, *HEARING, "3", then=leave)
    assert ask("SELECT count(*) FROM segue_draft") == [(1,)]
