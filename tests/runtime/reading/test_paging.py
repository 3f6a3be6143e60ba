"""Pages are cut by key from the nearest row that is known; together they are the whole list, however one jumps."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.reading import ORDERS, Choice, EnrollmentLine, Pages, count, page, place
from runtime.reading.paging import Key
from runtime.store.session import Session


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(0, 70), st.integers(1, 20)), max_size=12))
def test_any_jumps_give_the_rows_of_the_list(total: int, jumps: list[tuple[int, int]]) -> None:
    rows = list(range(total))
    skipped: list[int] = []

    def fetch(after: Key | None, back: bool, skip: int, limit: int) -> list[int]:
        skipped.append(skip)
        order = rows[::-1] if back else rows
        beyond = order if after is None else order[order.index(after[0]) + 1 :]
        return beyond[skip : skip + limit]

    pages = Pages(total, fetch, lambda row: (row,))
    for offset, limit in jumps:
        assert pages(offset, limit) == rows[offset : offset + limit]
    assert all(skip <= total / 2 for skip in skipped)


def test_scrolling_and_both_ends_skip_nothing() -> None:
    rows, skipped = list(range(1_000)), []

    def fetch(after: Key | None, back: bool, skip: int, limit: int) -> list[int]:
        skipped.append(skip)
        order = rows[::-1] if back else rows
        first = order.index(after[0]) + 1 if after else 0
        return order[first + skip : first + skip + limit]

    pages = Pages(1_000, fetch, lambda row: (row,))
    assert [pages(offset, 100)[0] for offset in (0, 100, 200, 900, 800, 700)] == [0, 100, 200, 900, 800, 700]
    assert set(skipped) == {0}


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{order}" for order in ORDERS)])
@pytest.mark.parametrize("statuses", [(), ("active",), ("finished", "unenrolled")])
def test_s45_pages_by_key_are_the_whole_table(session: Session, order: str, statuses: tuple[str, ...]) -> None:
    for definition in ("trial_follow_up", ""):
        choice = Choice(definition, statuses=statuses, order=order)
        whole = page(session, choice, limit=1_000)
        total = count(session, choice)
        assert len(whole) == total and len({line.key for line in whole}) == total

        def fetch(
            after: Key | None, back: bool, skip: int, limit: int, choice: Choice = choice
        ) -> list[EnrollmentLine]:
            return page(session, choice, limit, skip, after, back)

        pages = Pages(total, fetch, lambda line, choice=choice: place(choice, line))
        offsets = list(range(0, total, 7))
        random.Random(5).shuffle(offsets)
        for offset in offsets:
            assert pages(offset, 7) == whole[offset : offset + 7]
