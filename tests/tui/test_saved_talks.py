"""Saved talks, by keys alone: read and edited (P3, P5)."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Static

from runtime.project.loading import Settings
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.talks import saved_talks
from tui.talks.review import ReviewScreen
from tui.talks.saved_talk import SavedTalkScreen

from .driving import STORE, rows, said
from .hearings import HEARING, TALKS, ask, drive, form, press


def test_p3_an_edit_makes_a_revision_and_both_can_be_read(told: Settings) -> None:
    async def change(pilot: Pilot[None]) -> None:
        assert rows(pilot, "talks")[0][1:] == ("佐藤 花子", "–", "ヒアリング", "つながった", "amy", "1")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, SavedTalkScreen)
        assert "予算: €1,250.00" in str(pilot.app.screen.query_one("#talk-said", Static).content)
        await press(pilot, "C")
        assert {n: t for n, t in form(pilot).typed.items() if t} == {
            "plan": "paid", "visits": "9", "signer": "A B", "budget": "1250.00", "start": "2026-04-01",
            "agency": "yes", "likes": "a, b", "keeper": "amy", "talk": "会話", "outcome": "つながった",
        }  # fmt: skip
        field = next(one for one in form(pilot).fields if one.asked == "budget")
        field.field.focus()
        await press(pilot, *["backspace"] * 7, "tab", *["backspace"] * 10, *"2026-05-01", "ctrl+s")
        review = pilot.app.screen
        assert isinstance(review, ReviewScreen)
        assert review.review.follows == () and [one.new for one in review.review.changes][-1] == "May 1, 2026"
        assert "予算" not in review.review.note
        await press(pilot, "enter")
        assert said(pilot) == "Saved: ヒアリング, 佐藤 花子, revision 2, 2 answers changed"
        assert [row[6] for row in rows(pilot, "talks")] == ["2"]
        await press(pilot, "enter")
        assert [row[0] for row in rows(pilot, "revisions")] == ["2", "1"]
        await press(pilot, "down", "enter")
        assert "予算: €1,250.00" in str(pilot.app.screen.query_one("#talk-said", Static).content)
        assert [row[0] for row in rows(pilot, "revisions")] == ["2", "1"]

    drive(told, *TALKS, then=change)
    assert ask("SELECT count(*) FROM segue_inbox WHERE kind = 'enroll'") == [(1,)]
    [(last,)] = ask("SELECT id FROM segue_talk WHERE revision = 2")
    with Store.open(STORE) as store, store.session() as session:
        kept = saved_talks.found(session, f"{record_id('contact', 'ann') % 256}.{last}")
        assert session.run("SELECT count(*) FROM segue_answer WHERE talk_id = :id AND name = 'budget'", id=kept.id) == [
            (0,)
        ]


def test_p5_talks_of_a_record_stand_beside_it_while_it_is_looked_for(told: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert [row[1:4] for row in rows(pilot, "talks")] == [("佐藤 花子", "–", "ヒアリング")]
        await press(pilot, "q", "f", *["backspace"] * 3, *"bob", "enter", "l")
        assert rows(pilot, "talks") == []

    drive(told, *HEARING[:-1], "l", then=look)


def test_p3_leaving_an_edit_asks_first(told: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "escape", "n")
        assert form(pilot).typed["plan"] == "trial"
        await press(pilot, "escape", "y")
        assert isinstance(pilot.app.screen, SavedTalkScreen)

    drive(told, *TALKS, "enter", "C", then=leave)
    assert ask("SELECT count(*) FROM segue_talk") == [(1,)]
