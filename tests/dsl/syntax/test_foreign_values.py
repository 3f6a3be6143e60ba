"""The lexer's short question: a number of ours is never taken for a foreign one, and no foreign one slips through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.syntax.foreign.values import STARTS, foreign_value, may_be_foreign

_NUMBERS = ("8", "12", "2026", "03", "1", "000")
_SIGNS = (*" \t\n-–〜/.,:_TZ€$￥)'\"*", "am", "PM", "to", "until", "EUR", "days", "USD")
_PIECES = st.sampled_from((*_NUMBERS, *_SIGNS))


@given(
    st.sampled_from(sorted(STARTS)), st.lists(_PIECES, max_size=8), st.sampled_from(["EQ", "COLON", "window", "NAME"])
)
def test_whatever_is_foreign_may_be(first: str, pieces: list[str], before: str) -> None:
    text = first + "".join(pieces) + "\n"
    if foreign_value("f", text, 0, ["window", ":", before]) is not None:
        assert may_be_foreign(text, 0)


@pytest.mark.parametrize("text", ["30 days", "5\n", "12]", "3)", "100 EUR", "20%"])
def test_usual_numbers_are_not_looked_at_twice(text: str) -> None:
    assert not may_be_foreign(text, 0)
