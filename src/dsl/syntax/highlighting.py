"""The words and shapes of the language by the colour they get: the one list behind the Pygments lexer and the TextMate
grammar. Read from the grammar and the vocabulary, so that a new word has its colour everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .vocabulary import (
    DECLARATIONS,
    FUNCTIONS,
    RESERVED_ALONE,
    RULES,
    SETTINGS,
    STATEMENTS,
    TEST_WORDS,
    WEEKDAYS,
    words,
)

_WORD = re.compile(r'^[A-Z_]+: "([a-z_]+)"', re.MULTILINE)
_SHAPE = re.compile(r"^([A-Z_]+): /(.+)/(?: +//.*)?$", re.MULTILINE)
_CONSTANTS = words("true false missing known")
_OPERATORS = words(
    "and or not in is has never any every no between contains starts ends matches within older than becomes was ever "
    "changed fell rose since ago including with"
)
_AGGREGATES = words("last first count sum min max avg score")
_NUMBERS = ("DATETIME", "DATE", "CLOCK_RANGE", "CLOCK", "DURATION", "MONEY", "PERCENT", "NUMBER")


@dataclass(frozen=True, slots=True)
class Highlighting:
    """Groups do not overlap, but for `settings`, which are such only before a colon. `numbers` and `name` are regular
    expressions as the grammar has them."""

    declarations: frozenset[str]
    statements: frozenset[str]
    operators: frozenset[str]
    functions: frozenset[str]
    constants: frozenset[str]
    others: frozenset[str]
    settings: frozenset[str]
    numbers: tuple[str, ...]
    name: str


@cache
def highlighting() -> Highlighting:
    """Of the grammar as it is installed."""
    text = files("grammar").joinpath("segue.lark").read_text("utf-8")
    every = frozenset(_WORD.findall(text)) | RESERVED_ALONE | WEEKDAYS
    shapes: Mapping[str, str] = dict(_SHAPE.findall(text))
    functions = (_AGGREGATES | FUNCTIONS) - DECLARATIONS
    statements = (STATEMENTS | RULES | TEST_WORDS | words("else until")) - DECLARATIONS
    known = DECLARATIONS | statements | _OPERATORS | functions | _CONSTANTS
    return Highlighting(
        DECLARATIONS,
        statements,
        _OPERATORS,
        functions,
        _CONSTANTS,
        every - known,
        SETTINGS,
        tuple(shapes[name] for name in _NUMBERS),
        shapes["NAME"],
    )
