"""Signs and brackets as other languages write them."""

from __future__ import annotations

from .. import wording
from ..tokens import Token
from .lengths import lately
from .meant import OPERAND_ENDS, Found, as_token, written

# One sign for two of ours, as spreadsheets show them and Japanese keyboards write them.
_COMPARES = {"≠": ("NE", "!="), "≤": ("LE", "<="), "≦": ("LE", "<="), "≥": ("GE", ">="), "≧": ("GE", ">=")}


def sign(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    token, after = t[at], t[at + 1]
    if token.text in "&|" and after.text == token.text and after.start == token.end:
        word = "and" if token.text == "&" else "or"
        return 2, [as_token(token, word.upper())], written(token, after, f"`{word}` is a word here, not a sign", word)
    if token.text in _COMPARES:
        kind, ours = _COMPARES[token.text]
        return 1, [as_token(token, kind, ours)], written(token, token, f"it is written `{ours}`", ours)
    if token.text == "→":
        return 1, [as_token(token, "ARROW", "->")], written(token, token, "an arrow is written `->`", "->")
    if token.text in "'’":
        return _possessive(t, at, before)
    if token.text == "!" and before not in OPERAND_ENDS:
        return 1, [as_token(token, "NOT")], written(token, token, "`not` is a word here, not a sign", "not ")
    return None


def _possessive(t: list[Token], at: int, before: str) -> Found | None:
    """`contact's plan`."""
    after = t[at + 1]
    if before != "NAME" or after.text != "s" or after.start != t[at].end:
        return None
    return 2, [as_token(t[at], "DOT", ".", after)], written(t[at], after, "what belongs to it stands behind a dot", ".")


def not_equal(t: list[Token], at: int, *_: object) -> Found | None:
    if t[at + 1].type != "GT" or t[at + 1].start != t[at].end:
        return None
    return 2, [as_token(t[at], "NE", "!=")], written(t[at], t[at + 1], "another than is written `!=`", "!=")


def equals_nothing(t: list[Token], at: int, *_: object) -> Found | None:
    word = t[at + 1]
    if t[at].type in ("NE", "EQEQ") and word.type == "EQ" and word.start == t[at].end:  # `===`, `!==`
        ours, kind = ("!=", "NE") if t[at].type == "NE" else ("=", "EQ")
        return 2, [as_token(t[at], kind, ours, word)], written(t[at], word, f"it is written `{ours}`", ours)
    if t[at].type == "EQ" and word.text == "!" and word.start == t[at].end:  # `=!`
        return 2, [as_token(t[at], "NE", "!=", word)], written(t[at], word, "another than is written `!=`", "!=")
    if word.type != "NAME" or word.text.lower() not in ("null", "nil"):
        return _turned(t, at) if t[at].type == "EQ" else None
    ours = "known" if t[at].type == "NE" else "missing"
    said = written(t[at], word, "a value is missing or known", f"is {ours}")
    return 2, [as_token(t[at], "IS"), as_token(word, ours.upper())], said


def _turned(t: list[Token], at: int) -> Found | None:
    """`=<` and `=>`."""
    sign = t[at + 1]
    if sign.type not in ("LT", "GT") or sign.start != t[at].end:
        return None
    if sign.type == "GT" and any(x.type == "ASK" or x.text == "scale" for x in t[max(0, at - 12) : at]):
        said = written(t[at], sign, "an answer goes to its property by `->`", "->")
        return 2, [as_token(t[at], "ARROW", "->", sign)], said
    ours = f"{sign.text}="
    said = written(t[at], sign, f"at most and at least are `<=` and `>=`, not `={sign.text}`", ours)
    return 2, [as_token(t[at], "LE" if sign.type == "LT" else "GE", ours, sign)], said


def brackets(t: list[Token], at: int, *_: object) -> Found | None:
    """`in (a, b)`."""
    if t[at + 1].type != "LPAR":
        return lately(t, at)
    end = at + 2
    while t[end].type not in ("RPAR", "LPAR", "RBRACE", "LBRACE", "$END"):
        end += 1
    if t[end].type != "RPAR":
        return None
    opened, closed = t[at + 1], t[end]
    inner = t[at + 2 : end]
    said = wording.list_brackets(opened.span, closed.span)
    return end - at + 1, [t[at], as_token(opened, "LSQB", "["), *inner, as_token(closed, "RSQB", "]")], said


def options(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`choice (a, b)`."""
    return brackets(t, at) if before == "COLON" and t[at + 1].type == "LPAR" else None


def scale(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`scale: 0-10`."""
    named = [x.text for x in result[-3:-2]] == ["scale"]
    if not named or before != "NUMBER" or t[at + 1].type != "NUMBER":
        return None
    return 1, [as_token(t[at], "DOTS", "..")], written(t[at], t[at], "a scale is written `0..10`", "..")
