"""Offsets and positions: each editor counts in units of its own, and lines end in three ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import PositionEncodingKind
from pygls.workspace.position_codec import PositionCodec

from lsp.places import Lines

UNITS = {kind: PositionCodec(kind).client_num_units for kind in PositionEncodingKind}
ENCODED = {"utf-8": (1, "utf-8"), "utf-16": (2, "utf-16-le"), "utf-32": (4, "utf-32-le")}


@pytest.mark.parametrize(("kind", "column"), [("utf-8", 9), ("utf-16", 5), ("utf-32", 4)])
def test_a_column_counts_what_was_agreed_on(kind: str, column: int) -> None:
    lines, units = Lines('x\n"🎉眠|"'), UNITS[PositionEncodingKind(kind)]
    assert lines.position(6, units) == (1, column)


@pytest.mark.parametrize("kind", PositionEncodingKind)
@given(text=st.text(st.sampled_from("ab眠🎉é\r\n\u2028\x0b"), max_size=30), data=st.data())
def test_there_and_back(kind: PositionEncodingKind, text: str, data: st.DataObject) -> None:
    lines, units = Lines(text), UNITS[kind]
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        return  # within a line's end there is no place
    assert lines.offset(*lines.position(offset, units), units) == offset


@pytest.mark.parametrize("kind", PositionEncodingKind)
@given(text=st.text(st.sampled_from("a眠🎉\r\n\u2028"), max_size=20))
def test_columns_are_the_encoded_length_of_what_stands_before(kind: PositionEncodingKind, text: str) -> None:
    """Against the encodings themselves, line by line as the protocol ends them."""
    size, encoding = ENCODED[kind.value]
    lines, units = Lines(text), UNITS[kind]
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        column = len(before.rpartition("\n")[2].encode(encoding)) // size
        assert lines.position(offset, units) == (before.count("\n"), column)


@given(st.text(st.sampled_from("a🎉\r\n"), max_size=9), st.integers(-3, 12), st.integers(-3, 12))
def test_any_position_means_some_place(text: str, line: int, column: int) -> None:
    assert 0 <= Lines(text).offset(line, column, UNITS[PositionEncodingKind.Utf16]) <= len(text)


def test_half_of_a_pair_means_its_start() -> None:
    assert Lines("🎉x").offset(0, 1, UNITS[PositionEncodingKind.Utf16]) == 0
