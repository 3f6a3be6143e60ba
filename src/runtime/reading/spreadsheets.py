"""Cells of a CSV file that people open in a spreadsheet: what somebody called themselves must not be a formula there
(decision 0042)."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")  # in Japanese spreadsheets wide signs begin formulas too
_NUMBER = re.compile(r"[+-][\d\s.,:/()%-]*\d[\d\s.,:/()%-]*(?: ?[A-Z]{3})?")  # also a phone number, an amount


def cell(text: str) -> str:
    """As it is, or behind a `'` where a spreadsheet would work it out. Numbers, amounts and phone numbers stay."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
