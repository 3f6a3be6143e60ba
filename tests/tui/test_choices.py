"""An answer that is one of several: in a row by number, of very many looked for in a list (P3)."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult

from tui.dialogs.choosing import ChoiceScreen
from tui.talks.choices import Choices

from .driving import settled

USERS = [f"user{n}" for n in range(40)]


def _chosen(options: list[str], *keys: str, value: str = "", several: bool = False) -> tuple[str, str]:
    """The answer and what is drawn, after these keys."""

    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield Choices(value, several)

    async def drive() -> tuple[str, str]:
        async with One().run_test(size=(80, 24)) as pilot:
            field = pilot.app.query_one(Choices)
            field.offer(options)
            field.focus()
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            assert not isinstance(pilot.app.screen, ChoiceScreen)
            return field.value, str(field.content)

    return asyncio.run(drive())


@pytest.mark.parametrize(
    ("options", "keys", "value"),
    [
        (["amy", "rep"], ("2",), "rep"),
        (["amy", "rep"], ("right", "backspace"), ""),
        (USERS, ("space", *"er17", "enter"), "user17"),
        (USERS, ("space", *"er17", "escape"), ""),
        (USERS, ("2",), ""),
        ([], ("space", "right"), ""),
    ],
)
def test_p3_one_of_those_there_are_is_chosen(options: list[str], keys: tuple[str, ...], value: str) -> None:
    assert _chosen(options, *keys)[0] == value


def test_what_was_chosen_and_is_offered_no_more_stays_until_something_else_is() -> None:
    assert _chosen(["amy", "rep"], value="gone")[0] == "gone"
    assert _chosen(["amy", "rep"], "1", value="gone")[0] == "amy"
    assert _chosen(["a", "b"], "2", value="a, x", several=True)[0] == "a, b"


def test_of_very_many_the_chosen_one_stands_there_alone() -> None:
    assert _chosen(USERS, value="user7")[1] == "● user7  Space chooses one of 40"
    assert _chosen([])[1] == "○ none  there is nothing to choose from"
