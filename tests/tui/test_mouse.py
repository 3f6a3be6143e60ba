"""Without a keyboard: rooms, tabs, rows and statuses by clicks alone; and every key there is has words."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil

import pytest
from textual.binding import Binding
from textual.widgets import TabbedContent

import tui
from tui.frame.sidebar import Sidebar
from tui.pages.contact import ContactScreen
from tui.sequences.room import SequencesScreen
from tui.sequences.sequence import SequenceScreen
from tui.sequences.statuses import Statuses
from tui.tables.paged_table import PagedTable

from .driving import driven, settled


def test_one_gets_to_a_person_by_clicks_alone(crm: str) -> None:
    async def drive() -> None:
        async with driven(crm) as pilot:
            await pilot.click(Sidebar, offset=(4, 2))
            await settled(pilot)
            assert isinstance(pilot.app.screen, SequencesScreen)
            table = pilot.app.screen.query_one(PagedTable)
            await pilot.click(table, offset=(4, 2))
            await settled(pilot)
            assert table.cursor == 1 and isinstance(pilot.app.screen, SequencesScreen)
            await pilot.click(table, offset=(4, 2), times=2)
            await settled(pilot)
            assert isinstance(pilot.app.screen, SequenceScreen)
            await pilot.click("#--content-tab-enrollments")
            await settled(pilot)
            assert pilot.app.screen.query_one(TabbedContent).active == "enrollments"
            people = pilot.app.screen.query_one("#enrolled", PagedTable)
            everybody = people.total
            await pilot.click(Statuses, offset=(3, 1))
            await settled(pilot)
            assert 0 < people.total < everybody
            await pilot.click(people, offset=(4, 1), times=2)
            await settled(pilot)
            assert isinstance(pilot.app.screen, ContactScreen)

    asyncio.run(drive())


def _parts() -> list[type]:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(tui.__path__, "tui.")]
    found = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    return sorted(
        (part for part in found if part.__module__.startswith("tui.") and "BINDINGS" in vars(part)),
        key=lambda part: part.__qualname__,
    )


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.__name__)
def test_every_key_of_every_part_has_words(part: type) -> None:
    for binding in Binding.make_bindings(vars(part)["BINDINGS"]):
        assert binding.tooltip or binding.description or binding.key.isdigit(), f"{part.__name__}: {binding.key}"
