"""Panic mode: after a problem, leave out as little as makes the rest readable.

The grammar says where a part may be left out (its ERROR terminal: a condition, a value, a statement, a
declaration). Recovery walks on to the next token at which people start or end something, gives up as
much of the half-read text as is needed for ERROR to stand there, and lets the parser go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import nodes as n
from .build import Later
from .machine import States, fits
from .tokens import Token
from .vocabulary import LATER_DECLARATIONS, words
from .words import starts_declaration, starts_later_statement, starts_setting, starts_statement

_DECLARING = words("segment static sequence workflow template")
_MARKS = words("LBRACE RBRACE RPAR RSQB COMMA AND OR ELSE $END")


def resume(states: States, parser: Any, tokens: list[Token], at: int, closing: Mapping[int, int]) -> tuple[int, str]:
    """Leaves out what cannot be read from token `at` on. The index to go on from, and what to take that token for."""
    first, stack = tokens[at], parser.state_stack
    while True:
        kind = mark(tokens, at)
        depth = _depth(states, stack, kind) if kind else 0
        if kind and depth:
            _leave_out(parser, depth, first, tokens[at])
            return at, kind
        at = closing.get(at, at) + 1


def mark(tokens: list[Token], at: int) -> str:
    """What the token at `at` could be for a parser in search of its bearings; empty for nothing."""
    token = tokens[at]
    if token.type == "$END":
        return "$END"
    before, after = tokens[at - 1].type if at else "", tokens[at + 1]
    if before == "DOT":
        return ""
    if token.type in _MARKS or (token.type == "UP" and after.type == "TO"):
        return token.type
    if starts_declaration(token, after):
        return "LATER_DECLARATION" if token.text in LATER_DECLARATIONS else token.type
    if starts_statement(token, before, after.type):
        return "LATER_STATEMENT" if starts_later_statement(token, before, after.type) else token.type
    return "NAME" if starts_setting(token, after.type) else ""


def _depth(states: States, stack: list[Any], kind: str) -> int:
    """How much of the stack can stay if ERROR and then `kind` are to follow; 0 for none."""
    for depth in range(len(stack), 0, -1):
        if "ERROR" in states[stack[depth - 1]] and fits(states, stack[:depth], ("ERROR", kind)):
            return depth
    return 0


def _leave_out(parser: Any, depth: int, first: Token, following: Token) -> None:
    dropped = parser.value_stack[depth - 1 :]
    del parser.state_stack[depth:], parser.value_stack[depth - 1 :]
    start = next((p for p in dropped if isinstance(p, Token)), first)
    error = Later(start, first, "ERROR", _declared(dropped))
    error.start, error.end = min(start.start, first.start), max(min(start.start, first.start), following.start)
    parser.feed_token(error)


def _declared(dropped: list[Any]) -> n.Name | None:
    """The name of a declaration whose head was given up."""
    words = [p for p in dropped[:3] if isinstance(p, Token)]
    name = next((w for w in words if w.type == "NAME"), None)
    return n.Name(name.text, name.span) if name and words[0].text in _DECLARING else None
