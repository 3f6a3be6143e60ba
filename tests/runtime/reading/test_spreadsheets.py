"""What goes into a spreadsheet is worked out by none, and numbers stay numbers (decision 0042)."""

from __future__ import annotations

import pytest

from runtime.reading.spreadsheets import cell

FORMULAS = (
    "=1+1", "+1+cmd|' /C calc'!A0", "-2+3+SUM(A1)", "@SUM(A1)", " =1+1", "\t=1+1", "\r=1", "\n=HYPERLINK(\"x\")",
    "＝1+1", "＋A1", "=", "-A1", "+", "+49=1", "-1;=2",
)  # fmt: skip
TEXTS = (
    "", "Ann", "a=b", "0", "-1", "+1.5", "-1,250.00", "-1,250.00 EUR", "+48 22 100-20-30", "+49 (0)30/12", "-12.5%",
    "–", "'=1+1", "2026-03-01", "#suc", "花子",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_worked_out_stands_behind_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_and_texts_stay_as_they_are(text: str) -> None:
    assert cell(text) == text
