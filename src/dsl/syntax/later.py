"""Declarations and statements of the language's later half: found and stepped over whole, as one token each."""

from __future__ import annotations

from collections.abc import Mapping

from . import nodes as n
from .build import Later
from .tokens import Token
from .vocabulary import words
from .words import starts_declaration, starts_setting, starts_statement

_TAKES_A_WORD = words("to from as in of team segment sequence workflow =")


def declaration(tokens: list[Token], at: int, closing: Mapping[int, int]) -> tuple[Later, int]:
    """The declaration whose keyword stands at `at`, and the index of the token after it.

    It ends with its closing brace, or before the next declaration or surplus brace if it has none."""
    i = at + 1
    while (
        i not in closing
        and tokens[i].type not in ("RBRACE", "$END")
        and not starts_declaration(tokens[i], tokens[i + 1])
    ):
        i += 1
    last = closing[i] if i in closing else i - 1
    name = tokens[at + 1]
    named = n.Name(name.text, name.span) if last > at and name.text[:1].isalpha() else None
    return Later(tokens[at], tokens[last].end, "LATER_DECLARATION", tokens[at].text, named), last + 1


def statement(tokens: list[Token], at: int, closing: Mapping[int, int]) -> tuple[Later, int]:
    """The statement whose keyword stands at `at`, with its blocks, and the index of the token after it."""
    i = at + 1
    while not _ends(tokens, i, at):
        i = closing.get(i, i) + 1
    return Later(tokens[at], tokens[i - 1].end, "LATER_STATEMENT", tokens[at].text), i


def _ends(tokens: list[Token], i: int, at: int) -> bool:
    token = tokens[i]
    if token.type in ("RBRACE", "$END"):
        return True
    before, after = tokens[i - 1], tokens[i + 1]
    if starts_setting(token, after.type):
        return True
    named = i == at + 1 or before.text in _TAKES_A_WORD
    return (token.first or not named) and starts_statement(token, before.type, after.type)
