"""Braces before grammar: which brace closes which, and which block was never closed.

Done on the tokens alone, so that the parser and its recovery work on text in balance and one
forgotten `}` costs one message, not the rest of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics.diagnostic import Diagnostic
from . import wording
from .tokens import Token
from .vocabulary import words
from .words import starts_declaration

_BRACKETS = words("LBRACE RBRACE LPAR RPAR LSQB RSQB")
_LINES = words("GIVEN EXPECT AFTER")  # a line of a test begins
_GIVES, _TAKES = words("EQ EQEQ COLON DOT"), words("EQ EQEQ DOT")  # then the word is a property, a value
_RECORDS = (["GIVEN", "NAME", "NAME"], ["EXPECT", "NAME"])  # what stands before the `{` of a record in a test
_FAR = 50  # tokens looked back at most, so that no file takes for ever
DEEPEST = 60  # blocks and parentheses within each other


@dataclass(slots=True)
class _Open:
    index: int  # in the new list of tokens
    token: Token
    indent: int  # of the line it stands on


@dataclass(slots=True)
class Structure:
    """`tokens` in balance, `closing` the index of the `}` for the index of each `{`. Inserted braces have no width."""

    tokens: list[Token] = field(default_factory=list)
    closing: dict[int, int] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _suspect: _Open | None = None  # closed by a brace at another indent, so perhaps not meant
    _parens: int = 0
    skips: bool = False  # the rest of a declaration that is nested too deeply is not read

    def take(self, token: Token, indent: int) -> None:
        if token.type == "LBRACE":
            self._open.append(_Open(len(self.tokens), token, indent))
            self._parens = 0
        elif token.type == "RBRACE" and self._open:
            self._close(token, indent)
        elif token.type in ("LPAR", "LSQB"):
            self._parens += 1
        elif token.type in ("RPAR", "RSQB"):
            self._parens = max(0, self._parens - 1)
        self.tokens.append(token)
        if len(self._open) + self._parens > DEEPEST and not self.skips:
            self.skips = True
            self.found.append(wording.too_deep(token.span, DEEPEST))

    def _close(self, token: Token, indent: int) -> None:
        opened = self._open.pop()
        self.closing[opened.index] = len(self.tokens)
        self._parens = 0
        if token.first and self._open and indent < opened.indent and self._suspect is None:
            self._suspect = opened

    def finish(self) -> None:
        """Closes what is open, at the end of the file or before the next declaration, and says so once."""
        if self._open and not self.skips:
            opened = self._suspect if self._suspect and len(self._open) == 1 else self._open[-1]
            self.found.append(wording.unclosed(opened.token.span, self.tokens[-1].span))
        while self._open:
            last = self.tokens[-1]
            self.closing[self._open.pop().index] = len(self.tokens)
            self.tokens.append(Token("RBRACE", "", last.file, last.end, last.end, False))
        self._parens, self._suspect, self.skips = 0, None, False

    def close_before_else(self) -> None:
        """`else` on a line of its own while the block before it is open: its `}` was forgotten."""
        closed = not self.tokens or self.tokens[-1].type in ("LBRACE", "RBRACE")
        if not (closed or self.skips or not self._in_branch() or self._waits()):
            self._close_here()

    def close_before_line(self, after: Token) -> None:
        """A line of a test while the record given or expected above is open: its `}` was forgotten."""
        if self.skips or self._parens or not self._open or after.type in _GIVES or self.tokens[-1].type in _TAKES:
            return
        end = self._open[-1].index
        head = self.tokens[max(0, end - 4) : end]
        begins = next((i for i in reversed(range(len(head))) if head[i].first), None)
        if begins is not None and [token.type for token in head[begins:]] in _RECORDS:
            self._close_here()

    def _close_here(self) -> None:
        opened, last = self._open.pop(), self.tokens[-1]
        self.found.append(wording.unclosed(opened.token.span, last.span))
        self.closing[opened.index] = len(self.tokens)
        self.tokens.append(Token("RBRACE", "", last.file, last.end, last.end, False))

    def _in_branch(self) -> bool:
        """Whether the innermost open block is one that `else` may follow."""
        if not self._open:
            return False
        end = self._open[-1].index
        head = self.tokens[max(0, end - _FAR) : end]
        begins = next((i for i in reversed(range(len(head))) if head[i].first), 0)
        return any(token.type in ("IF", "UNTIL") for token in head[begins:])

    def _waits(self) -> bool:
        """Whether the statement before may be a `wait until`, whose `else` needs no block before it."""
        before = self.tokens[-_FAR:]
        braces = [i for i, token in enumerate(before) if token.type in ("LBRACE", "RBRACE")]
        return any(token.type == "UNTIL" for token in before[braces[-1] if braces else 0 :])

    def ends_before(self, token: Token, after: Token, indent: int) -> bool:
        return (
            bool(self._open or self._parens)
            and indent <= (self._open[0].indent if self._open else 0)
            and starts_declaration(token, after)
        )


def balanced(tokens: list[Token], text: str) -> Structure:
    structure, indent = Structure(), 0
    kept = structure.tokens
    for i, token in enumerate(tokens):
        if token.first:
            indent = token.start - text.rfind("\n", 0, token.start) - 1
            if token.type == "$END" or structure.ends_before(token, tokens[i + 1], indent):
                structure.finish()
            if token.type == "ELSE":
                structure.close_before_else()
            if token.type in _LINES:
                structure.close_before_line(tokens[i + 1])
        if structure.skips and token.type != "$END":
            continue
        if token.type in _BRACKETS:
            structure.take(token, indent)
        else:
            kept.append(token)
    return structure
