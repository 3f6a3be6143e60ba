"""Words and signs as SQL, spreadsheets, other languages and plain speech have them: understood, and reported.

Done on the tokens, before the parser: one look at what stands around. Nothing here fits the grammar as it is
written, so no right program is touched.
"""

from __future__ import annotations

from collections.abc import Callable

from ..diagnostics.diagnostic import Diagnostic, FixKind
from ..diagnostics.suggest import closest
from ..schema.codes_of_the_world import CURRENCIES
from ..source import Span
from . import wording
from .tokens import STRAY, Token
from .vocabulary import STATEMENTS, words

_VALUE_PLACES = words("EQ EQEQ NE LT LE GT GE COMMA LSQB BECOMES DOT")
_OPERAND_ENDS = words("NAME RPAR")
_BEGINS_CONDITION = words("COLON AND OR NOT LBRACE LPAR IF UNTIL WHEN COMMA")
_UNITS = words("minute minutes hour hours day days week weeks month months year years")
_SHORT_UNITS = {
    **dict.fromkeys(words("min mins"), "minutes"),
    **dict.fromkeys(words("h hr hrs"), "hours"),
    **dict.fromkeys(words("d"), "days"),
    **dict.fromkeys(words("w wk wks"), "weeks"),
    **dict.fromkeys(words("mo mos"), "months"),
    **dict.fromkeys(words("y yr yrs"), "years"),
}
_LOGIC = {"and": "AND", "or": "OR", "not": "NOT"}
_NOTHING = words("null none nil empty blank unknown unset undefined")
_SOMETHING = words("set present filled given")
_TEXT_WORDS = {
    **dict.fromkeys(words("like ilike contain includes include containing"), ("CONTAINS",)),
    **dict.fromkeys(words("startswith starts_with begins_with beginswith"), ("STARTS", "WITH")),
    **dict.fromkeys(words("endswith ends_with"), ("ENDS", "WITH")),
}
_COUNT_WORDS = {word: str(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}
_COUNT_WORDS |= {"once": "1", "twice": "2", "thrice": "3"}
_CONTAINING = words("like ilike contain contains include includes")
_NO_UNITS = words("AT_LEAST SEGMENT SEQUENCE WORKFLOW TEMPLATE OF")
_QUANTIFIERS = {"all": "EVERY", "each": "EVERY", "some": "ANY"}

_Found = tuple[int, list[Token], Diagnostic]  # how many tokens are replaced, by what, and what is said


def understood(tokens: list[Token], found: list[Diagnostic]) -> list[Token]:
    """The tokens as they would be written here; `found` gets one message for each place."""
    perhaps = [i for i, t in enumerate(tokens) if t.type in _RULES or t.text in _WORDS]
    result: list[Token] = []
    at, end = 0, len(tokens) - 1
    padded = [*tokens, *[tokens[-1]] * 4]
    for place in perhaps:
        if not at <= place < end:
            continue
        token = tokens[place]
        rule = _RULES.get(token.type) or _WORDS[token.text]
        result += tokens[at:place]
        at = place
        meant = rule(padded, place, result[-1].type if result else "", result)
        if meant is not None:
            found.append(meant[2])
            result += meant[1]
            at += meant[0]
    return result + tokens[at:]


def _as(like: Token, type: str, text: str | None = None, last: Token | None = None) -> Token:
    """The token as another type; with `last` it reaches to the end of that one."""
    return Token(type, type.lower() if text is None else text, like.file, like.start, (last or like).end, like.first)


def _written(first: Token, last: Token, what: str, ours: str, kind: FixKind | None = FixKind.SAFE) -> Diagnostic:
    return wording.written_otherwise(first.span.to(last.span), what, ours, kind)


# --- signs ------------------------------------------------------------------------------------


def _sign(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    token, after = t[at], t[at + 1]
    if token.text in "&|" and after.text == token.text and after.start == token.end:
        word = "and" if token.text == "&" else "or"
        return 2, [_as(token, word.upper())], _written(token, after, f"`{word}` is a word here, not a sign", word)
    if token.text in "'’":
        return _possessive(t, at, before)
    if token.text == "!" and before not in _OPERAND_ENDS:
        return 1, [_as(token, "NOT")], _written(token, token, "`not` is a word here, not a sign", "not ")
    return None


def _possessive(t: list[Token], at: int, before: str) -> _Found | None:
    """`contact's plan`."""
    after = t[at + 1]
    if before != "NAME" or after.text != "s" or after.start != t[at].end:
        return None
    return 2, [_as(t[at], "DOT", ".", after)], _written(t[at], after, "what belongs to it stands behind a dot", ".")


def _python_block(t: list[Token], at: int, *_: object) -> _Found | None:
    """`if vip:` and `else:` at the end of a line: left out, as nobody knows where the block ends."""
    end = at + 1
    while end < min(at + 40, len(t) - 2) and not t[end].first and t[end].type not in ("LBRACE", "RBRACE"):
        end += 1
    colon = t[end - 1]
    if not t[at].first or not t[end].first or colon.type != "COLON":
        return None
    what = f"the steps of `{t[at].text}` stand in `{{` and `}}`"
    return end - at, [], _written(t[at], colon, what, f"{t[at].text} .. {{ .. }}", None)


def _days_before(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`when: 30 days before renewal_on`."""
    word, name = t[at + 1], t[at + 2]
    if before != "COLON" or word.text not in ("before", "after") or name.type != "NAME":
        return None
    end = at + 3
    while t[end].type == "DOT" and t[end + 1].type == "NAME":
        end += 2
    sign = "-" if word.text == "before" else "+"
    path = "".join(token.text for token in t[at + 2 : end])
    ours = f"at {path} {sign} {t[at].text}"
    said = _written(t[at], t[end - 1], "a time before or after a date begins with `at`", ours)
    return (
        end - at,
        [_as(t[at], "AT"), *t[at + 2 : end], _as(word, "MINUS" if sign == "-" else "PLUS", sign), t[at]],
        said,
    )


def _never(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`never purchased` for `has never purchased`."""
    if before not in ("AND", "OR", "NOT", "LBRACE", "LPAR", "IF", "UNTIL") or t[at + 1].type != "NAME":
        return None
    said = _written(t[at], t[at], "what never happened is `has never`", "has never")
    return 1, [_as(t[at], "HAS"), t[at]], said


def _not_equal(t: list[Token], at: int, *_: object) -> _Found | None:
    if t[at + 1].type != "GT" or t[at + 1].start != t[at].end:
        return None
    return 2, [_as(t[at], "NE", "!=")], _written(t[at], t[at + 1], "another than is written `!=`", "!=")


def _turned(t: list[Token], at: int) -> _Found | None:
    """`=<` and `=>`."""
    sign = t[at + 1]
    if sign.type not in ("LT", "GT") or sign.start != t[at].end:
        return None
    if sign.type == "GT" and any(x.type == "ASK" or x.text == "scale" for x in t[max(0, at - 12) : at]):
        said = _written(t[at], sign, "an answer goes to its property by `->`", "->")
        return 2, [_as(t[at], "ARROW", "->", sign)], said
    ours = f"{sign.text}="
    said = _written(t[at], sign, f"at most and at least are `<=` and `>=`, not `={sign.text}`", ours)
    return 2, [_as(t[at], "LE" if sign.type == "LT" else "GE", ours, sign)], said


def _list(t: list[Token], at: int, *_: object) -> _Found | None:
    """`in (a, b)`."""
    if t[at + 1].type != "LPAR":
        return _lately(t, at)
    end = at + 2
    while t[end].type not in ("RPAR", "LPAR", "RBRACE", "LBRACE", "$END"):
        end += 1
    if t[end].type != "RPAR":
        return None
    opened, closed = t[at + 1], t[end]
    inner = t[at + 2 : end]
    said = wording.list_brackets(opened.span, closed.span)
    return end - at + 1, [t[at], _as(opened, "LSQB", "["), *inner, _as(closed, "RSQB", "]")], said


# --- words ------------------------------------------------------------------------------------


def _capitals(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`BETWEEN`, `IN`, `LIKE`, as SQL has them."""
    if before not in _OPERAND_ENDS:
        return None
    word = "contains" if t[at].text in ("LIKE", "ILIKE") else t[at].text.lower()
    if word == "in" and t[at + 1].type == "LPAR":
        t[at] = _as(t[at], "IN")
        return _list(t, at)
    what = "texts are compared by `contains`" if word == "contains" else "words of the language are in small letters"
    return (
        1,
        [_as(t[at], word.upper())],
        _written(t[at], t[at], what, word, FixKind.SAFE if word != "contains" else None),
    )


def _logic(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    token, word = t[at], t[at].text.lower()
    if word == "not" and t[at + 1].text.lower() in _CONTAINING and t[at + 2].type == "TEXT" and result:
        said = wording.not_before(token.span.to(t[at + 1].span), f"not ({result[-1].text} contains {t[at + 2].text})")
        return 2, [_as(t[at + 1], "CONTAINS")], said
    if before in _VALUE_PLACES or (word != "not" and before not in _OPERAND_ENDS | _LITERAL_ENDS):
        return None
    if t[at + 1].type in ("COLON", "DOT", "EQ"):
        return None
    return 1, [_as(token, _LOGIC[word])], _written(token, token, "words of the language are in small letters", word)


_LITERAL_ENDS = words(
    "NUMBER TEXT MONEY PERCENT DATE DATETIME DURATION RSQB TRUE FALSE MISSING KNOWN ENROLLMENT TIMES TIME MACHINES"
)


def _is(t: list[Token], at: int, *_: object) -> _Found | None:
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
        tokens = [t[at], _as(word, ours.upper())]
        return 2 + negated, tokens, _written(t[at], word, "a value is missing or known", f"is {ours}")
    if word.type not in ("NAME", "TEXT", "NUMBER", "TRUE", "FALSE", "MONEY", "DATE", "PERCENT"):
        return None
    near = closest(lower, ("missing", "known")) if word.type == "NAME" and not negated else None
    if near is not None:
        said = wording.misspelt(word.span, f"`{word.text}`", "`missing` or `known`", near)
        return 2, [t[at], _as(word, near.upper())], said
    ours, kind = ("!=", "NE") if negated else ("=", "EQ")
    said = _written(t[at], t[at + negated], "`is` is for `is missing` and `is known`", ours)
    return 1 + negated, [_as(t[at], kind, ours)], said


def _equals_nothing(t: list[Token], at: int, *_: object) -> _Found | None:
    word = t[at + 1]
    if t[at].type in ("NE", "EQEQ") and word.type == "EQ" and word.start == t[at].end:  # `===`, `!==`
        ours, kind = ("!=", "NE") if t[at].type == "NE" else ("=", "EQ")
        return 2, [_as(t[at], kind, ours, word)], _written(t[at], word, f"it is written `{ours}`", ours)
    if t[at].type == "EQ" and word.text == "!" and word.start == t[at].end:  # `=!`
        return 2, [_as(t[at], "NE", "!=", word)], _written(t[at], word, "another than is written `!=`", "!=")
    if word.type != "NAME" or word.text.lower() not in ("null", "nil"):
        return _turned(t, at) if t[at].type == "EQ" else None
    ours = "known" if t[at].type == "NE" else "missing"
    said = _written(t[at], word, "a value is missing or known", f"is {ours}")
    return 2, [_as(t[at], "IS"), _as(word, ours.upper())], said


def _text_word(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    if before not in _OPERAND_ENDS or t[at + 1].type != "TEXT":
        return None
    kinds = _TEXT_WORDS[t[at].text]
    ours = " ".join(kind.lower() for kind in kinds)
    sure = FixKind.SAFE if "like" not in t[at].text else None  # `%` is a letter like any other here
    return (
        1,
        [_as(t[at], kind) for kind in kinds],
        _written(t[at], t[at], f"texts are compared by `{ours}`", ours, sure),
    )


def _not_contains(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`email not contains "x"`, `email does not contain "x"`."""
    negated = at + (t[at].text == "does")
    last = t[negated + 1]
    if before not in _OPERAND_ENDS or t[negated].type != "NOT" or t[negated + 2].type != "TEXT":
        return None
    if last.type != "CONTAINS" and last.text not in ("contain", "include"):
        return None
    shown = f"{result[-1].text} contains {t[negated + 2].text}"
    said = wording.not_before(t[at].span.to(last.span), f"not ({shown})")
    return negated + 2 - at, [_as(last, "CONTAINS")], said


def _lately(t: list[Token], at: int, *_: object) -> _Found | None:
    """`in the last 30 days`, `within the next 2 weeks`."""
    the = t[at + 1].text == "the"
    word, length = t[at + 1 + the], t[at + 2 + the]
    if length.type not in ("DURATION", "NUMBER"):
        if the and word.type == "DURATION":
            return 2, [_as(t[at], "WITHIN")], _written(t[at], t[at + 1], "a window is `within`", "within")
        return None
    if word.text in ("last", "past", "previous"):
        return 2 + the, [_as(t[at], "WITHIN")], _written(t[at], word, "a window until now is `within`", "within")
    if word.text in ("next", "coming") and (the or t[at].type == "IN" or word.text == "coming"):
        tokens = [_as(t[at], "WITHIN"), _as(word, "NEXT")]
        return 2 + the, tokens, _written(t[at], word, "a window from now is `within next`", "within next")
    return None


def _quantifier(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    token = t[at]
    if before not in _BEGINS_CONDITION or t[at + 1].type != "NAME" or t[at + 2].type not in ("LPAR", "DOT"):
        return None
    kind = _QUANTIFIERS[token.text]
    said = _written(token, token, "the quantifiers are `any`, `no` and `every`", kind.lower())
    return 1, [_as(token, kind)], said


def _unit(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`30days`, `3 working days`, `2 wks`, `1000 eur`."""
    number, word, after = t[at], t[at + 1], t[at + 2]
    if before == "AT" and number.text.isdecimal() and int(number.text) < 24 and word.type != "COLON":
        ours = f"{int(number.text):02}:00"
        return 1, [_as(number, "CLOCK", ours)], _written(number, number, "a time has hours and minutes", ours)
    if word.text == "%" and not word.first:
        ours = f"{number.text}%"
        said = _written(number, word, "the percent sign stands right behind the number", ours)
        return 2, [_as(number, "PERCENT", ours, word)], said
    if word.first or not word.text[:1].isalpha() or before in _NO_UNITS:
        return None
    upper = word.text.upper()
    upper = "EUR" if upper in ("EURO", "EUROS") else upper
    if word.type == "NAME" and upper in CURRENCIES and word.start > number.end:
        ours = f"{number.text} {upper}"
        return 2, [_as(number, "MONEY", ours, word)], _written(word, word, "a currency has three capitals", upper)
    if word.text in ("working", "work", "week", "business") and after.text in ("day", "days") and not after.first:
        ours = f"{number.text} business {after.text}"
        return (
            3,
            [_as(number, "DURATION", ours, after)],
            _written(number, after, "days of work are `business days`", ours),
        )
    known = word.text if word.text in _UNITS else _SHORT_UNITS.get(word.text.lower())
    begins_next = after.type in ("EQ", "EQEQ", "COLON", "DOT")  # `probability = 3 amount = 5`
    unit = known or (None if begins_next else _near(word))
    if unit is None or "." in number.text:
        return None
    unit = unit.removesuffix("s") + ("" if number.text == "1" else "s")
    ours, kind = f"{number.text} {unit}", FixKind.SAFE if known else FixKind.UNSAFE
    said = _written(number, word, "a length of time is a number and its unit", ours, kind)
    return 2, [_as(number, "DURATION", ours, word)], said


def _count_word(t: list[Token], at: int, *_: object) -> _Found | None:
    """`at least two times`, `at least once`."""
    word, number = t[at + 1], _COUNT_WORDS.get(t[at + 1].text)
    if number is None or word.first:
        return None
    unit = "time" if number == "1" else "times"
    times = [] if t[at + 2].text in ("times", "time") else [_as(word, unit.upper())]
    ours = f"{number} {unit}" if times else number
    return 2, [t[at], _as(word, "NUMBER", number), *times], _written(word, word, "a count is written in digits", ours)


def _near(word: Token) -> str | None:
    return closest(word.text, sorted(_UNITS)) if word.type == "NAME" and len(word.text) > 2 else None


def _currency_first(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`EUR 1000`."""
    token, number = t[at], t[at + 1]
    if number.type != "NUMBER" or number.first:
        return None
    ours = f"{number.text} {token.text}"
    return (
        2,
        [_as(token, "MONEY", ours, number)],
        _written(token, number, "the currency stands behind the amount", ours),
    )


def _then(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`if vip then {`, and `if vip then` with the statements below it."""
    if before in _VALUE_PLACES:
        return None
    if t[at + 1].type == "LBRACE":
        return 1, [], wording.surplus(t[at].span, t[at].text)
    if not t[at + 1].first or next((x.type for x in reversed(result) if x.first), "") != "IF":
        return None
    return 1, [_as(t[at], "LBRACE")], _written(t[at], t[at], "a block stands in `{` and `}`", "{", None)


def _end(t: list[Token], at: int, _: str, result: list[Token]) -> _Found | None:
    """`end` and `end if` of a block that `then` has opened."""
    last = at + (t[at + 1].type == "IF" and not t[at + 1].first)
    near = result[-200:]
    opened, closed = (sum(x.text == sign for x in near) for sign in ("lbrace", "rbrace"))  # those made here
    if not t[at].first or opened <= closed or not (t[last + 1].first or t[last + 1].type == "RBRACE"):
        return None
    said = _written(t[at], t[last], "a block ends with `}`", "}", None)
    return last + 1 - at, [_as(t[at], "RBRACE", None, t[last])], said


def _else_if(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    if before != "RBRACE":
        return None
    tokens = [_as(t[at], "ELSE"), _as(t[at], "IF")]
    return 1, tokens, _written(t[at], t[at], "another case is `else if`", "else if")


def _send_what(t: list[Token], at: int, *_: object) -> _Found | None:
    """`send template hello`."""
    word, name = t[at + 1], t[at + 2]
    if word.text not in ("template", "email", "mail") or name.type != "NAME" or name.first:
        return None
    if name.text in STATEMENTS or t[at + 3].type in ("COLON", "DOT"):
        return None
    return 2, [t[at]], wording.surplus(word.span, word.text)


def _kind_first(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`when: segment warm` for `when: in segment warm`."""
    token, name = t[at], t[at + 1]
    if before not in _BEGINS_CONDITION - {"COMMA"} or token.first or name.type != "NAME" or name.first:
        return None
    if t[at + 2].type in ("TEXT", "OF", "LBRACE", "COLON"):
        return None
    said = _written(token, token, f"being in a {token.text} is `in {token.text}`", f"in {token.text}")
    return 1, [_as(token, "IN"), token], said


def _on_event(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`when: on purchased`."""
    if before != "COLON" or [t.text for t in result[-2:-1]] != ["when"] or t[at + 1].type != "NAME" or t[at + 1].first:
        return None
    return 1, [], wording.surplus(t[at].span, t[at].text)


def _no(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`has no purchased`; `exclusive: no`: elsewhere `no` is a quantifier and would take the next word with it."""
    if before == "HAS":
        return 1, [_as(t[at], "NOT")], _written(t[at], t[at], "what did not happen is `has not`", "not")
    if before != "COLON" or not {t.text for t in result[-2:-1]} & {"exclusive", "threading"}:
        return None
    said = _written(t[at], t[at], "yes and no are `true` and `false`", "false")
    return 1, [_as(t[at], "FALSE")], said


# --- conversations, cases, rows ---------------------------------------------------------------


def _asked(t: list[Token], at: int, *_: object) -> _Found | None:
    """`ask role "Their part" choice [a, b]` without the colon."""
    name, question, type = t[at + 1], t[at + 2], t[at + 3]
    if question.type != "TEXT" or type.type != "NAME" or type.first or name.first:
        return None
    here = Span(type.file, type.start, type.start)
    said = wording.missing_sign(here, ":", f"`{type.text}`")
    colon = Token("COLON", ":", type.file, question.end, question.end, False)
    return 4, [t[at], name, question, colon, type], said


def _options(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`choice (a, b)`."""
    return _list(t, at) if before == "COLON" and t[at + 1].type == "LPAR" else None


def _scale(t: list[Token], at: int, before: str, result: list[Token]) -> _Found | None:
    """`scale: 0-10`."""
    named = [x.text for x in result[-3:-2]] == ["scale"]
    if not named or before != "NUMBER" or t[at + 1].type != "NUMBER":
        return None
    return 1, [_as(t[at], "DOTS", "..")], _written(t[at], t[at], "a scale is written `0..10`", "..")


def _case(t: list[Token], at: int, before: str, _: list[Token]) -> _Found | None:
    """`case jp { }`, `default { }`."""
    token, after = t[at], t[at + 1]
    if before not in ("LBRACE", "RBRACE"):
        return None
    if token.text == "case" and after.type in ("NAME", "TEXT", "NUMBER") and not after.first:
        return 1, [], wording.surplus(token.span, token.text)
    if token.text != "case" and before == "RBRACE" and after.type == "LBRACE":
        return 1, [_as(token, "ELSE")], _written(token, token, "what is left is `else`", "else")
    return None


def _for(t: list[Token], at: int, *_: object) -> _Found | None:
    """`for x in [a, b]`."""
    name, joins = t[at + 1], t[at + 2]
    if not t[at].first or name.type != "NAME" or joins.type not in ("IN", "COMMA"):
        return None
    each = Token("EACH", "each", name.file, t[at].end, t[at].end, False)
    return 1, [t[at], each], _written(t[at], t[at], "rows are `for each`", "for each")


_Rule = Callable[[list[Token], int, str, list[Token]], _Found | None]
_RULES: dict[str, _Rule] = {
    STRAY: _sign,
    "LT": _not_equal,
    "IN": _list,
    "WITHIN": _lately,
    "IS": _is,
    "EQ": _equals_nothing,
    "NE": _equals_nothing,
    "EQEQ": _equals_nothing,
    "IF": _python_block,
    "ELSE": _python_block,
    "DURATION": _days_before,
    "NEVER": _never,
    "NUMBER": _unit,
    "NOT": _not_contains,
    "SEGMENT": _kind_first,
    "SEQUENCE": _kind_first,
    "SEND": _send_what,
    "ALL": _quantifier,
    "ON": _on_event,
    "NO": _no,
    "ASK": _asked,
    "FOR": _for,
    "MINUS": _scale,
    "AT_LEAST": _count_word,
}
_WORDS: dict[str, _Rule] = {
    **dict.fromkeys(("AND", "OR", "NOT", "And", "Or", "Not"), _logic),
    **dict.fromkeys(_TEXT_WORDS, _text_word),
    **dict.fromkeys(("BETWEEN", "IN", "LIKE", "ILIKE", "CONTAINS"), _capitals),
    **dict.fromkeys(("each", "some"), _quantifier),
    **dict.fromkeys(("elif", "elsif", "elseif", "else_if"), _else_if),
    **dict.fromkeys(CURRENCIES - {"ALL"}, _currency_first),
    "does": _not_contains,
    **dict.fromkeys(("choice", "multi_choice"), _options),
    **dict.fromkeys(("case", "default", "otherwise"), _case),
    "then": _then,
    **dict.fromkeys(("end", "endif", "end_if"), _end),
}
