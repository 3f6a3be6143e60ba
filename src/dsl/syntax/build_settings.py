"""Nodes of settings, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ..diagnostics.diagnostic import FixKind
from . import nodes as n
from . import wording
from .build_conditions import Conditions
from .build_values import last_of, span_over, unread
from .tokens import Token


class Settings(Conditions):
    """Rules of the grammar's part `settings`."""

    def setting(self, name: Token, _colon: Token, value: Any) -> n.Setting:
        return n.Setting(name.text, name.span, value, span_over(name, value))

    def listing(self, *parts: Any) -> n.Listing:
        return n.Listing(parts[::2], span_over(parts[0], parts[-1]))

    def every_day(self, word: Token, day: n.Path, hours: Token) -> n.EveryDay:
        return n.EveryDay(day, self.clock_range(hours), span_over(word, hours))

    def schedule(self, word: Token, what: Any, *rest: Any) -> n.Schedule | n.Bad:
        """`every day 09:00`; behind `on ..` and behind a duration the clock follows an `at`."""
        span = span_over(word, last_of(what, *rest))
        given = {p.type: follows for p, follows in pairwise(rest) if isinstance(p, Token)}
        on, clock = self._value(given.get("ON")), next((p for p in rest if _is(p, "CLOCK")), None)
        if unread(on):
            return n.Bad(span)
        if clock and isinstance(what, n.Path) and on is None and "AT" in given:
            self._at_is_not_said(rest[0], clock)
        return n.Schedule(self._every(what), on, self.clock(clock) if clock else None, span)

    def _every(self, what: Any) -> n.Path | n.Duration | n.Text:
        if isinstance(what, n.Path):
            return what
        return self.duration(what) if what.type == "DURATION" else self.text(what)

    def _at_is_not_said(self, at: Token, clock: Token) -> None:
        span, message = span_over(at, clock), "the time stands right behind the day"
        self.found.append(wording.written_otherwise(span, message, clock.text, FixKind.SAFE))

    def after(self, word: Token, length: Token) -> n.After:
        return n.After(self.duration(length), span_over(word, length))

    def at_date(self, word: Token, date: Any, sign: Token | None, length: Token | None) -> n.AtDate | n.Bad:
        span, date = span_over(word, length or date), self._value(date)
        if unread(date):
            return n.Bad(span)
        return n.AtDate(date, sign.text if sign else "", self.duration(length) if length else None, span)

    def half_every(self, word: Token, _every: Token, length: Token) -> n.HalfEvery:
        return n.HalfEvery(self.duration(length), span_over(word, length))

    def scale(self, low: Token, _dots: Token, high: Token, _arrow: Token | None, target: n.Path | None) -> n.Scale:
        return n.Scale(self.number(low), self.number(high), target, span_over(low, target or high))

    def per(self, amount: Any, _per: Token, period: Token) -> n.Per | n.Bad:
        span, amount = span_over(amount, period), self._value(amount)
        return n.Bad(span) if unread(amount) else n.Per(amount, self.name(period), span)

    def ordered(self, by: Any, word: Token) -> n.Ordered | n.Bad:
        span, by = span_over(by, word), self._value(by)
        return n.Bad(span) if unread(by) else n.Ordered(by, word.type == "DESCENDING", span)


def _is(part: Any, type: str) -> bool:
    return isinstance(part, Token) and part.type == type
