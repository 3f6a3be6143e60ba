"""Nodes of `test` declarations, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any

from . import nodes as n
from . import wording
from .build_conversations import Items
from .build_statements import Fields
from .build_tests_by_hand import TestsByHand
from .build_values import last_of, span_over, unread
from .tokens import Token

_Maybe = Token | None


class Tests(TestsByHand):
    """Rules of the grammar's part `tests`."""

    def test(self, word: Token, title: Token, _of: Token, *rest: Any) -> n.Test:
        of, body = tuple(self.name(t) for t in rest[:-1:2]), rest[-1]
        return n.Test(self.text(title), of, body.parts, span_over(word, body.closed))

    def test_block(self, _opened: Token, *rest: Any) -> Items:
        return Items(rest[:-1], rest[-1])

    # --- what there is ---

    def starts_at(self, word: Token, at: Token, _in: _Maybe, zone: _Maybe) -> n.Clock:
        return n.Clock(self.datetime(at), self.name(zone) if zone else None, span_over(word, zone or at))

    def given_record(self, word: Token, object: Token, name: Token, fields: Fields) -> n.GivenRecord:
        return n.GivenRecord(self.name(object), self.name(name), fields.assigned, span_over(word, fields))

    def given_event(self, word: Token, who: Token, event: n.Event, length: _Maybe, ago: _Maybe) -> n.GivenEvent:
        before = self.duration(length) if length else None
        return n.GivenEvent(self.name(who), event, before, span_over(word, ago or event))

    def occurrence(self, name: Token, *rest: Any) -> n.Event:
        """`purchased(product = "x", amount = 3 JPY)`: here a comma joins as `and` does."""
        path, span = n.Path((self.name(name),), name.span), span_over(name, rest[-1] if rest else name)
        parts, commas = rest[1:-1:2], tuple(t.span for t in rest[2:-1:2])
        joined = n.And(parts, commas, span_over(parts[0], parts[-1])) if len(parts) > 1 else None
        return n.Event(path, joined or (parts[0] if parts else None), None, None, None, None, span)

    def given_link(self, word: Token, who: Token, *rest: _Maybe) -> n.GivenLink:
        return n.GivenLink(self.name(who), *self.linked(word, *rest))

    def given_member(self, word: Token, who: Token, _in: Token, _segment: Token, name: Token) -> n.GivenMember:
        return n.GivenMember(self.name(who), self.name(name), span_over(word, name))

    def given_consent(self, word: Token, who: Token, *rest: Token) -> n.GivenConsent:
        opted_in = rest[0].type == "SUBSCRIBED"
        return n.GivenConsent(self.name(who), self.name(rest[-1]), opted_in, span_over(word, rest[-1]))

    # --- what happens ---

    def happens(self, who: Token, event: n.Event) -> n.Happens:
        return n.Happens(self.name(who), event, span_over(who, event))

    def enrolls(self, who: Token, _enrolls: Token, _in: Token, kind: _Maybe, name: Token) -> n.Enrolls:
        if kind is not None:
            self.found.append(wording.surplus(kind.span, kind.text))
        return n.Enrolls(self.name(who), self.name(name), span_over(who, name))

    def advance(self, word: Token, length: Token) -> n.Advance:
        return n.Advance(self.duration(length), span_over(word, length))

    def task_closed(self, word: Token, _task: Token, task: Token, _of: Token, who: Token, how: Token) -> n.TaskClosed:
        return n.TaskClosed(self.name(task), self.name(who), how.text, span_over(word, how))

    def sets(self, word: Token, path: n.Path, sign: Token, value: Any) -> n.Sets | n.Bad:
        self._equality(sign)
        span, value = span_over(word, value), self._value(value)
        if len(path.names) < 2:
            self.found.append(wording.whose(path.span, path.text))
        if len(path.names) < 2 or unread(value):
            return n.Bad(span)
        inner = n.Path(path.names[1:], span_over(path.names[1], path.names[-1]))
        return n.Sets(path.names[0], inner, value, span)

    # --- what is expected ---

    def expect_mail(self, word: Token, who: Token, _receives: Token, template: Token, *rest: Any) -> n.ExpectMail:
        _at, at, said, _from, source = rest
        when = self.datetime(at) if at else None
        span = span_over(word, last_of(template, at, said, source))
        return n.ExpectMail(self.name(who), False, self.name(template), when, self._named(source), span, said)

    def expect_no_mail(self, word: Token, who: Token, *rest: Any) -> n.ExpectMail:
        _does, _not, _receive, template, said, _from, source = rest
        span = span_over(word, last_of(template, said, source))
        return n.ExpectMail(self.name(who), True, self.name(template), None, self._named(source), span, said)

    def expect_task(self, word: Token, no: _Maybe, _task: Token, kind: Token, *rest: Any) -> n.ExpectTask:
        _for, who, _assigned, _to, user, _due, due, _reminded, reminded, _priority, priority, said, _from, source = rest
        span = span_over(word, last_of(who, user, due, reminded, priority, said, source))
        named = (self._named(user), self._named(source))
        of = (self.name(kind), self.name(who))
        return n.ExpectTask(no is not None, *of, *named, span, due, self._named(priority), said, reminded)

    def moment(self, day: Token) -> n.Date | n.DateTime:
        return self.date(day) if day.type == "DATE" else self.datetime(day)

    def expect_notice(self, word: Token, user: Token, negation: _Maybe, told: Token, *rest: Any) -> n.ExpectNotice:
        said, _from, source = rest
        span = span_over(word, last_of(told, said, source))
        return n.ExpectNotice(self.name(user), negation is not None, said, self._named(source), span)

    def expect_fields(self, word: Token, who: Token, _opened: Token, *rest: Any) -> n.ExpectFields:
        *parts, closed, _from, source = rest
        fields = tuple(p for p in parts if isinstance(p, n.Assigned))
        missing = tuple(p for p in parts if isinstance(p, n.Path))
        scores = tuple(p for p in parts if isinstance(p, n.Scored))
        span = span_over(word, source or closed)
        return n.ExpectFields(self.name(who), fields, self._named(source), span, missing, scores)

    def scored(self, score: n.ScoreOf, sign: Token, value: Any, comma: _Maybe) -> n.Scored | n.Bad:
        self._no_comma(comma)
        if sign.type == "IS":
            return n.Scored(score, None, span_over(score, value))
        self._equality(sign)
        span = span_over(score, value)
        return n.Bad(span) if unread(value) else n.Scored(score, self._value(value), span)

    def is_missing(self, path: n.Path, _is: Token, _missing: Token, comma: _Maybe) -> n.Path:
        self._no_comma(comma)
        return path

    def expect_member(self, word: Token, who: Token, negation: _Maybe, *rest: Token) -> n.ExpectMember:
        _in, kind, name = rest
        return n.ExpectMember(self.name(who), negation is not None, kind.text, self.name(name), span_over(word, name))

    def expect_ended(self, word: Token, who: Token, how: Token, *rest: _Maybe) -> n.ExpectEnded:
        *_from, name, _because, why = rest
        assert name is not None
        reason = None if why is None else self.text(why) if why.type == "TEXT" else self.name(why)
        return n.ExpectEnded(self.name(who), how.text, self.name(name), reason, span_over(word, why or name))

    def expect_nothing(self, word: Token, *rest: Token) -> n.ExpectNothing:
        return n.ExpectNothing(span_over(word, rest[-1]))

    def _named(self, token: _Maybe) -> n.Name | None:
        return self.name(token) if token else None

    # --- rows ---

    def rows(self, word: Token, _each: Token, *rest: Any) -> n.Rows:
        names = tuple(self.name(t) for t in rest if isinstance(t, Token) and t.type == "NAME")
        rows, body = tuple(r for r in rest if isinstance(r, tuple)), rest[-1]
        return n.Rows(names, rows, body.parts, span_over(word, body.closed))

    def row(self, *parts: Any) -> tuple[n.Operand, ...]:
        return tuple(self._value(p) for p in parts if not isinstance(p, Token))
