"""Text to tokens: one regular expression, made of the grammar's own terminals, and a table of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from unicodedata import normalize

from ..diagnostics.diagnostic import Diagnostic
from ..source import Span
from . import wording
from .foreign.values import STARTS, foreign_value, may_be_foreign
from .full_width import replaced
from .nodes import Comment
from .vocabulary import DECLARATIONS, RESERVED_ALONE

_DECLARES = "|".join(sorted(DECLARATIONS))
# A block text that runs into a line like `segment x ..` or `test ".."` at the margin was never closed.
_NEXT_DECLARATION = re.compile(rf'\n(?=(?:{_DECLARES})[ \t]+[^\W0-9"]\w*[^\n]*(?:\{{|\bof\b))')
_NEXT_SETTING = re.compile(r'\s+\w+:[ \t]*"\Z')
_ON_TO_NEXT_TEXT = re.compile(r'([^"\'\n]*)"[^"\n]*"')
_MOST_QUOTED = 20  # texts in one merge field
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
STRAY = "STRAY"  # characters that belong to no terminal


class Token:
    """A piece of the text. `type` is a terminal of the grammar; `first` says that it stands first on its line."""

    __slots__ = ("end", "file", "first", "start", "text", "type")

    def __init__(self, type: str, text: str, file: str, start: int, end: int, first: bool) -> None:
        self.type, self.text, self.file = type, text, file
        self.start, self.end, self.first = start, end, first

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.end)

    def retyped(self, type: str) -> Token:
        return Token(type, self.text, self.file, self.start, self.end, self.first)


class Lexed(NamedTuple):
    """`tokens` end with one of type $END. `text` has the length of the file's text, full-width punctuation replaced."""

    tokens: list[Token]
    comments: list[Comment]
    found: list[Diagnostic]
    text: str


class Lexer:
    """Built once from the terminals of the grammar, in the order they stand there."""

    def __init__(self, terminals: Iterable[tuple[str, str, str]]) -> None:
        """Each terminal as its name, whether it is a `str` or a `re`, and its pattern."""
        patterns = list(terminals)
        fixed = {value: name for name, kind, value in patterns if kind == "str"}
        self.words = {text: name for text, name in fixed.items() if text[0].isalpha()}
        self.words |= {text: text.upper() for text in RESERVED_ALONE}
        self.spelling = {name: text for text, name in fixed.items()}
        signs = {text: name for text, name in fixed.items() if text not in self.words}
        found = [f"(?P<{name}>{value})" for name, kind, value in patterns if kind == "re" and name != "BLANK"]
        found += [f"(?P<{name}>{re.escape(text)})" for text, name in sorted(signs.items(), key=lambda s: -len(s[0]))]
        either = "|".join([*found, rf"(?P<{STRAY}>[^\w\s])", r"(?P<STRAYS>.)"])
        self._next: Any = re.compile(rf"\s*+(?:{either})")  # `scanner` is not in the types of `re`
        self._kinds = {number: name for name, number in self._next.groupindex.items()}

    def read(self, file: str, written: str) -> Lexed:
        """Never fails: what fits nothing becomes a STRAY token."""
        text, found = replaced(file, written)
        tokens: list[Token] = []
        comments: list[Comment] = []
        at, first, words, kinds, ascii = 0, True, self.words, self._kinds, text.isascii()
        following = self._next.scanner(text).match
        while (m := following()) is not None:
            number = m.lastindex
            kind = kinds[number]
            start, end = m.span(number)
            if start > at and not first:
                first = text.find("\n", at, start) >= 0
            foreign = None
            if text[start] in STARTS and may_be_foreign(text, start):
                foreign = foreign_value(file, text, start, _last(tokens))
            if foreign is not None:
                found.append(foreign.finding)
                if foreign.type != "COMMENT":
                    tokens.append(Token(foreign.type, foreign.text, file, start, foreign.end, first))
                    first = False
                at = foreign.end
                following = self._next.scanner(text, at).match
                continue
            piece = text[start:end]
            if kind == "NAME":
                if not ascii and not piece.isascii():
                    piece = _visible(file, piece, start, found)
                kind = words.get(piece, kind)
            elif kind == "COMMENT":
                piece = piece.rstrip()
                if "\r" in piece:
                    found.append(wording.hidden_lines(Span(file, start, start + len(piece)), piece))
                comments.append(Comment(piece, first, Span(file, start, start + len(piece))))
                at = end
                continue
            elif kind == "TEXT":
                taken = end
                piece = _before_block(text, start, piece)
                piece, end = _quoted_inside(file, text, start, piece, found) or _closed(file, piece, start, found)
                if end != taken:
                    following = self._next.scanner(text, end).match
            elif kind == "STRAYS":
                kind = STRAY
            tokens.append(Token(kind, piece, file, start, end, first))
            first, at = False, end
        size = len(text)
        tokens.append(Token("$END", "", file, size, size, True))
        return Lexed(tokens, comments, found, text)


