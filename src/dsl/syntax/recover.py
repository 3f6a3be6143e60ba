"""Panic mode: after a problem, leave out as little as makes the rest readable.

The grammar says where a part may be left out (its ERROR terminal: a condition, a value, a statement, a
declaration). Recovery walks on to the next token at which people start or end something, gives up as
much of the half-read text as is needed for ERROR to stand there, and lets the parser go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import nodes as n
from .build import LeftOut
from .machine import Parser, States, fits
from .tokens import Token
from .vocabulary import DECLARATIONS, words
from .words import starts_declaration, starts_line, starts_setting, starts_statement

_ENDS_ALL = frozenset({"$END", *(word.upper() for word in DECLARATIONS)})
_MARKS = words("LBRACE RBRACE RPAR RSQB COMMA AND OR ELSE $END")


def resume(states: States, parser: Parser, tokens: list[Token], at: int, closing: Mapping[int, int]) -> tuple[int, str]:
    """Leaves out what cannot be read from token `at` on. The index to go on from, and what to take that token for."""
    first = at
    while True:
        kind = mark(tokens, at) or ("NAME" if at > first and _misspelt(states, parser, tokens, at) else "")
        depth = _depth(states, parser, kind) if kind else 0
        if kind == "NAME" and not depth and at > first and _misspelt(states, parser, tokens, at):
            depth = len(parser.state_stack)
        if kind and depth:
            _leave_out(states, parser, depth, tokens, first, at)
            return at, kind
        at = closing.get(at, at) + 1


def mark(tokens: list[Token], at: int) -> str:
    """What the token at `at` could be for a parser in search of its bearings; empty for nothing."""
    token = tokens[at]
    if token.type == "$END":
        return "$END"
    before, after = tokens[at - 1].type if at and not token.first else "", tokens[at + 1]
    if before == "DOT":
        return ""
    if token.type in _MARKS or (token.type == "UP" and after.type == "TO"):
        return token.type
    if starts_declaration(token, after):
        return token.type
    if starts_statement(token, before, after.type):
        return token.type
    if token.type == "PERCENT" and after.type in ("NAME", "LBRACE"):
        return token.type  # an arm of a `split`
    if starts_line(token, after):
        return token.type
    return "NAME" if starts_setting(token, after.type) else ""


def _misspelt(states: States, parser: Parser, tokens: list[Token], at: int) -> bool:
    """Whether another declaration with an unknown keyword begins here: a word first on its line after a `}`, then a
    name, where only declarations stand."""
    token, after = tokens[at], tokens[at + 1]
    if token.type != "NAME" or not token.first or tokens[at - 1].type != "RBRACE" or after.first:
        return False
    return "STATIC" in states[parser.state_stack[-1]] and after.type in ("NAME", "TEXT")


def _depth(states: States, parser: Parser, kind: str) -> int:
    """How many states can stay if ERROR and then `kind` are to follow; 0 for none.

    INVARIANT: blocks are given up for the next declaration only: an open one has its brace still to come."""
    stack, values = parser.state_stack, parser.value_stack
    for depth in range(len(stack), 0, -1):
        if "ERROR" in states[stack[depth - 1]] and fits(states, stack[:depth], ("ERROR", kind)):
            return depth
        brace = getattr(values[depth - 2], "type", "") if depth > 1 else ""
        if brace in ("LBRACE", "RBRACE") and kind not in _ENDS_ALL:
            return 0
    return 0


def _leave_out(states: States, parser: Parser, depth: int, tokens: list[Token], first: int, at: int) -> None:
    """Gives up all above `depth` and the tokens from `first` to `at`, and puts one ERROR in their place."""
    dropped = parser.value_stack[depth - 1 :]
    del parser.state_stack[depth:], parser.value_stack[depth - 1 :]
    begin = next((p for p in dropped if isinstance(p, Token)), tokens[first])
    end = max(begin.end, tokens[at - 1].end) if at > first else max(begin.start, tokens[first - 1].end if first else 0)
    at_top = fits(states, parser.state_stack, ("STATIC",))
    kind, name = _declared(dropped or tokens[first : first + 2]) if at_top else ("", None)
    parser.feed(LeftOut(begin, end, kind, name))


def _declared(words: list[Any]) -> tuple[str, n.Name | None]:
    """Kind and name of a declaration whose head was given up."""
    if not words or not isinstance(words[0], Token):
        return "", None
    name = next((w for w in words[1:3] if isinstance(w, Token) and w.type == "NAME"), None)
    return words[0].text, n.Name(name.text, name.span) if name else None
