"""Made-up and real programs with pieces cut out, doubled, swapped, put in or spliced: each is answered, none raises."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples

from ..dsl.programs import made, programs
from .judged import CASES, SCHEMA, SETTINGS, judge

_PIECES = re.compile(r'"""|\w+|\s+|[^\w\s]')
_SPACED = """
    segment sequence workflow template test score form playbook of contact { } ( ) [ ] , . : = == != -> .. " # and or
    not has any in every within since last( 3 20% 5 EUR days 09:00 2026-03-02 wait until up to else if match split
    repeat send set on save give take ask 休眠 （ 」 “ \\ @ & ; \u200b \u0301 \0 {{ }} {% | default
"""
_PUT_IN = _SPACED.split()
_FILES = sorted(path for path in CASES.rglob("*.segue"))
_YAML = sorted(path for path in CASES.rglob("*.yaml"))


@examples(40)
@given(programs(), st.integers(0, 2**32))
def test_made_up_programs_damaged(text: str, seed: int) -> None:
    judge(damaged(text, Random(seed)))


@pytest.mark.parametrize("seed", range(60))
def test_real_programs_damaged(seed: int) -> None:
    chance = Random(seed)
    judge(damaged(chance.choice(_FILES).read_text(encoding="utf-8-sig"), chance))


@pytest.mark.parametrize("seed", range(30))
def test_schema_and_settings_damaged(seed: int) -> None:
    chance = Random(seed)
    text = chance.choice(_YAML).read_text(encoding="utf-8")
    judge(damaged(text, chance), chance.choice((SCHEMA, SETTINGS)))


def damaged(text: str, chance: Random) -> str:
    """One to three kinds of damage, one after the other."""
    for _ in range(chance.randint(1, 3)):
        text = chance.choice((_pieces_changed, _cut, _put_in, _spliced))(text, chance)
    return text


def _pieces_changed(text: str, chance: Random) -> str:
    """A word or sign left out, said twice, or exchanged with another."""
    pieces = _PIECES.findall(text) or [""]
    at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    match chance.randrange(3):
        case 0:
            pieces[at] = ""
        case 1:
            pieces[at] *= 2
        case _:
            pieces[at], pieces[other] = pieces[other], pieces[at]
    return "".join(pieces)


def _cut(text: str, chance: Random) -> str:
    at = chance.randint(0, len(text))
    return chance.choice((text[:at], text[at:], text[:at] + text[at + 1 :]))


def _put_in(text: str, chance: Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(("", " ")) + chance.choice(_PUT_IN) + text[at:]


def _spliced(text: str, chance: Random) -> str:
    other = made(chance.randrange(100_000), 1)
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]
