"""Whatever stands in a file, checking ends with findings inside the file, never with an exception."""

from __future__ import annotations

import random
import re

import pytest

from dsl.diagnostics import catalogue

from .test_cases import CASES, NAMES, check

PIECES = {name: re.findall(r"\w+|\s+|[^\w\s]", (CASES / f"{name}.segue").read_text(encoding="utf-8")) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_pieces_lost_swapped_or_doubled(name: str) -> None:
    chance = random.Random(name)
    for _ in range(12):
        pieces = PIECES[name][:400]
        for _ in range(chance.choice((1, 2, 5))):
            at = chance.randrange(len(pieces))
            pieces[at : at + 1] = chance.choices(pieces, k=chance.randrange(3))
        text = "".join(pieces)
        for diagnostic in check(text).diagnostics:
            span = diagnostic.label.span
            assert 0 <= span.start <= span.end
            assert span.file != "case.segue" or span.end <= len(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_code_is_in_the_catalogue(name: str) -> None:
    known = catalogue.catalogue()
    assert {d.code for d in check((CASES / f"{name}.segue").read_text(encoding="utf-8")).diagnostics} <= known.keys()
