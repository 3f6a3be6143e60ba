"""Segue's colours for Pygments: documentation, rich, and whatever else asks for the language `segue`."""

from __future__ import annotations

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
)

from dsl.syntax.highlighting import highlighting

_H = highlighting()
_ALONE = r"(?!\w)"


def _words(group: frozenset[str]) -> words:
    return words(sorted(group), prefix=r"(?<![\w.])", suffix=_ALONE)


_DECLARED = rf"({'|'.join(sorted(_H.declarations))})([ \t]+)({_H.name})"
_FIELD = (r"\{\{.*?\}\}", String.Interpol)


__all__ = ["SegueLexer"]  # Pygments asks for it


class SegueLexer(RegexLexer):  # type: ignore[misc]  # pygments ships no types
    """Rule files, by words and shapes alone: what a name means only the checker knows."""

    name = "Segue"
    aliases: ClassVar = ["segue"]
    filenames: ClassVar = ["*.segue"]
    mimetypes: ClassVar = ["text/x-segue"]
    url = ""
    tokens: ClassVar = {
        "root": [
            (r"\s+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (r'"""', String.Heredoc, "block"),
            (r'"', String.Double, "text"),
            *((shape, Number) for shape in _H.numbers),
            (_DECLARED, bygroups(Keyword.Declaration, Whitespace, Name.Class)),
            (words(sorted(_H.settings), prefix=r"(?<![\w.])", suffix=r"(?=\s*:)"), Name.Attribute),
            (_words(_H.declarations), Keyword.Declaration),
            (_words(_H.statements), Keyword),
            (_words(_H.operators), Operator.Word),
            (words(sorted(_H.functions), prefix=r"(?<![\w.])", suffix=r"(?=\s*\()"), Name.Builtin),
            (_words(_H.constants), Keyword.Constant),
            (_words(_H.others), Keyword),
            (_H.name, Name),
            (r"->|\.\.|==|!=|<=|>=|[=<>+-]", Operator),
            (r"[:,.(){}\[\]]", Punctuation),
            (r".", Text),
        ],
        "text": [
            _FIELD,
            (r'"', String.Double, "#pop"),
            (r"\n", Whitespace, "#pop"),  # a text that was not closed ends with its line
            (r'\\["\\n]', String.Escape),
            (r'[^"\\\n{]+|.', String.Double),
        ],
        "block": [
            (r"\{\{[\s\S]*?\}\}", String.Interpol),
            (r'"""', String.Heredoc, "#pop"),
            (r'[^"{]+|.', String.Heredoc),
        ],
    }
