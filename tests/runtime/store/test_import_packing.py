"""Columns come through the pipe between the two processes of an import as they were."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from runtime.store.imports.packing import packed, unpacked

_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 63) - 1), st.text(), st.just(2.5))


_KINDS = st.sampled_from([_VALUES, st.text(), st.integers(-(1 << 63), (1 << 63) - 1)])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[Any]], list[int]]:
    """Columns of the same length, and an order of their rows."""
    rows = draw(st.integers(1, 5))
    columns = [draw(st.lists(draw(_KINDS), min_size=rows, max_size=rows)) for _ in range(draw(st.integers(1, 5)))]
    return columns, draw(st.permutations(range(rows)))


@given(tables())
@example(([["a\0b", "c"], ["d", "e"]], [1, 0]))
@example(([[1, True, 0]], [0, 1, 2]))
@example(([[1, 2.5], ["", "a"]], [1, 0]))
@example(([["", None], ["a", "b"]], [0, 1]))
@example(([[""]], [0]))
@example(([[1 << 63], ["x"]], [0]))
def test_what_is_unpacked_is_what_was_packed(table: tuple[list[list[Any]], list[int]]) -> None:
    columns, order = table
    wanted = [[column[i] for i in order] for column in columns]
    again = list(map(list, unpacked(packed(columns, order))))
    assert again == wanted
    assert [list(map(type, column)) for column in again] == [list(map(type, column)) for column in wanted]