def _visible(file: str, piece: str, at: int, found: list[Diagnostic]) -> str:
    """The word in NFC, without the characters that nobody sees: they come with what is pasted from a web page."""
    hidden = [at + i for i, c in enumerate(piece) if c in _INVISIBLE]
    if hidden:
        found.append(wording.invisible(Span(file, at, at + len(piece)), hidden, ord(piece[hidden[0] - at])))
        piece = "".join(c for c in piece if c not in _INVISIBLE)
    return normalize("NFC", piece)


def _last(tokens: list[Token]) -> list[str]:
    """The words just before, and the type of the last one."""
    return [*(t.text for t in tokens[-4:]), tokens[-1].type if tokens else ""]


def _closed(file: str, piece: str, at: int, found: list[Diagnostic]) -> tuple[str, int]:
    """The text and its end; where the closing quotes are missing, the part that was most likely meant."""
    if piece.startswith('"""'):
        runs_on = _NEXT_DECLARATION.search(piece)
        if len(piece) >= 6 and piece.endswith('"""') and not runs_on:
            return piece, at + len(piece)
        piece = _without_brace(piece[: runs_on.start()] if runs_on else piece)
        found.append(wording.unterminated(Span(file, at, at + 3), '"""', at + len(piece.rstrip())))
        return piece, at + len(piece)
    if len(piece) > 1 and piece.endswith('"') and not _escaped(piece):
        return piece, at + len(piece)
    piece = _without_brace(piece.rstrip())
    found.append(wording.unterminated(Span(file, at, at + len(piece)), '"', at + len(piece)))
    return piece, at + len(piece)


def _before_block(text: str, at: int, piece: str) -> str:
    """`"Hello body: \"` up to before `body:`, where the quote that seems to close it opens the next setting's block."""
    setting = _NEXT_SETTING.search(piece) if text.startswith('""', at + len(piece)) else None
    return piece[: setting.start()] if setting else piece


def _quoted_inside(file: str, text: str, at: int, piece: str, found: list[Diagnostic]) -> tuple[str, int] | None:
    """`"Hi {{ contact.first_name | default: "you" }}"` as one text, and its end: a quote behind a `:` in the middle of
    a merge field closes no text, if the field ends on the same line."""
    end = at + len(piece)
    quoted: list[Span] = []
    while piece[:2] != '""' and piece.rfind("{{") > piece.rfind("}}"):
        onward = _ON_TO_NEXT_TEXT.match(text, end) if piece[:-1].rstrip().endswith(":") else None
        if onward is None or len(quoted) == _MOST_QUOTED:
            return None
        quoted.append(Span(file, end - 1, onward.end(1) + 1))
        end = onward.end()
        piece = text[at:end]
    if not quoted:
        return None
    for one in quoted:
        inside = piece[one.start + 1 - at : one.end - 1 - at]
        piece = f"{piece[: one.start - at]}'{inside}'{piece[one.end - at :]}"
    found.append(wording.quoted_inside(quoted, text))
    return piece, end


def _escaped(piece: str) -> bool:
    """Whether the last quote is written `\\"` and so closes nothing."""
    before = piece[:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _without_brace(piece: str) -> str:
    """A text without end stops before a `}` that closes nothing in it, so that one mistake stays one."""
    while piece.endswith("}") and piece.count("}") > piece.count("{"):
        piece = piece[:-1].rstrip()
    return piece
