"""Values as other languages and countries write them: understood where they can mean one thing only, and reported.

Each has a safe fix if nothing is guessed, an unsafe one if something is, and none where only the author knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ...diagnostics.diagnostic import Diagnostic, FixKind
from ...source import Span
from .. import wording
from ..vocabulary import words

# What a value of this kind can start with: the lexer asks no further for anything else.
STARTS = frozenset("0123456789'‘€$£¥￥/-")

_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "￥": "JPY"}
_COMMENT = re.compile(r"(?://|--)[^\n]*|/\*[\s\S]*?\*/")
_COMPARING = words("EQ EQEQ NE LT LE GT GE BETWEEN AND")
_TEXT = re.compile(r"'((?:[^'\\\n]|\\[^\n])*)'|‘([^’'\n]*)[’']")
_WHOLE = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"
_MONEY = re.compile(rf"(?P<before>[€$£¥￥])[ \t]?(?P<a>{_WHOLE})(?![\w.])|(?P<b>{_WHOLE})[ \t]?(?P<after>[€$£¥￥])")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?P<rest>:[0-9]{2}|Z|[+-][0-9]{2}:?[0-9]{2})*")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![\w/.-])")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}(?!\w)")
_THOUSANDS = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+)(?![\w.,])")
_UNIT = re.compile(r"[ \t]+[A-Z]{3}(?!\w)")
_HOUR = r"([0-9]{1,2})(?::([0-9]{2}))?[ \t]*(am|pm)?"
_HOURS = re.compile(rf"{_HOUR}[ \t]*(?:-|–|—|〜|～|to|until)[ \t]*{_HOUR}(?!\w)", re.IGNORECASE)
_HALF_DAY = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?[ \t]*([ap]m)(?!\w)", re.IGNORECASE)
_OUR_HOURS = re.compile(r"[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}(?![0-9])")


# Digits are one of ours unless this follows, with or without blanks between.
_MAY_BE_FOREIGN = re.compile(r"[0-9]+[ \t]*[€$£¥￥\-–—〜～/.,:_TaApPtu]|[^0-9]", re.IGNORECASE)


def may_be_foreign(text: str, at: int) -> bool:
    """Whether `foreign_value` is worth asking: for nearly all numbers it is not."""
    return _MAY_BE_FOREIGN.match(text, at) is not None


class ForeignValue(NamedTuple):
    """The value from where the text was read to `end`, as it is written here: `text`, a terminal of type `type`."""

    type: str
    text: str
    end: int
    finding: Diagnostic


def foreign_value(file: str, text: str, at: int, before: Sequence[str]) -> ForeignValue | None:
    """The value that begins at `at`; `before` are the texts and type of what stood before it, the last one last."""
    kind = before[-1]
    if text[at] in "/-":
        return _comment(file, text, at)
    if text[at] in "'‘":
        return _quoted(file, text, at)
    return (
        _money(file, text, at)
        or _moment(file, text, at)
        or _day(file, text, at)
        or (_thousands(file, text, at) if kind in _COMPARING else None)
        or (_hours(file, text, at) if "window" in before else None)
        or _half_day(file, text, at)
    )


def _said(file: str, type: str, ours: str, at: int, end: int, what: str, kind: FixKind | None) -> ForeignValue:
    return ForeignValue(type, ours, end, wording.written_otherwise(Span(file, at, end), what, ours, kind))


def _comment(file: str, text: str, at: int) -> ForeignValue | None:
    """`// ..`, `-- ..` and `/* .. */`: all of it is a comment."""
    found = _COMMENT.match(text, at)
    if found is None:
        return None
    span, over_lines = Span(file, at, at + 2), "\n" in found[0]
    kind = None if over_lines or found[0].startswith("/*") else FixKind.SAFE
    said = wording.written_otherwise(span, "a comment starts with `#`", "#", kind)
    return ForeignValue("COMMENT", found[0], found.end(), said)


def _quoted(file: str, text: str, at: int) -> ForeignValue | None:
    found = _TEXT.match(text, at)
    if found is None:
        return None
    inner = (found[1] if found[1] is not None else found[2]).replace("\\'", "'").replace('"', '\\"')
    return _said(file, "TEXT", f'"{inner}"', at, found.end(), "a text stands in double quotes", FixKind.SAFE)


def _money(file: str, text: str, at: int) -> ForeignValue | None:
    found = _MONEY.match(text, at)
    if found is None:
        return None
    sign = found["before"] or found["after"]
    ours = f"{found['a'] or found['b']} {_CURRENCIES[sign]}"
    kind = FixKind.SAFE if sign in "€£" else FixKind.UNSAFE  # several countries have dollars and 円 shares its sign
    return _said(file, "MONEY", ours, at, found.end(), "an amount names its currency", kind)


def _moment(file: str, text: str, at: int) -> ForeignValue | None:
    found = _MOMENT.match(text, at)
    if found is None:
        return None
    kind = FixKind.UNSAFE if found["rest"] else FixKind.SAFE
    ours = f"{found[1]} {found[2]}"
    return _said(file, "DATETIME", ours, at, found.end(), "a blank stands between day and time", kind)


def _day(file: str, text: str, at: int) -> ForeignValue | None:
    found = _YEAR_FIRST.match(text, at)
    if found is not None:
        ours = f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
        if ours == found[0]:
            return None
        return _said(file, "DATE", ours, at, found.end(), "a date is written year-month-day", FixKind.SAFE)
    found = _YEAR_LAST.match(text, at)
    if found is None:
        return None
    # Day or month first: only the author knows. Some day stands in, so that the rest can be checked.
    return _said(file, "DATE", "2026-03-02", at, found.end(), "a date is written year-month-day", None)


def _thousands(file: str, text: str, at: int) -> ForeignValue | None:
    found = _THOUSANDS.match(text, at)
    if found is None:
        return None
    decimal = "," if found[0].rfind(",") > found[0].rfind(".") and "." in found[0] else "."
    digits = found[0].replace("." if decimal == "," else ",", "").replace(",", ".")
    unit = _UNIT.match(text, found.end())
    ours, end = (f"{digits} {unit[0].strip()}", unit.end()) if unit else (digits, found.end())
    what = "digits are grouped with `_` or not at all"
    return _said(file, "MONEY" if unit else "NUMBER", ours, at, end, what, FixKind.UNSAFE)


def _hours(file: str, text: str, at: int) -> ForeignValue | None:
    found = _HOURS.match(text, at)
    if found is None or _OUR_HOURS.match(text, at):
        return None
    first, last = _clock(*found.groups()[:3]), _clock(*found.groups()[3:])
    return _said(
        file,
        "CLOCK_RANGE",
        f"{first}-{last}",
        at,
        found.end(),
        "a range of the day has hours and minutes",
        FixKind.UNSAFE,
    )


def _half_day(file: str, text: str, at: int) -> ForeignValue | None:
    """`8am`, `5:30 pm`."""
    found = _HALF_DAY.match(text, at)
    if found is None or int(found[1]) > 12:
        return None
    ours = _clock(found[1], found[2], found[3])
    return _said(file, "CLOCK", ours, at, found.end(), "a day has 24 hours here", FixKind.SAFE)


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    h = int(hour)
    if half:
        h = h % 12 + (12 if half.lower() == "pm" else 0)
    return f"{h:02}:{minute or '00'}"
