"""Every key of every screen is explained."""

from __future__ import annotations

import asyncio
import re

import pytest
from textual.binding import Binding
from textual.widgets import Static

from segue.reference.app_keys import classes
from tui.dialogs.confirm import ConfirmScreen
from tui.dialogs.help import HelpScreen
from tui.rooms import ROOMS
from tui.sequences.enrollments import Enrollments
from tui.sequences.performance import Performance
from tui.talks.review import ReviewScreen

from .driving import driven

ONE = ("2", "down", "down", "enter")


def _help(store: str, *keys: str) -> str:
    async def drive() -> str:
        async with driven(store, *keys, "question_mark") as pilot:
            assert isinstance(pilot.app.screen, HelpScreen)
            return str(pilot.app.screen.query_one("#help Static", Static).content)

    return asyncio.run(drive())


@pytest.mark.parametrize(("keys", "part"), [(ONE, Performance), ((*ONE, "right_square_bracket"), Enrollments)])
def test_the_keys_of_a_part_are_explained(crm: str, keys: tuple[str, ...], part: type) -> None:
    told = _help(crm, *keys)
    for binding in Binding.make_bindings(part.BINDINGS):
        words = binding.tooltip or binding.description
        assert f"{words[:1].lower()}{words[1:]}" in told


def test_every_room_has_its_key(crm: str) -> None:
    told = _help(crm)
    assert all(f"g {room.key}" in told and room.title in told for room in ROOMS)


def test_rooms_are_told_apart() -> None:
    assert len({room.key for room in ROOMS}) == len({room.name for room in ROOMS}) == len(ROOMS)
    assert all(len(room.key) == 1 and not room.key.isdigit() for room in ROOMS)


ANSWERS = (ConfirmScreen, ReviewScreen)  # in a question `y` and `n` are yes and no, whatever it is
LEAVES = {"Back", "Leave", "Leave it", "No", "Put aside", "Quit"}  # all of them: `q` and Esc


def _acts() -> list[tuple[str, str]]:
    """(key, what it is called) of every letter of every screen and part; `New note` is a `New`."""
    return [
        (binding.key, "Leave" if binding.description in LEAVES else re.sub("^New .*", "New", binding.description))
        for one in classes()
        for binding in Binding.make_bindings(one.__dict__["BINDINGS"])
        if len(binding.key) == 1 and binding.description and not (one in ANSWERS and binding.key in "yn")
    ]


def test_a_key_is_the_same_act_everywhere() -> None:
    meant: dict[str, set[str]] = {}
    for key, act in _acts():
        meant.setdefault(key, set()).add(act)
    assert {key: acts for key, acts in meant.items() if len(acts) > 1} == {}


def test_an_act_has_the_same_key_everywhere() -> None:
    keys: dict[str, set[str]] = {}
    for key, act in _acts():
        keys.setdefault(act, set()).add(key)
    two = {"Up": {"k"}, "Down": {"j"}}  # the arrows too
    assert {act: found for act, found in keys.items() if len(found) > 1 and act not in two} == {}
