"""Playbooks in the terminal app, by keys alone: run one, put it aside, save it, edit it (P1-P5, X20)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot
from textual.widgets import Static

from runtime.access.roles import Actor
from runtime.project.loading import Settings, load
from runtime.store import meta
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.talks import drafts, talks
from runtime.talks.opening import named, opened
from runtime.talks.questions import Sitting
from tests.runtime.engine.harness import PROJECT, SCHEMA, World
from tui.confirm import ConfirmScreen
from tui.playbooks import PlaybooksScreen
from tui.talk import TalkScreen
from tui.talk_form import FormScreen
from tui.talk_review import ReviewScreen
from tui.talk_saved import SavedTalkScreen

from .driving import STORE, Then, copied, driven, picture, rows, said, settled

SETTINGS = (
    PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    .replace("rep: {name: Rep One,", "rep: {name: Rep One, role: rep,")
    .replace("amy: {name: Amy Two,", "amy: {name: Amy Two, role: operator,")
    .replace("mute: {name: Mute}", "mute: {name: Mute, role: viewer}")
)
RULES = """\
playbook hearing "ヒアリング" for contact {
  outcome: つながった, 留守
  say "名乗り、{{ contact.first_name | default: 'お客様' }}さんの都合を聞く。"
  ask plan "どのプランですか" -> contact.plan required
  ask visits "How often do they ride?" -> contact.visits
  when answers.visits > 5 {
    say "A heavy rider: ask who signs."
    ask signer "Who signs?": text required
  }
  ask budget "予算": money
  ask start "開始希望日" -> contact.renewal
  ask agency "代理店経由ですか": bool
  ask likes "What do they like?" -> contact.tags
  ask keeper "Who looks after them?": user
  ask talk "会話内容": long_text
  on save { task todo "Send the offer" }
}

