"""Words that begin no line of a `test` but were meant to: said once, and understood, so that the rest can be checked.

In a test a line may begin with any name (`ann replied`), so a misspelt `expct ann receives t` would read as two
happenings of people nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.diagnostic import Diagnostic
from ...diagnostics.suggest import closest
from .. import wording
from ..tokens import Token
from ..vocabulary import TEST_WORDS, words
from ..words import starts_declaration

_MEANT = {
    **dict.fromkeys(("assert", "should", "verify", "check", "then", "ensure"), "expect"),
    **dict.fromkeys(("wait", "advance", "sleep", "later", "tick"), "after"),
    **dict.fromkeys(("setup", "let", "create"), "given"),
    **dict.fromkeys(("now", "start", "freeze"), "clock"),
}
_TYPES = {word: word.upper() for word in TEST_WORDS} | {"clock": "CLOCK_AT"}
_JOINS = words("LPAR DOT EQ EQEQ COLON COMMA ENROLLS")


def test_words(tokens: list[Token], found: list[Diagnostic]) -> None:
    """Retypes the words of tests, in place. Most files have no tests, and are not to be handed in."""
    not_given: list[int] = []
    for begin, end in _tests(tokens):
        named = {tokens[i + 2].text for i in range(begin, end - 2) if tokens[i].type == "GIVEN"}
        named |= {tokens[i + 2].text for i in range(begin, end - 2) if tokens[i].text == "each"}
        for i in range(begin, end):
            token = tokens[i]
            record = [t.type for t in tokens[i : i + 3]] == ["NAME", "NAME", "LBRACE"]
            if token.first and record and tokens[i - 1].type != "GIVEN":
                found.append(wording.not_given(token.span, tokens[i + 1].text))
                not_given.append(i)
                continue
            if not token.first or token.text in named or tokens[i + 1].first or tokens[i + 1].type in _JOINS:
                continue
            meant = _meant(token)
            if meant is not None:
                found.append(wording.unknown_line(token.span, token.text, meant))
                tokens[i] = token.retyped(_TYPES[meant])

    for i in reversed(not_given):
        start = tokens[i].start
        tokens.insert(i, Token("GIVEN", "given", tokens[i].file, start, start, True))
        tokens[i + 1].first = False


def _tests(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Where each test begins and ends, as indexes."""
    begin = None
    for i, token in enumerate(tokens):
        if token.type == "$END" or starts_declaration(token, tokens[i + 1]):
            if begin is not None:
                yield begin, i
            begin = i + 1 if token.type == "TEST" and tokens[i + 1].type == "TEXT" else None


def _meant(token: Token) -> str | None:
    if token.text in _MEANT:
        return _MEANT[token.text]
    return closest(token.text, TEST_WORDS) if token.type == "NAME" and len(token.text) > 3 else None
