"""The form of a playbook, by keys alone: questions that come and go, and what is told beside them (P3, P4)."""

from __future__ import annotations

from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store.store import Store
from tui.talks.review import ReviewScreen

from .driving import STORE, said, settled
from .hearings import HEARING, ask, asked, drive, focused, form, press, wrong


def test_p4_questions_come_and_go_with_the_answers_and_what_was_typed_stays(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert "signer" not in asked(pilot) and focused(pilot) == "plan"
        await press(pilot, "tab", *"9")
        assert "signer" in asked(pilot)
        assert any("heavy rider" in str(one.content) for one in pilot.app.screen.query(".spoken") if one.display)
        await press(pilot, "enter", *"Eva", "up", "backspace", *"1")
        assert "signer" not in asked(pilot)
        await press(pilot, *"0")
        assert form(pilot).typed["signer"] == "Eva" and "signer" in asked(pilot)

    drive(hearings, *HEARING, then=look)


def test_what_is_to_be_said_holds_a_name_as_it_is_written(hearings: Settings) -> None:
    """Square brackets are no markup, and what a terminal would obey does not reach it."""
    with Store.open(STORE) as store, store.session() as session, session.transaction():
        session.run("UPDATE contact SET first_name = '[b]Ann[/i]' || char(27) || '[2J'")

    async def look(pilot: Pilot[None]) -> None:
        spoken = next(str(one.content) for one in pilot.app.screen.query(".spoken") if one.display)
        assert "[b]Ann[/i]" in spoken
        drawn = ["".join(part.text for part in strip) for strip in pilot.app.screen._compositor.render_strips()]
        assert any("[b]Ann[/i]" in line for line in drawn) and not any("\x1b" in line for line in drawn)

    drive(hearings, *HEARING, then=look)


def test_p3_a_wrong_answer_is_told_beside_its_question_while_it_is_typed(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, "tab", *"often", "tab", *"cheap", "tab", *"soon")
        beside = wrong(pilot)
        assert beside["visits"] == "`often` is no number: write a number, such as 12.5"
        assert beside["budget"].startswith("`cheap` is no amount") and beside["start"].startswith("`soon` is no day")
        await press(pilot, *["backspace"] * 4, *"2026-04-01")
        assert set(wrong(pilot)) == {"visits", "budget"}
        assert form(pilot).typed["visits"] == "often"

    drive(hearings, *HEARING, then=look)


def test_options_are_chosen_by_arrows_numbers_and_the_mouse(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        talk = form(pilot)
        plan, likes = (next(f for f in talk.fields if f.asked == name).field for name in ("plan", "likes"))
        await press(pilot, "right", "right")
        assert talk.typed["plan"] == "trial"
        await press(pilot, "backspace", "q", "g")  # letters lead nowhere from here
        assert talk.typed["plan"] == "" and pilot.app.screen is talk
        await pilot.click(plan, offset=(3, 0))
        await settled(pilot)
        assert talk.typed["plan"] == "free"
        likes.focus()
        await press(pilot, "right", "right", "space", "right", "right", "space", "1")
        assert talk.typed["likes"] == "a, b, a_c"
        await press(pilot, "2")
        assert talk.typed["likes"] == "a, a_c"

    drive(hearings, *HEARING, then=look)


def test_p4_what_is_missing_is_told_where_it_is_and_nothing_is_saved(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, "tab", *"9", "ctrl+s")
        assert said(pilot) == "Not saved yet: 2 answers needed or wrong"
        assert wrong(pilot) == {"signer": "needed to save", "outcome": "needed to save"}
        assert focused(pilot) == "signer"

    drive(hearings, *HEARING, then=look)
    assert ask("SELECT count(*) FROM segue_talk") == [(0,)]


def test_p3_the_value_of_the_record_stands_where_nothing_is_typed(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        words = [str(one.content) for one in pilot.app.screen.query(".words")]
        assert "どのプランですか *  → plan  now free" in words
        await press(pilot, *["tab"] * 8, "2", "ctrl+s")
        assert isinstance(pilot.app.screen, ReviewScreen) and pilot.app.screen.review.changes == ()
        await press(pilot, "enter")
        assert said(pilot).startswith("Saved: ヒアリング, 佐藤 花子, 3 answers")

    drive(hearings, *HEARING, then=look)
    assert ask("SELECT name, text FROM segue_answer WHERE name IN ('plan', 'likes') ORDER BY name") == [
        ("likes", ";a;"),
        ("plan", "free"),
    ]
