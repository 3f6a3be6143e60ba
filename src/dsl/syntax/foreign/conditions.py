"""Words of conditions as SQL and plain speech have them."""

from __future__ import annotations

from ...diagnostics.diagnostic import FixKind
from ...diagnostics.suggest import closest
from .. import wording
from ..tokens import Token
from ..vocabulary import words
from .meant import BEGINS_CONDITION, OPERAND_ENDS, VALUE_PLACES, Found, as_token, written
from .signs import brackets

_LOGIC = {"and": "AND", "or": "OR", "not": "NOT"}
_NOTHING = words("null none nil empty blank unknown unset undefined")
_SOMETHING = words("set present filled given")
TEXT_WORDS = {
    **dict.fromkeys(words("like ilike contain includes include containing"), ("CONTAINS",)),
    **dict.fromkeys(words("startswith starts_with begins_with beginswith"), ("STARTS", "WITH")),
    **dict.fromkeys(words("endswith ends_with"), ("ENDS", "WITH")),
}
_CONTAINING = words("like ilike contain contains include includes")
_QUANTIFIERS = {"all": "EVERY", "each": "EVERY", "some": "ANY"}
_LITERAL_ENDS = words(
    "NUMBER TEXT MONEY PERCENT DATE DATETIME DURATION RSQB TRUE FALSE MISSING KNOWN ENROLLMENT TIMES TIME MACHINES"
)


def capitals(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`BETWEEN`, `IN`, `LIKE`, as SQL has them."""
    if before not in OPERAND_ENDS:
        return None
    word = "contains" if t[at].text in ("LIKE", "ILIKE") else t[at].text.lower()
    if word == "in" and t[at + 1].type == "LPAR":
        t[at] = as_token(t[at], "IN")
        return brackets(t, at)
    what = "texts are compared by `contains`" if word == "contains" else "words of the language are in small letters"
    return (
        1,
        [as_token(t[at], word.upper())],
        written(t[at], t[at], what, word, FixKind.SAFE if word != "contains" else None),
    )


def logic(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    token, word = t[at], t[at].text.lower()
    if word == "not" and t[at + 1].text.lower() in _CONTAINING and t[at + 2].type == "TEXT" and result:
        said = wording.not_before(token.span.to(t[at + 1].span), f"not ({result[-1].text} contains {t[at + 2].text})")
        return 2, [as_token(t[at + 1], "CONTAINS")], said
    if before in VALUE_PLACES or (word != "not" and before not in OPERAND_ENDS | _LITERAL_ENDS):
        return None
    if t[at + 1].type in ("COLON", "DOT", "EQ"):
        return None
    return 1, [as_token(token, _LOGIC[word])], written(token, token, "words of the language are in small letters", word)


def is_nothing(t: list[Token], at: int, *_: object) -> Found | None:
    """`is null`, `is not missing`, `is free`."""
    negated = t[at + 1].type == "NOT"
    word = t[at + 1 + negated]
    lower = word.text.lower()
    missing = word.type == "MISSING" or lower in _NOTHING
    known = word.type == "KNOWN" or (lower in _SOMETHING)
    if not negated and word.type in ("MISSING", "KNOWN"):
        return None
    if missing or known:
        ours = "known" if missing == negated else "missing"
        tokens = [t[at], as_token(word, ours.upper())]
        return 2 + negated, tokens, written(t[at], word, "a value is missing or known", f"is {ours}")
    if word.type not in ("NAME", "TEXT", "NUMBER", "TRUE", "FALSE", "MONEY", "DATE", "PERCENT"):
        return None
    near = closest(lower, ("missing", "known")) if word.type == "NAME" and not negated else None
    if near is not None:
        said = wording.misspelt(word.span, f"`{word.text}`", "`missing` or `known`", near)
        return 2, [t[at], as_token(word, near.upper())], said
    ours, kind = ("!=", "NE") if negated else ("=", "EQ")
    said = written(t[at], t[at + negated], "`is` is for `is missing` and `is known`", ours)
    return 1 + negated, [as_token(t[at], kind, ours)], said


def text_word(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    if before not in OPERAND_ENDS or t[at + 1].type != "TEXT":
        return None
    kinds = TEXT_WORDS[t[at].text]
    ours = " ".join(kind.lower() for kind in kinds)
    sure = FixKind.SAFE if "like" not in t[at].text else None  # `%` is a letter like any other here
    return (
        1,
        [as_token(t[at], kind) for kind in kinds],
        written(t[at], t[at], f"texts are compared by `{ours}`", ours, sure),
    )


def not_contains(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`email not contains "x"`, `email does not contain "x"`."""
    negated = at + (t[at].text == "does")
    last = t[negated + 1]
    if before not in OPERAND_ENDS or t[negated].type != "NOT" or t[negated + 2].type != "TEXT":
        return None
    if last.type != "CONTAINS" and last.text not in ("contain", "include"):
        return None
    shown = f"{result[-1].text} contains {t[negated + 2].text}"
    said = wording.not_before(t[at].span.to(last.span), f"not ({shown})")
    return negated + 2 - at, [as_token(last, "CONTAINS")], said


def never(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`never purchased` for `has never purchased`."""
    if before not in ("AND", "OR", "NOT", "LBRACE", "LPAR", "IF", "UNTIL") or t[at + 1].type != "NAME":
        return None
    said = written(t[at], t[at], "what never happened is `has never`", "has never")
    return 1, [as_token(t[at], "HAS"), t[at]], said


def no(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`has no purchased`; `exclusive: no`: elsewhere `no` is a quantifier and would take the next word with it."""
    if before == "HAS":
        return 1, [as_token(t[at], "NOT")], written(t[at], t[at], "what did not happen is `has not`", "not")
    if before != "COLON" or not {t.text for t in result[-2:-1]} & {"exclusive", "threading"}:
        return None
    said = written(t[at], t[at], "yes and no are `true` and `false`", "false")
    return 1, [as_token(t[at], "FALSE")], said


def quantifier(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    token = t[at]
    if before not in BEGINS_CONDITION or t[at + 1].type != "NAME" or t[at + 2].type not in ("LPAR", "DOT"):
        return None
    kind = _QUANTIFIERS[token.text]
    said = written(token, token, "the quantifiers are `any`, `no` and `every`", kind.lower())
    return 1, [as_token(token, kind)], said


def kind_first(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`when: segment warm` for `when: in segment warm`."""
    token, name = t[at], t[at + 1]
    if before not in BEGINS_CONDITION - {"COMMA"} or token.first or name.type != "NAME" or name.first:
        return None
    if t[at + 2].type in ("TEXT", "OF", "LBRACE", "COLON"):
        return None
    said = written(token, token, f"being in a {token.text} is `in {token.text}`", f"in {token.text}")
    return 1, [as_token(token, "IN"), token], said
