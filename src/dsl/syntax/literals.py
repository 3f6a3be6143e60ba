"""Literals: from the token's text to the value it stands for, with a finding where there is no such value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..diagnostics.diagnostic import Diagnostic
from ..source import Span
from ..values import replace
from . import nodes as n
from . import wording
from .text import value_of
from .tokens import Token

_LONGEST = 18  # digits: what a 64-bit number holds
_YEARS = 200  # longer than anybody waits or looks back, and short enough for every calendar
_IN_A_YEAR = {"minute": 527_040, "hour": 8_784, "day": 366, "business_day": 366, "week": 53, "month": 12, "year": 1}


class Literals:
    """`found` collects what is wrong; the parser empties it before each file."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def name(self, token: Token) -> n.Name:
        return n.Name(token.text, Span(token.file, token.start, token.end))

    def text(self, token: Token) -> n.Text:
        return n.Text(value_of(token.text), token.text, token.span)

    def number(self, token: Token) -> n.Number:
        return n.Number(self._amount(token.text, token.span), token.span)

    def percent(self, token: Token) -> n.Percent:
        return n.Percent(self._amount(token.text[:-1], token.span), token.span)

    def money(self, token: Token) -> n.Money:
        amount, currency = token.text.split()
        return n.Money(self._amount(amount, token.span), currency, token.span)

    def signed(self, minus: Token, token: Token) -> n.Number | n.Percent | n.Money:
        span = Span(token.file, minus.start, token.end)
        if token.type == "MONEY":
            money = self.money(token)
            return replace(money, amount=-money.amount, span=span)
        value = self.number(token) if token.type == "NUMBER" else self.percent(token)
        return replace(value, value=-value.value, span=span)

    def date(self, token: Token) -> n.Date:
        return n.Date(self._day(token.text, token.span), token.span)

    def datetime(self, token: Token) -> n.DateTime:
        day, clock = token.text.split()
        minute = self._minute(clock, token.span)
        return n.DateTime(f"{self._day(day, token.span)}T{minute // 60:02}:{minute % 60:02}", token.span)

    def clock(self, token: Token) -> n.Time:
        return n.Time(self._minute(token.text, token.span), token.span)

    def clock_range(self, token: Token) -> n.TimeRange:
        start, end = (part.strip() for part in token.text.split("-"))
        last = 1440 if end == "24:00" else self._minute(end, token.span)
        return n.TimeRange(self._minute(start, token.span), last, token.span)

    def duration(self, token: Token) -> n.Duration:
        written, *unit = token.text.split()
        word = "_".join(unit).removesuffix("s")
        if word not in _IN_A_YEAR:
            word = word.removeprefix("business_")
            self.found.append(wording.no_business_unit(token.span, f"{written} {word}s"))
        amount, most = int(self._amount(written, token.span)), _YEARS * _IN_A_YEAR[word]
        if amount > most:
            self.found.append(wording.too_far(token.span, _YEARS))
        return n.Duration(min(amount, most), f"{word}s", token.span)

    def boolean(self, token: Token) -> n.Boolean:
        return n.Boolean(token.type == "TRUE", token.span)

    def _amount(self, text: str, span: Span) -> int | Decimal:
        digits = text.replace("_", "")
        if len(digits) > _LONGEST:
            self.found.append(wording.too_long(span))
            return 0
        return Decimal(digits) if "." in digits else int(digits)

    def _day(self, text: str, span: Span) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.found.append(wording.impossible(span, "date", text))
            return "2000-01-01"

    def _minute(self, text: str, span: Span) -> int:
        hour, minute = map(int, text.split(":"))
        if hour < 24 and minute < 60:
            return hour * 60 + minute
        self.found.append(wording.impossible(span, "time", text))
        return 0
