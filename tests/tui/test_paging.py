"""The app opens as fast on a large store as on a small one: it asks the same questions and gets as many rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.reading import page
from runtime.store.session import Row, Session
from tui.tables.cells import Cell, Column, TableRow, fitted
from tui.tables.paged_table import PagedTable
from tui.tables.widths import Widths
from tui.words import bar, short

from .driving import driven, said, settled


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each statement gave."""
    counts: list[int] = []
    bound = Session.bound

    def counting(self: Session, sql: str, values: dict[str, object]) -> list[Row]:
        rows = bound(self, sql, values)
        counts.append(len(rows))
        return rows

    monkeypatch.setattr(Session, "bound", counting)
    return counts


def _open(store: Path, *keys: str) -> None:
    async def drive() -> None:
        async with driven(f"sqlite:///{store}", *keys):
            pass

    asyncio.run(drive())


def test_opening_costs_the_same_statements_and_rows(filled: Callable[[int], Path], asked: list[int]) -> None:
    costs = []
    for contacts in (1_000, 20_000):
        store = filled(contacts)
        asked.clear()
        _open(store)
        costs.append(sorted(asked))
    assert costs[0] == costs[1]


def test_a_sequence_costs_the_same_statements_and_no_row_per_person(
    filled: Callable[[int], Path], asked: list[int]
) -> None:
    """Rows are those of one page, and one for each different lot of the thousands who were in it: what they did in
    which month, and the way they went."""
    statements = set()
    for contacts in (1_000, 20_000):
        store = filled(contacts)
        asked.clear()
        _open(store, "2", "down", "down", "enter")
        statements.add(len(asked))
        assert sum(asked) < 800
    assert len(statements) == 1


def test_end_fetches_the_last_page_alone(filled: Callable[[int], Path], asked: list[int]) -> None:
    store = f"sqlite:///{filled(20_000)}"

    async def drive() -> tuple[int, object]:
        async with driven(store, "2", "down", "down", "enter", "right_square_bracket") as pilot:
            asked.clear()
            await pilot.press("end")
            await settled(pilot)
            table = pilot.app.screen.query_one("#enrolled", PagedTable)
            return table.total, table.row_at(table.total - 1)

    total, last = asyncio.run(drive())
    assert total > 5_000 and last is not None
    assert sum(asked) <= 200


def test_wide_characters_take_two_cells() -> None:
    assert fitted("佐藤", 6) == "佐藤  "
    assert fitted("佐藤さくら", 6) == "佐藤… "
    assert fitted("Łódź", 6, right=True) == "  Łódź"
    assert Cell("x") == ("x", "")
    assert Column("A").width == 0


def test_a_large_base_is_written_short() -> None:
    assert [short(n) for n in (0, 9_999, 45_012, 999_400, 1_250_000)] == ["0", "9,999", "45k", "999k", "1.2M"]


def test_bars_are_exact_to_an_eighth_and_never_hide_something() -> None:
    assert bar(0, 10) == ""
    assert bar(0.0001, 10) == "▏"
    assert bar(0.5, 10) == "█████"
    assert bar(0.55, 10) == "█████▌"
    assert bar(2, 3) == "███"


@given(st.integers(40, 220), st.lists(st.tuples(st.integers(1, 60), st.integers(1, 3)), min_size=1, max_size=5))
def test_snug_columns_fill_the_width_and_none_has_more_than_it_needs(width: int, asked: list[tuple[int, int]]) -> None:
    columns = Widths([Column("Title", share=share, snug=True) for _, share in asked])
    columns.fit([TableRow(1, tuple("会" * (long // 2) + "x" * (long % 2) for long, _ in asked))])
    widths, needs = columns.of(width, width), [max(long, 6) for long, _ in asked]
    room = width - 2 * len(asked)
    assert all(6 <= given <= need for given, need in zip(widths, needs, strict=True))
    if sum(needs) <= room:
        assert widths == needs, "all of them find room"
    else:
        assert sum(widths) <= max(room, 6 * len(asked))
        assert sum(widths) > room - len(asked), "what one leaves, others take"


def test_while_a_million_are_sorted_the_list_is_of_use(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, read = Event(), page

    def sorting(*asked: Any, **more: Any) -> Any:
        if asked[1].order == "last_step":
            assert slow.wait(30)
        return read(*asked, **more)

    monkeypatch.setattr("tui.sequences.enrollments.page", sorting)

    async def drive() -> None:
        async with driven(crm, "2", "down", "down", "enter", "right_square_bracket") as pilot:
            table = pilot.app.screen.query_one("#enrolled", PagedTable)
            first = table.row_at(0)
            await pilot.press("o", "down", "down", "space")
            assert said(pilot) == "Sorting by the last step .." or "selected" in said(pilot)
            assert table.row_at(0) is first and table.cursor == 3 and len(table.chosen) == 1
            slow.set()
            await settled(pilot)
            assert said(pilot) == "Sorted by the last step, newest first"
            assert table.cursor == 0 and table.row_at(0) is not first

    asyncio.run(drive())


def test_pages_that_a_scroll_bar_passed_by_are_not_read(crm: str) -> None:
    async def drive() -> set[int]:
        async with driven(crm, "2", "down", "down", "enter", "right_square_bracket") as pilot:
            table, read, gate = pilot.app.screen.query_one("#enrolled", PagedTable), set(), Event()

            def load(offset: int, limit: int) -> list[TableRow]:
                assert gate.wait(30)
                read.add(offset)
                return [TableRow(i, (f"{i}",)) for i in range(offset, offset + limit)]

            table.show(1_000_000, load)
            for y in range(0, 900_000, 10_000):
                table.scroll_to(y=y, animate=False)
                await pilot.pause()
            gate.set()
            await settled(pilot)
            assert table.row_at(890_000) is not None
            return read

    assert len(asyncio.run(drive())) < 40


def test_a_key_that_comes_before_the_scroll_bar_scrolls_too(crm: str) -> None:
    async def drive() -> None:
        async with driven(crm, "g", "c") as pilot:
            table = pilot.app.screen.query_one("#records", PagedTable)
            rows = [TableRow(i, (f"{i}",) * len(table.columns)) for i in range(1_000)]
            table.show_rows(rows[:1])
            await settled(pilot)
            table.show(1_000, lambda offset, limit: rows[offset : offset + limit])
            table.action_go(-1)
            await settled(pilot)
            assert table.row_at(999) is not None, "nobody looked at the end, and so it was not read"

    asyncio.run(drive())
