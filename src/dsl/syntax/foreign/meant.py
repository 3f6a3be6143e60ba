"""What every rule about foreign words is made of: it looks at tokens and says which were meant."""

from __future__ import annotations

from collections.abc import Callable

from ...diagnostics.diagnostic import Diagnostic, FixKind
from .. import wording
from ..tokens import Token
from ..vocabulary import words

VALUE_PLACES = words("EQ EQEQ NE LT LE GT GE COMMA LSQB BECOMES DOT")
OPERAND_ENDS = words("NAME RPAR")
BEGINS_CONDITION = words("COLON AND OR NOT LBRACE LPAR IF UNTIL WHEN COMMA")
Found = tuple[int, list[Token], Diagnostic]  # how many tokens are replaced, by what, and what is said
Rule = Callable[[list[Token], int, str, list[Token]], Found | None]


def as_token(like: Token, type: str, text: str | None = None, last: Token | None = None) -> Token:
    """The token as another type; with `last` it reaches to the end of that one."""
    return Token(type, type.lower() if text is None else text, like.file, like.start, (last or like).end, like.first)


def written(first: Token, last: Token, what: str, ours: str, kind: FixKind | None = FixKind.SAFE) -> Diagnostic:
    return wording.written_otherwise(first.span.to(last.span), what, ours, kind)
