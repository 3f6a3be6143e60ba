"""Every key of every screen is explained."""

from __future__ import annotations

import asyncio

import pytest
from textual.binding import Binding
from textual.widgets import Static

from tui.enrollments import Enrollments
from tui.help import HelpScreen
from tui.performance import Performance
from tui.rooms import ROOMS

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
    for binding in Binding.make_bindings(part.BINDINGS):  # type: ignore[attr-defined]  # a widget
        words = binding.tooltip or binding.description
        assert f"{words[:1].lower()}{words[1:]}" in told


def test_every_room_has_its_key(crm: str) -> None:
    told = _help(crm)
    assert all(f"g {room.key}" in told and room.title in told for room in ROOMS)


def test_rooms_are_told_apart() -> None:
    assert len({room.key for room in ROOMS}) == len({room.name for room in ROOMS}) == len(ROOMS)
    assert all(len(room.key) == 1 and not room.key.isdigit() for room in ROOMS)
