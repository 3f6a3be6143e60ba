"""Words and signs as SQL, spreadsheets, other languages and plain speech have them: understood, and reported.

Done on the tokens, before the parser: one look at what stands around. Nothing here fits the grammar as it is
written, so no right program is touched.
"""

from __future__ import annotations

from ...diagnostics.diagnostic import Diagnostic
from ...schema.codes_of_the_world import CURRENCIES
from ..tokens import STRAY, Token
from .conditions import (
    TEXT_WORDS,
    capitals,
    is_nothing,
    kind_first,
    logic,
    never,
    no,
    not_contains,
    quantifier,
    text_word,
)
from .lengths import count_word, currency_first, days_before, from_today, lately, unit
from .meant import Rule
from .signs import brackets, equals_nothing, not_equal, options, scale, sign
from .statements import (
    asked,
    assigned,
    case,
    else_if,
    end_of_block,
    on_event,
    python_block,
    rows,
    send_what,
    then,
    to_team,
)


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


_RULES: dict[str, Rule] = {
    STRAY: sign,
    "LT": not_equal,
    "IN": brackets,
    "WITHIN": lately,
    "IS": is_nothing,
    "EQ": equals_nothing,
    "NE": equals_nothing,
    "EQEQ": equals_nothing,
    "IF": python_block,
    "ELSE": python_block,
    "DURATION": days_before,
    "NEVER": never,
    "NUMBER": unit,
    "NOT": not_contains,
    "SEGMENT": kind_first,
    "SEQUENCE": kind_first,
    "SEND": send_what,
    "ALL": quantifier,
    "ON": on_event,
    "NO": no,
    "ASK": asked,
    "FOR": rows,
    "MINUS": scale,
    "AT_LEAST": count_word,
}

_WORDS: dict[str, Rule] = {
    **dict.fromkeys(("AND", "OR", "NOT", "And", "Or", "Not"), logic),
    **dict.fromkeys(TEXT_WORDS, text_word),
    **dict.fromkeys(("BETWEEN", "IN", "LIKE", "ILIKE", "CONTAINS"), capitals),
    **dict.fromkeys(("each", "some"), quantifier),
    **dict.fromkeys(("elif", "elsif", "elseif", "else_if"), else_if),
    **dict.fromkeys(CURRENCIES - {"ALL"}, currency_first),
    "does": not_contains,
    **dict.fromkeys(("choice", "multi_choice"), options),
    **dict.fromkeys(("case", "default", "otherwise"), case),
    "then": then,
    "assigned": assigned,
    "team": to_team,
    "today": from_today,
    **dict.fromkeys(("end", "endif", "end_if"), end_of_block),
}
