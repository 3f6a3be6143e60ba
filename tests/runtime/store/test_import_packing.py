"""Columns come through the pipe between the two processes of an import as they were."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from runtime.store.imports.packing import packed, unpacked

_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 63) - 1), st.text(), st.just(2.5))


@given(st.one_of(st.lists(_VALUES), st.lists(st.text()), st.lists(st.integers(-(1 << 63), (1 << 63) - 1))))
@example(["a\0b", "c"])
@example([1, True, 0])
@example([1, 2.5])
@example(["", None])
@example([""])
def test_what_is_unpacked_is_what_was_packed(column: list[Any]) -> None:
    again = unpacked(packed(column))
    assert list(again) == column
    assert list(map(type, again)) == list(map(type, column))
