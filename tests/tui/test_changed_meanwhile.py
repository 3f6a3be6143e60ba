"""A card or a task is changed by somebody else while the app shows it, or asks about it: who comes second is told, and
nothing is done twice."""

from __future__ import annotations

from typing import cast

from textual.pilot import Pilot

from runtime.project.loading import Settings
from segue.main import main
from tui.app import SegueApp
from tui.frame.desk import Desk
from tui.pipelines.card_acts import CardActs
from tui.sequences.enrollment_table import EnrolledKey, EnrollmentTable
from tui.today.task_table import TaskKey, TaskTable

from .driving import drive, press, said
from .shop import screens, shown

_SIZE = (100, 24)


def _desk(pilot: Pilot[None]) -> Desk:
    return cast(Desk, cast(SegueApp, pilot.app).desk)


def _by_kenji(*words: str) -> None:
    assert main([*words, "--as", "kenji"]) == 0


def _waiting(desk: Desk) -> int:
    return int(desk.ask(lambda s: s.one("SELECT count(*) FROM segue_inbox")))


def test_w18_a_card_that_was_moved_meanwhile_is_not_moved_by_who_saw_it_where_it_was(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        desk = _desk(pilot)
        await shown(pilot, screens(desk)["page of a deal"])
        waiting = _waiting(desk)
        await press(pilot, "s")  # the stages to choose from are in sight
        _by_kenji("deal", "move", "D1", "proposal")
        await press(pilot, "enter")
        assert "kenji" in said(pilot) and "proposal" in said(pilot), said(pilot)
        assert _waiting(desk) == waiting + 1, "what kenji asked for alone"

    drive(shop, then=look, user="zofia", size=_SIZE)


def test_w18_a_card_that_was_given_away_meanwhile_is_not_given_by_who_saw_its_owner(shop: Settings) -> None:
    """On its page and on the board; who looks again sees whom it was given to, before any tick."""

    async def look(pilot: Pilot[None]) -> None:
        desk = _desk(pilot)
        for name in ("page of a deal", "deals"):
            await shown(pilot, screens(desk)[name])
            card = cast(CardActs, pilot.app.screen).meant()[0]
            await press(pilot, "a")  # the users to choose from are in sight
            _by_kenji("deal", "assign", card.external_id, "grace")
            waiting = _waiting(desk)
            await press(pilot, "down", "enter")
            assert f"`{card.external_id}` was given away meanwhile, by kenji: grace has it" in said(pilot)
            assert _waiting(desk) == waiting
            await press(pilot, "a", "enter")
            assert said(pilot).startswith("Asked for"), said(pilot)

    drive(shop, then=look, user="zofia", size=_SIZE)


def test_s41_of_two_who_act_on_one_enrollment_the_second_is_told(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        desk = _desk(pilot)
        screen = await shown(pilot, screens(desk)["workflow"])
        await press(pilot, "right_square_bracket")
        table = screen.query(EnrollmentTable).filter("#enrolled").first()
        row = table.row_at(table.cursor)
        assert row is not None and isinstance(row.key, EnrolledKey)
        whom = f"#{row.key.contact_id}"
        _by_kenji("enrollments", "welcome", "--contact", whom, "--pause")
        waiting = _waiting(desk)
        await press(pilot, "p")
        assert said(pilot) == "Nothing to pause; 1 is paused already"
        await press(pilot, "r")
        assert said(pilot) == "Nothing to resume; 1 was asked to be paused, which the next tick does"
        _by_kenji("enrollments", "welcome", "--contact", whom, "--unenroll")
        await press(pilot, "p")
        assert said(pilot) == "Nothing to pause; 1 was asked to be unenrolled already"
        assert _waiting(desk) == waiting + 1, "what kenji asked for alone"

    drive(shop, then=look, user="zofia", size=_SIZE)


def test_x22_of_two_who_complete_a_task_the_second_is_told(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        desk = _desk(pilot)
        screen = await shown(pilot, screens(desk)["tasks"])
        await press(pilot, "m", "m")
        table = screen.query_one(TaskTable)
        row = table.row_at(table.cursor)
        assert row is not None and isinstance(row.key, TaskKey)
        _by_kenji("tasks", "--done", row.key.id)
        await press(pilot, "x")
        assert said(pilot).startswith(f"Kenji asked for the task `{row.key.id}` to be done already")
        _by_kenji("run", "--until", "+1 minute")
        await press(pilot, "S")
        assert "is done already" in said(pilot)

    drive(shop, then=look, user="zofia", size=_SIZE)
