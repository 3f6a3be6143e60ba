"""How a repetition that fits a text in many ways is written with one (X31), where it is plain what was meant."""

from __future__ import annotations

import re

from .pattern_ways import SIGNS, TOKEN

_IN_GENERAL = (
    r"let no choice fit what another one fits, and no run begin with what one can end with: "
    r"`\w+(\s\w+)*` for `(\w+\s*)+`"
)


def in_one_way(pattern: str, start: int, end: int) -> str:
    """What to do about the repetition whose sign is `pattern[start:end]`."""
    tokens = [found[0] for found in TOKEN.finditer(pattern[:start])]
    opened = next((i for i in reversed(range(len(tokens))) if tokens[i] in ("(", "(?:")), None)
    if opened is None or tokens[-1] != ")" or ")" in tokens[opened:-1]:
        return _IN_GENERAL
    group, sign = "".join(tokens[opened:]), pattern[start:end]
    inside = tokens[opened + 1 : -1]
    meant = _once(inside, sign) or _without_doubles(tokens[opened], inside, sign)
    return f"write `{meant}` for `{group}{sign}`" if meant else _IN_GENERAL


def _once(inside: list[str], sign: str) -> str:
    """`a+` for `(a+)+`."""
    if len(inside) != 2 or inside[1] not in ("*", "+") or sign not in ("*", "+"):
        return ""
    return inside[0] + ("+" if (inside[1], sign) == ("+", "+") else "*")


def _without_doubles(opens: str, inside: list[str], sign: str) -> str:
    r"""`\w+` for `(\w|\d)+`: choices of one sign each, without those that others take in."""
    choices = inside[::2]
    if set(inside[1::2]) != {"|"} or len(inside) % 2 == 0 or any(one in ("|", "^", "$") for one in choices):
        return ""
    signs = {*SIGNS, *"".join(choices)}
    taken = {one: _taken(one, signs) for one in choices}
    kept: list[str] = []
    for one in taken:
        others = [*kept, *(other for other in taken if taken[one] < taken[other])]
        if not any(taken[one] <= taken[other] for other in others):
            kept.append(one)
    if any(taken[one] & taken[other] for one in kept for other in kept if one != other):
        return ""
    return kept[0] + sign if len(kept) == 1 else f"{opens}{'|'.join(kept)}){sign}"


def _taken(choice: str, signs: set[str]) -> set[str]:
    """Which of the signs it takes: those of all choices, as what one names another may take in."""
    one = re.compile(choice, re.DOTALL | re.ASCII)
    return {sign for sign in signs if one.match(sign)}
