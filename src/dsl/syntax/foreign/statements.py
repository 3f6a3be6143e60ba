"""Words of statements, blocks and questions as other languages have them."""

from __future__ import annotations

from ...source import Span
from .. import wording
from ..tokens import Token
from ..vocabulary import STATEMENTS
from .meant import VALUE_PLACES, Found, as_token, written


def python_block(t: list[Token], at: int, *_: object) -> Found | None:
    """`if vip:` and `else:` at the end of a line: left out, as nobody knows where the block ends."""
    end = at + 1
    while end < min(at + 40, len(t) - 2) and not t[end].first and t[end].type not in ("LBRACE", "RBRACE"):
        end += 1
    colon = t[end - 1]
    if not t[at].first or not t[end].first or colon.type != "COLON":
        return None
    what = f"the steps of `{t[at].text}` stand in `{{` and `}}`"
    return end - at, [], written(t[at], colon, what, f"{t[at].text} .. {{ .. }}", None)


def then(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`if vip then {`, and `if vip then` with the statements below it."""
    if before in VALUE_PLACES:
        return None
    if t[at + 1].type == "LBRACE":
        return 1, [], wording.surplus(t[at].span, t[at].text)
    if not t[at + 1].first or next((x.type for x in reversed(result) if x.first), "") != "IF":
        return None
    return 1, [as_token(t[at], "LBRACE")], written(t[at], t[at], "a block stands in `{` and `}`", "{", None)


def end_of_block(t: list[Token], at: int, _: str, result: list[Token]) -> Found | None:
    """`end` and `end if` of a block that `then` has opened."""
    last = at + (t[at + 1].type == "IF" and not t[at + 1].first)
    near = result[-200:]
    opened, closed = (sum(x.text == sign for x in near) for sign in ("lbrace", "rbrace"))  # those made here
    if not t[at].first or opened <= closed or not (t[last + 1].first or t[last + 1].type == "RBRACE"):
        return None
    said = written(t[at], t[last], "a block ends with `}`", "}", None)
    return last + 1 - at, [as_token(t[at], "RBRACE", None, t[last])], said


def else_if(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    if before != "RBRACE":
        return None
    tokens = [as_token(t[at], "ELSE"), as_token(t[at], "IF")]
    return 1, tokens, written(t[at], t[at], "another case is `else if`", "else if")


def send_what(t: list[Token], at: int, *_: object) -> Found | None:
    """`send template hello`."""
    word, name = t[at + 1], t[at + 2]
    if word.text not in ("template", "email", "mail") or name.type != "NAME" or name.first:
        return None
    if name.text in STATEMENTS or t[at + 3].type in ("COLON", "DOT"):
        return None
    return 2, [t[at]], wording.surplus(word.span, word.text)


def on_event(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`when: on purchased`."""
    if before != "COLON" or [t.text for t in result[-2:-1]] != ["when"] or t[at + 1].type != "NAME" or t[at + 1].first:
        return None
    return 1, [], wording.surplus(t[at].span, t[at].text)


def asked(t: list[Token], at: int, *_: object) -> Found | None:
    """`ask role "Their part" choice [a, b]` without the colon."""
    name, question, type = t[at + 1], t[at + 2], t[at + 3]
    if question.type != "TEXT" or type.type != "NAME" or type.first or name.first:
        return None
    here = Span(type.file, type.start, type.start)
    said = wording.missing_sign(here, ":", f"`{type.text}`")
    colon = Token("COLON", ":", type.file, question.end, question.end, False)
    return 4, [t[at], name, question, colon, type], said


def case(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`case jp { }`, `default { }`."""
    token, after = t[at], t[at + 1]
    if before not in ("LBRACE", "RBRACE"):
        return None
    if token.text == "case" and after.type in ("NAME", "TEXT", "NUMBER") and not after.first:
        return 1, [], wording.surplus(token.span, token.text)
    if token.text != "case" and before == "RBRACE" and after.type == "LBRACE":
        return 1, [as_token(token, "ELSE")], written(token, token, "what is left is `else`", "else")
    return None


def assigned(t: list[Token], at: int, _: str, result: list[Token]) -> Found | None:
    """`task call "Ring" assigned to owner`."""
    if t[at + 1].type != "TO" or t[at].first:
        return None
    kinds = _line(result)
    expected = "EXPECT" in kinds or "FOR" in kinds  # `for ann`: of a test, whose `expect` may stand on the line above
    return (1, [], wording.surplus(t[at].span, t[at].text)) if "TASK" in kinds and not expected else None


def to_team(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`task call "Ring" to team sales`: a task is one person's."""
    name = t[at + 1]
    if before != "TO" or name.type != "NAME" or name.first or "TASK" not in _line(result):
        return None
    shares = f"assign owner round_robin team {name.text}"
    return 2, [], written(result.pop(), name, "a task is one person's; a team shares records out", shares, None)


def _line(read: list[Token]) -> list[str]:
    """What stands before, back to where the statement begins."""
    begins = next((i for i in range(len(read) - 1, -1, -1) if read[i].first or read[i].type == "LBRACE"), 0)
    return [token.type for token in read[begins:]]


def rows(t: list[Token], at: int, *_: object) -> Found | None:
    """`for x in [a, b]`."""
    name, joins = t[at + 1], t[at + 2]
    if not t[at].first or name.type != "NAME" or joins.type not in ("IN", "COMMA"):
        return None
    each = Token("EACH", "each", name.file, t[at].end, t[at].end, False)
    return 1, [t[at], each], written(t[at], t[at], "rows are `for each`", "for each")
