"""Which words are keywords where. The grammar names every keyword; here stands when one is an ordinary name.

Most keywords are names wherever the parser can take a name and not the keyword. Where it could take
both, the neighbours decide, as the tables below say.
"""

from __future__ import annotations

from collections.abc import Container

from .tokens import Token
from .vocabulary import DECLARATIONS, RULES, STATEMENTS, words

RESERVED = words(
    "AGO AND ANY AT BETWEEN BUSINESS CHANGED CONTAINS ELSE ENDS EVERY EXPECT FELL GIVEN HAS IN IS MATCHES NEVER NO NOT "
    "OLDER OR ROSE SINCE STARTS WAS WITHIN"
)
_DECLARING = words("SEGMENT SEQUENCE WORKFLOW")
_STARTERS = frozenset(word.upper() for word in DECLARATIONS | STATEMENTS | RULES)
_SIGNS = words("DOT COLON LPAR EQ EQEQ NE LT LE GT GE")
_OPERATORS = _SIGNS | words(
    "PLUS MINUS IS CONTAINS BETWEEN OLDER WITHIN BECOMES STARTS ENDS MATCHES WAS CHANGED AND OR"
)
# What follows a name in a condition, and never a word that begins something, but for these pairs.
_AFTER_NAMES = _OPERATORS | words("IN NOT FELL ROSE SINCE AT_LEAST INCLUDING")
_BEGUN = {("ENROLL", "IN"), ("ADD", "MINUS"), ("MATCH", "MINUS")}
_ENDS_VALUE = words("COMMA RSQB RPAR RBRACE")
_VALUE_PLACES = words("EQ EQEQ NE LT LE GT GE COMMA LSQB COLON BECOMES")
_JOINING = words("AND OR NOT")
_FUNCTIONS = words("COUNT LAST FIRST SUM MIN MAX AVG SCORE")
# Keywords only where this follows; else a name: `subscribed` is an event too, `count` may be a property.
_ONLY_BEFORE = {
    "AFTER": {"DURATION"},
    "ALL": {"LSQB"},
    "AUTOMATED": {"LBRACE"},
    "OPTED": {"OUT"},
    "REP_LED": {"WHEN", "LBRACE"},
    "STATIC": {"SEGMENT"},
    "SUBSCRIBED": {"TO"},
} | {function: {"LPAR"} for function in _FUNCTIONS}
_NO_NAMES = _OPERATORS | RESERVED | {"AT_LEAST", "INCLUDING"}
_LINES = words("GIVEN EXPECT CLOCK_AT AFTER ON FOR WHEN")
_WORDLIKE = frozenset({"NAME", "TEXT"})


def terminal(token: Token, before: str, after: str, actions: Container[str]) -> str:
    """What the word `token` is between its neighbours, in a state of the parser that can take `actions`."""
    kind = token.type
    if kind == "NAME" or before == "DOT":
        return "NAME"
    if kind == "OF" and before in _DECLARING:
        return kind  # a forgotten name is the likelier mistake
    ends_line_before = kind in actions or after not in _ENDS_VALUE  # else the last of a list, or a condition alone
    if after == "LBRACE" and "ELSE" in actions and "TRUE" in actions and "NAME" in actions and kind not in actions:
        return "NAME"  # between the cases of a `match`
    if token.first and ends_line_before and starts_statement_or_declaration(token, after):
        return kind
    if kind in actions:
        return "NAME" if "NAME" in actions and _is_name(kind, after) else kind
    if "NAME" in actions and (kind not in RESERVED or after == "COLON" or _is_value(kind, before)):
        return "NAME"
    return kind


def _is_value(kind: str, before: str) -> bool:
    """`never` and `any` may be values; a word that joins conditions follows a value that was forgotten."""
    return before in _VALUE_PLACES and kind not in _JOINING


def _is_name(kind: str, after: str) -> bool:
    if kind in _ONLY_BEFORE:
        return after not in _ONLY_BEFORE[kind]
    if kind == "IF":
        return after in _OPERATORS and after not in ("LPAR", "MINUS", "WAS")
    if kind == "WHEN":
        return after == "COLON"
    if kind in RESERVED:
        return after == "COLON"
    if kind in _STARTERS:
        return after in _AFTER_NAMES and (kind, after) not in _BEGUN
    return after in _SIGNS


def starts_statement_or_declaration(token: Token, after: str) -> bool:
    """Whether a keyword first on its line is one whatever stood before: an unfinished line must not eat the next."""
    declares = token.type == "SCORE" and after not in _AFTER_NAMES | _ENDS_VALUE  # else a keyword before `(` alone
    return token.type in _STARTERS and (declares or not _is_name(token.type, after))


def starts_statement(token: Token, before: str, after: str) -> bool:
    """Whether recovery may go on here with a statement, or with a rule of a score and the like."""
    known = token.text in STATEMENTS or token.text in RULES
    return known and before != "DOT" and starts_statement_or_declaration(token, after)


def starts_declaration(token: Token, after: Token) -> bool:
    """Whether a declaration begins here: its keyword first on a line, and then a name."""
    if not token.first or token.text not in DECLARATIONS:
        return False
    return after.type in _WORDLIKE or (after.text[:1].isalpha() and after.type not in _NO_NAMES)


def starts_line(token: Token, after: Token) -> bool:
    """Whether recovery may go on here with a line of a test or a conversation, or with one whose first word is
    misspelt: a word first on its line, and on the same line another that is no operator."""
    if not token.first or after.first or after.type in _NO_NAMES - {"IN", "NO"} or after.type in _ENDS_VALUE:
        return False
    return token.type == "NAME" or token.type in _LINES


def starts_setting(token: Token, after: str) -> bool:
    return after == "COLON" and token.text[:1].isalpha()