playbook handover "Hand over" for deal with contact {
  ask what "What was agreed?": text required
  ask visits "How often?" -> contact.visits
}
"""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", project=SETTINGS)
    try:
        world.contact("ann", first_name="花子", last_name="佐藤", plan="free", visits=2, tags=["a"])
        world.contact("bob", first_name="Łucja", last_name="Nowak")
        world.contact("cid", first_name="Cid", last_name="Moon")
        for name, people in (("rail", ("ann", "bob")), ("road", ("cid",)), ("sea", ())):
            world.record("deal", name, "03-02 08:00", name=f"{name} deal")
            for one in people:
                world.link("deal", name, "contact", one, "03-02 08:01")
        world.run_to("03-02 09:00")
        with world.store.session() as session, session.transaction():
            meta.write(session, "clock_kind", "virtual")
    finally:
        world.close()
    for name, text in (("segue.yaml", SETTINGS), ("schema.yaml", SCHEMA), ("rules.segue", RULES)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def project(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(office, tmp_path, monkeypatch)


def _drive(
    project: Settings, *keys: str, then: Then | None = None, user: str = "amy", size: tuple[int, int] = (100, 40)
) -> Any:
    async def drive() -> Any:
        async with driven(STORE, settings=project, user=user, size=size) as pilot:
            await _press(pilot, *keys)
            return await then(pilot) if then else said(pilot)

    return asyncio.run(drive())


async def _press(pilot: Pilot[None], *keys: str) -> None:
    """A text is typed in one go; after any other key all is waited for that it sets off."""
    for i, key in enumerate(keys):
        await pilot.press(key)
        if len(key) > 1 or len((*keys[i + 1 :], "the end")[0]) > 1:
            await settled(pilot)


def _form(pilot: Pilot[None]) -> FormScreen:
    assert isinstance(pilot.app.screen, FormScreen)
    return pilot.app.screen


def _asked(pilot: Pilot[None]) -> list[str]:
    """The questions in sight."""
    return [field.asked for field in _form(pilot).fields if field.display]


def _wrong(pilot: Pilot[None]) -> dict[str, str]:
    """What is told beside the questions in sight."""
    told = {field.asked: field.query_one(".wrong", Static) for field in _form(pilot).fields if field.display}
    return {name: str(one.content).removeprefix("↑ ") for name, one in told.items() if one.display}


def _focused(pilot: Pilot[None]) -> str:
    return next(field.asked for field in _form(pilot).fields if field.field.has_focus)


def _ask(sql: str, **values: object) -> list[tuple[Any, ...]]:
    with Store.open(STORE) as opened, opened.session() as session:
        return session.run(sql, **values)


AMY = Actor("amy", "operator")
ROOM = ("g", "p")
HEARING = (*ROOM, "down", "enter", *"ann", "enter", "enter")  # the second playbook, with ann


TYPED = {
    "plan": "paid", "visits": "9", "signer": "A B", "budget": "1250", "start": "2026-04-01", "agency": "yes",
    "likes": "a, b", "keeper": "amy", "talk": "会話", "outcome": "つながった",
}  # fmt: skip
TAKEN_UP = (*ROOM, "tab", "enter")
TALKS = (*ROOM, "down", "l")


@pytest.fixture
def filled(project: Settings) -> Settings:
    """All is answered with ann, and put aside."""
    with Store.open(STORE) as store, store.session() as session:
        drafts.put_aside(_opened(project, session), TYPED, AMY)
    return project


@pytest.fixture
def told(project: Settings) -> Settings:
    """A talk is saved with ann."""
    answers = {name: text for name, text in TYPED.items() if name != "outcome"}
    with Store.open(STORE) as store, store.session() as session:
        talks.run(load(project.root), _opened(project, session), answers, TYPED["outcome"], AMY)
    return project


def _opened(project: Settings, session: Session) -> Sitting:
    loaded = load(project.root)
    return opened(session, loaded, named(loaded, "playbook", "hearing"), "ann")


SMALL, LARGE = (80, 24), (200, 60)


# --- the room -------------------------------------------------------------------------------------


def test_p1_the_room_lists_playbooks_and_my_drafts(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        shown = [(row[0], row[1], row[3], row[6]) for row in rows(pilot, "playbooks")]
        assert shown == [("Hand over", "deal", "0", "–"), ("ヒアリング", "contact", "0", "–")]
        assert rows(pilot, "drafts") == []

    _drive(project, *ROOM, then=look)


def test_p1_a_viewer_runs_nothing_and_is_told_so(project: Settings) -> None:
    told = _drive(project, *ROOM, "enter", user="mute")
    assert "Mute is a viewer and may not run playbooks" in told


# --- the form -------------------------------------------------------------------------------------


def test_p4_questions_come_and_go_with_the_answers_and_what_was_typed_stays(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert "signer" not in _asked(pilot) and _focused(pilot) == "plan"
        await _press(pilot, "tab", *"9")
        assert "signer" in _asked(pilot)
        assert any("heavy rider" in str(one.content) for one in pilot.app.screen.query(".spoken") if one.display)
        await _press(pilot, "enter", *"Eva", "up", "backspace", *"1")
        assert "signer" not in _asked(pilot)
        await _press(pilot, *"0")
        assert _form(pilot).typed["signer"] == "Eva" and "signer" in _asked(pilot)

    _drive(project, *HEARING, then=look)


def test_what_is_to_be_said_holds_a_name_as_it_is_written(project: Settings) -> None:
    """Square brackets are no markup, and what a terminal would obey does not reach it."""
    with Store.open(STORE) as store, store.session() as session, session.transaction():
        session.run("UPDATE contact SET first_name = '[b]Ann[/i]' || char(27) || '[2J'")

    async def look(pilot: Pilot[None]) -> None:
        spoken = next(str(one.content) for one in pilot.app.screen.query(".spoken") if one.display)
        assert "[b]Ann[/i]" in spoken
        drawn = ["".join(part.text for part in strip) for strip in pilot.app.screen._compositor.render_strips()]
        assert any("[b]Ann[/i]" in line for line in drawn) and not any("\x1b" in line for line in drawn)

    _drive(project, *HEARING, then=look)


def test_p3_a_wrong_answer_is_told_beside_its_question_while_it_is_typed(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await _press(pilot, "tab", *"often", "tab", *"cheap", "tab", *"soon")
        wrong = _wrong(pilot)
        assert wrong["visits"] == "`often` is no number: write a number, such as 12.5"
        assert wrong["budget"].startswith("`cheap` is no amount") and wrong["start"].startswith("`soon` is no day")
        await _press(pilot, *["backspace"] * 4, *"2026-04-01")
        assert set(_wrong(pilot)) == {"visits", "budget"}
        assert _form(pilot).typed["visits"] == "often"

    _drive(project, *HEARING, then=look)


def test_options_are_chosen_by_arrows_numbers_and_the_mouse(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        form = _form(pilot)
        plan, likes = (next(f for f in form.fields if f.asked == name).field for name in ("plan", "likes"))
        await _press(pilot, "right", "right")
        assert form.typed["plan"] == "trial"
        await _press(pilot, "backspace", "q", "g")  # letters lead nowhere from here
        assert form.typed["plan"] == "" and pilot.app.screen is form
        await pilot.click(plan, offset=(3, 0))
        await settled(pilot)
        assert form.typed["plan"] == "free"
        likes.focus()
        await _press(pilot, "right", "right", "space", "right", "right", "space", "1")
        assert form.typed["likes"] == "a, b, a_c"
        await _press(pilot, "2")
        assert form.typed["likes"] == "a, a_c"

    _drive(project, *HEARING, then=look)


def test_p4_what_is_missing_is_told_where_it_is_and_nothing_is_saved(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await _press(pilot, "tab", *"9", "ctrl+s")
        assert said(pilot) == "Not saved yet: 2 answers needed or wrong"
        assert _wrong(pilot) == {"signer": "needed to save", "outcome": "needed to save"}
        assert _focused(pilot) == "signer"

    _drive(project, *HEARING, then=look)
    assert _ask("SELECT count(*) FROM segue_talk") == [(0,)]


def test_p3_the_value_of_the_record_stands_where_nothing_is_typed(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        words = [str(one.content) for one in pilot.app.screen.query(".words")]
        assert "どのプランですか *  → plan  now free" in words
        await _press(pilot, *["tab"] * 8, "2", "ctrl+s")
        assert isinstance(pilot.app.screen, ReviewScreen) and pilot.app.screen.review.changes == ()
        await _press(pilot, "enter")
        assert said(pilot).startswith("Saved: ヒアリング, 花子 佐藤, 3 answers")

    _drive(project, *HEARING, then=look)
    assert _ask("SELECT name, text FROM segue_answer WHERE name IN ('plan', 'likes') ORDER BY name") == [
        ("likes", ";a;"),
        ("plan", "free"),
    ]


# --- saving ---------------------------------------------------------------------------------------


def test_p5_the_review_says_what_changes_and_saving_writes_it_at_once(filled: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await _press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ReviewScreen)
        review = pilot.app.screen.review
        assert [(one.property, one.old, one.new) for one in review.changes] == [
            ("Plan", "free", "paid"),
            ("Visits", "2", "9"),
            ("Renewal", "", "Apr 1, 2026"),
            ("Tags", "a", "a, b"),
        ]
        assert "Send the offer" in "".join(review.follows) and "Who signs? A B" in review.note
        await _press(pilot, "escape")
        assert isinstance(pilot.app.screen, TalkScreen)
        await _press(pilot, "ctrl+s", "enter")
        assert isinstance(pilot.app.screen, PlaybooksScreen)
        assert rows(pilot, "drafts") == []
        assert rows(pilot, "playbooks")[1][3] == "1"

    _drive(filled, *TAKEN_UP, then=look)
    [(by, outcome, revision)] = _ask("SELECT by_user, outcome, revision FROM segue_talk")
    assert (by, outcome, revision) == ("amy", "つながった", 1)
    assert _ask("SELECT whole FROM segue_answer WHERE name = 'budget'") == [(125000,)]
    assert _ask("SELECT count(*) FROM segue_inbox WHERE kind = 'enroll'") == [(1,)]
    assert _ask("SELECT count(*) FROM segue_draft") == [(0,)]
    assert _ask("SELECT act, refused FROM segue_audit") == [("talk", 0)]


def test_p5_enter_after_the_last_question_looks_at_what_would_be_saved(filled: Settings) -> None:
    async def screen(pilot: Pilot[None]) -> object:
        return type(pilot.app.screen)

    assert _drive(filled, *TAKEN_UP, "shift+tab", "enter", then=screen) is ReviewScreen


def test_x20_who_is_on_the_line_is_asked_where_there_are_several(project: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await _press(pilot, *ROOM, "enter", *"sea", "enter", "enter")
        assert said(pilot) == "This deal has no contact to talk to: link one first"
        await _press(pilot, "f", *["backspace"] * 3, *"road", "enter", "enter")
        assert _form(pilot).person == record_id("contact", "cid")
        await _press(pilot, "escape", "enter", *"rail", "enter", "enter")
        assert {str(row[0]) for row in rows(pilot, "people-there")} == {"花子 佐藤", "Łucja Nowak"}
        await _press(pilot, "enter")
        bob = record_id("contact", "bob")
        assert _form(pilot).person == bob
        await _press(pilot, *"All", "tab", *"4", "ctrl+s")
        review = pilot.app.screen
        assert isinstance(review, ReviewScreen)
        assert [(one.record, one.new) for one in review.review.changes] == [("Łucja Nowak", "4")]
        await _press(pilot, "enter")

    _drive(project, then=look)
    assert _ask("SELECT contact_id FROM segue_talk") == [(record_id("contact", "bob"),)]


# --- put aside ------------------------------------------------------------------------------------


def test_p5_what_was_typed_is_put_aside_by_itself_and_taken_up_again(project: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        await _press(pilot, "tab", *"often")
        assert _ask("SELECT count(*) FROM segue_draft") == [(1,)]  # the first question was left
        await _press(pilot, "escape")
        assert said(pilot).startswith("Put aside: ヒアリング, 花子 佐藤")
        assert rows(pilot, "drafts")[0][:3] == ("ヒアリング", "花子 佐藤", "2")

    async def take_up(pilot: Pilot[None]) -> None:
        assert {n: t for n, t in _form(pilot).typed.items() if t} == {"plan": "paid", "visits": "often"}
        assert "visits" in _wrong(pilot)
        await _press(pilot, "tab", "shift+tab")
        field = next(one for one in _form(pilot).fields if one.asked == "plan")
        assert field.text == "paid"

    _drive(project, *HEARING, "3", then=leave)
    _drive(project, *ROOM, "tab", "enter", then=take_up)
    assert _ask("SELECT count(*) FROM segue_draft") == [(1,)]


@pytest.mark.parametrize("away", [("ctrl+q",), ("shift+tab", "shift+tab", "question_mark", "escape", "ctrl+q")])
def test_p5_whoever_leaves_another_way_loses_nothing(project: Settings, away: tuple[str, ...]) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        for key in away:
            await pilot.press(key)

    _drive(project, *HEARING, "tab", *"7", then=leave)
    [(answers,)] = _ask("SELECT answers FROM segue_draft")
    assert answers == '{"visits":"7"}'


def test_p5_a_form_in_which_nothing_was_typed_leaves_no_draft(project: Settings) -> None:
    assert _drive(project, *HEARING, "tab", *"7", "tab", "shift+tab", "backspace", "escape") == ""
    assert _ask("SELECT count(*) FROM segue_draft") == [(0,)]


def test_p5_d_lets_a_draft_go_after_a_question(project: Settings) -> None:
    _drive(project, *HEARING, "3", "escape", "D", "n")
    assert _ask("SELECT count(*) FROM segue_draft") == [(1,)]
    assert _drive(project, *ROOM, "D", "y") == "Let go: the draft of ヒアリング"
    assert _ask("SELECT count(*) FROM segue_draft") == [(0,)]


def test_a_store_that_is_locked_while_one_leaves_keeps_the_form_open(project: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        desk = pilot.app.desk  # type: ignore[attr-defined]  # SegueApp
        with Store.open(STORE) as store, store.session() as other:
            desk.store.engine.dispose()
            other.begin()
            await _press(pilot, "escape")
            other.rollback()
        assert isinstance(pilot.app.screen, ConfirmScreen) and "locked by another process" in pilot.app.screen.note
        await _press(pilot, "n")
        assert "locked by another process" in said(pilot) and _form(pilot).typed["plan"] == "paid"
        await _press(pilot, "escape")
        assert isinstance(pilot.app.screen, PlaybooksScreen)

    _drive(project, *HEARING, "3", then=leave)
    assert _ask("SELECT count(*) FROM segue_draft") == [(1,)]


# --- saved talks ----------------------------------------------------------------------------------


def test_p3_an_edit_makes_a_revision_and_both_can_be_read(told: Settings) -> None:
    async def change(pilot: Pilot[None]) -> None:
        assert rows(pilot, "talks")[0][1:] == ("花子 佐藤", "–", "ヒアリング", "つながった", "amy", "1")
        await _press(pilot, "enter")
        assert isinstance(pilot.app.screen, SavedTalkScreen)
        assert "予算: €1,250.00" in str(pilot.app.screen.query_one("#talk-said", Static).content)
        await _press(pilot, "C")
        assert {n: t for n, t in _form(pilot).typed.items() if t} == {
            "plan": "paid", "visits": "9", "signer": "A B", "budget": "1250.00", "start": "2026-04-01",
            "agency": "yes", "likes": "a, b", "keeper": "amy", "talk": "会話", "outcome": "つながった",
        }  # fmt: skip
        field = next(one for one in _form(pilot).fields if one.asked == "budget")
        field.field.focus()
        await _press(pilot, *["backspace"] * 7, "tab", *["backspace"] * 10, *"2026-05-01", "ctrl+s")
        review = pilot.app.screen
        assert isinstance(review, ReviewScreen)
        assert review.review.follows == () and [one.new for one in review.review.changes][-1] == "May 1, 2026"
        assert "予算" not in review.review.note
        await _press(pilot, "enter")
        assert said(pilot) == "Saved: ヒアリング, 花子 佐藤, revision 2, 2 answers changed"
        assert [row[6] for row in rows(pilot, "talks")] == ["2"]
        await _press(pilot, "enter")
        assert [row[0] for row in rows(pilot, "revisions")] == ["2", "1"]
        await _press(pilot, "down", "enter")
        assert "予算: €1,250.00" in str(pilot.app.screen.query_one("#talk-said", Static).content)
        assert [row[0] for row in rows(pilot, "revisions")] == ["2", "1"]

    _drive(told, *TALKS, then=change)
    assert _ask("SELECT count(*) FROM segue_inbox WHERE kind = 'enroll'") == [(1,)]
    [(last,)] = _ask("SELECT id FROM segue_talk WHERE revision = 2")
    with Store.open(STORE) as store, store.session() as session:
        kept = talks.found(session, f"{record_id('contact', 'ann') % 256}.{last}")
        assert session.run("SELECT count(*) FROM segue_answer WHERE talk_id = :id AND name = 'budget'", id=kept.id) == [
            (0,)
        ]


def test_p5_talks_of_a_record_stand_beside_it_while_it_is_looked_for(told: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert [row[1:4] for row in rows(pilot, "talks")] == [("花子 佐藤", "–", "ヒアリング")]
        await _press(pilot, "q", "f", *["backspace"] * 3, *"bob", "enter", "l")
        assert rows(pilot, "talks") == []

    _drive(told, *HEARING[:-1], "l", then=look)


def test_p3_leaving_an_edit_asks_first(told: Settings) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        await _press(pilot, "2", "escape", "n")
        assert _form(pilot).typed["plan"] == "trial"
        await _press(pilot, "escape", "y")
        assert isinstance(pilot.app.screen, SavedTalkScreen)

    _drive(told, *TALKS, "enter", "C", then=leave)
    assert _ask("SELECT count(*) FROM segue_talk") == [(1,)]


# --- pictures -------------------------------------------------------------------------------------

SCREENS: dict[str, tuple[str, tuple[str, ...]]] = {
    "room": ("filled", ROOM),
    "form": ("project", HEARING),
    "wrong": ("project", (*HEARING, "tab", *"9", "tab", "tab", *"cheap", "ctrl+s")),
    "review": ("filled", (*TAKEN_UP, "ctrl+s")),
    "talk": ("told", (*TALKS, "enter")),
    "person": ("project", (*ROOM, "enter", *"rail", "enter", "enter")),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> None:
    async def draw(pilot: Pilot[None]) -> str:
        return picture(pilot)

    fixture, keys = SCREENS[name]
    drawn = _drive(request.getfixturevalue(fixture), *keys, then=draw, size=size)
    assert drawn == snapshot(extension_class=SVGImageSnapshotExtension)
