"""Nodes of statements, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..source import Span
from . import nodes as n
from . import wording
from .build_settings import Settings
from .build_values import span_over, unread
from .tokens import Token
from .vocabulary import WEEKDAYS

_Maybe = Token | None


class Fields:
    """`{ a = 1 b = 2 }`; not `whole` where a part was left out."""

    __slots__ = ("assigned", "span", "whole")

    def __init__(self, parts: tuple[Any, ...], span: Span) -> None:
        self.assigned = tuple(p for p in parts if isinstance(p, n.Assigned))
        self.whole, self.span = not any(map(unread, parts)), span


class Statements(Settings):
    """Rules of the grammar's part `statements`."""

    def block(self, opened: Token, *rest: Any) -> n.Block:
        return n.Block(rest[:-1], span_over(opened, rest[-1]))

    # --- mails ---

    def send(self, word: Token, template: Token, _as: _Maybe, task: _Maybe) -> n.Send:
        return n.Send(self.name(template), task is not None, span_over(word, task or template))

    def send_to(self, word: Token, template: Token, _to: Token, *whom: Any) -> n.SendTo:
        if len(whom) == 1:
            return n.SendTo(self.name(template), None, whom[0], None, span_over(word, whom[0]))
        every, path, _opened, condition, closed = whom
        return n.SendTo(self.name(template), every.span, path, condition, span_over(word, closed or path))

    # --- waiting ---

    def wait(self, word: Token, length: Token) -> n.Wait:
        return n.Wait(self.duration(length), span_over(word, length))

    def wait_until(self, word: Token, until: Token, what: n.Condition, *rest: Any) -> n.Statement:
        moved, up, length, otherwise = rest[0], rest[1], rest[3], rest[-1] if len(rest) > 4 else None
        span = span_over(word, otherwise or length or moved or what)
        if moved is not None:
            return self._moved(what, moved, up, length, otherwise, span)
        if isinstance(what, n.Time | n.Date | n.DateTime):
            return self._fixed(what, up, length, otherwise, span)
        if length is None and not isinstance(what, n.Path | n.Bad | n.Aggregate):
            self.found.append(wording.missing_up_to(span_over(word, what)))
        return n.WaitUntil(what, self.duration(length) if length else None, otherwise, span)

    def moved_by(self, sign: Token, length: Token) -> n.MovedBy:
        return n.MovedBy(sign.text, self.duration(length), span_over(sign, length))

    def _moved(
        self, what: Any, moved: n.MovedBy, up: _Maybe, length: _Maybe, otherwise: n.Block | None, span: Span
    ) -> n.Statement:
        """`wait until renewal_date - 1 day`"""
        self._needs_no_limit(up, length)
        return self._dated(what, moved, None, otherwise, span)

    def _fixed(
        self, what: n.Time | n.Date | n.DateTime, up: _Maybe, length: _Maybe, otherwise: n.Block | None, span: Span
    ) -> n.Statement:
        """A moment that comes by itself needs no limit."""
        self._needs_no_limit(up, length)
        if isinstance(what, n.Time):
            self._comes_for_sure(otherwise)
            return n.WaitUntilTime(None, what, span)
        return n.WaitUntilDate(what, None, otherwise, span)

    def _needs_no_limit(self, up: _Maybe, length: _Maybe) -> None:
        if up is not None and length is not None:
            help = "leave the limit out: this moment comes by itself"
            self.found.append(wording.unexpected(span_over(up, length), "this limit", "", help))

    def wait_until_clock(self, word: Token, _until: Token, what: Any, *rest: Any) -> n.Statement:
        """`wait until monday 09:00`, `wait until renewal_date - 1 day at 09:00 else { }`."""
        clock = next(p for p in rest if isinstance(p, Token) and p.type == "CLOCK")
        otherwise = rest[-1] if isinstance(rest[-1], n.Block) else None
        span, at = span_over(word, otherwise or clock), self.clock(clock)
        if isinstance(rest[0], n.MovedBy):
            return self._dated(what, rest[0], at, otherwise, span)
        rest = tuple(part for part in rest if part is not None)
        weekday = isinstance(what, n.Path) and what.text.casefold() in WEEKDAYS
        if weekday and rest[0].type == "AT":
            said = "the time stands right behind the day"
            ours = f"{what.text} {clock.text}"
            self.found.append(wording.written_otherwise(span_over(what, clock), said, ours, FixKind.SAFE))
        elif rest[0].type != "AT" and isinstance(what, n.Path) and closest(what.text, WEEKDAYS):
            weekday = True  # misspelt: the checker names the day that was meant
        elif rest[0].type != "AT" and not weekday:
            at_once, said = Span(clock.file, clock.start, clock.start), "the time of a date stands behind `at`"
            self.found.append(wording.written_otherwise(at_once, said, "at ", FixKind.SAFE))
        if weekday:
            self._comes_for_sure(otherwise)
            return n.WaitUntilTime(what.names[0], at, span)
        return self._dated(what, None, at, otherwise, span)

    def _dated(
        self, what: Any, moved: n.MovedBy | None, at: n.Time | None, otherwise: n.Block | None, span: Span
    ) -> n.Statement:
        if isinstance(what, n.Path | n.Date | n.Aggregate) or (moved is not None and isinstance(what, n.DateTime)):
            return n.WaitUntilDate(what, at, otherwise, span, moved)
        if not unread(what):
            self.found.append(wording.unexpected(what.span, "this condition", "a date, as in `renewal_date`", ""))
        return n.Bad(span)

    def _comes_for_sure(self, otherwise: n.Block | None) -> None:
        if otherwise is not None:
            help = "leave the `else` out: this moment comes for sure"
            self.found.append(wording.unexpected(otherwise.span, "this `else`", "", help))

    # --- cases ---

    def if_else(self, word: Token, condition: n.Condition, block: n.Block, *rest: Any) -> n.If:
        first = n.Branch(word.span, condition, block, span_over(word, block))
        others = tuple(r for r in rest if isinstance(r, n.Branch))
        otherwise = rest[-1] if rest and isinstance(rest[-1], n.Block) else None
        return n.If((first, *others), otherwise, span_over(word, rest[-1] if rest else block))

    def else_if(self, _else: Token, word: Token, condition: n.Condition, block: n.Block) -> n.Branch:
        return n.Branch(word.span, condition, block, span_over(word, block))

    def match(self, word: Token, value: Any, _opened: Token, *rest: Any) -> n.Match:
        cases = tuple(r for r in rest if isinstance(r, n.Case))
        otherwise = next((r for r in rest if isinstance(r, n.Block)), None)
        whole = not any(map(unread, rest))
        return n.Match(self._value(value), cases, otherwise, span_over(word, rest[-1]), whole)

    def case(self, *parts: Any) -> n.Case:
        options = tuple(self._value(p) for p in parts[:-1:2])
        return n.Case(options, parts[-1], span_over(parts[0], parts[-1]))

    def split(self, word: Token, _opened: Token, *rest: Any) -> n.Split:
        arms = tuple(r for r in rest if isinstance(r, n.Arm))
        return n.Split(arms, span_over(word, rest[-1]), not any(map(unread, rest)))

    def arm(self, share: Token, name: Token, block: n.Block) -> n.Arm:
        return n.Arm(self.percent(share), self.name(name), block, span_over(share, block))

    def repeat(self, word: Token, _up: Token, _to: Token, times: Token, _times: Token, *rest: Any) -> n.Repeat:
        _every, length, _until, condition, block = rest
        return n.Repeat(self.number(times), self.duration(length), condition, block, span_over(word, block))

    # --- records and properties ---

    def set(self, word: Token, path: n.Path, sign: Token, value: Any) -> n.Statement:
        self._equality(sign)
        span, value = span_over(word, value), self._value(value)
        return n.Bad(span) if unread(value) else n.Set(path, value, span)

    def _equality(self, sign: Token) -> None:
        if sign.type == "EQEQ":
            self.found.append(wording.double_equals(sign.span))

    def clear(self, word: Token, path: n.Path) -> n.Clear:
        return n.Clear(path, span_over(word, path))

    def add(self, word: Token, amount: Any, _to: Token, path: n.Path) -> n.Statement:
        span, amount = span_over(word, path), self._value(amount)
        return n.Bad(span) if unread(amount) else n.Add(amount, path, span)

    def add_to_segment(self, word: Token, *rest: Token) -> n.Segmented:
        return n.Segmented(True, self.name(rest[-1]), span_over(word, rest[-1]))

    def remove_from_segment(self, word: Token, *rest: Token) -> n.Segmented:
        return n.Segmented(False, self.name(rest[-1]), span_over(word, rest[-1]))

    def create(self, word: Token, object: Token, fields: Fields, _as: _Maybe, name: _Maybe) -> n.Create:
        span = span_over(word, name or fields)
        return n.Create(self.name(object), fields.assigned, self.name(name) if name else None, span, fields.whole)

    def fields(self, opened: Token, *rest: Any) -> Fields:
        return Fields(rest[:-1], span_over(opened, rest[-1]))

    def assigned(self, path: n.Path, sign: Token, value: Any, comma: _Maybe) -> n.Assigned | n.Bad:
        self._equality(sign)
        self._no_comma(comma)
        span, value = span_over(path, value), self._value(value)
        return n.Bad(span) if unread(value) else n.Assigned(path, value, span)

    def _no_comma(self, comma: _Maybe) -> None:
        if comma is not None:
            self.found.append(wording.no_comma(comma.span))

    def link(self, word: Token, left: n.Path, _to: Token, right: n.Path, _as: _Maybe, way: _Maybe) -> n.Link:
        return n.Link(True, left, right, self.name(way) if way else None, span_over(word, way or right))

    def unlink(self, word: Token, left: n.Path, _from: Token, right: n.Path, _as: _Maybe, way: _Maybe) -> n.Link:
        return n.Link(False, left, right, self.name(way) if way else None, span_over(word, way or right))

    def assign(self, word: Token, path: n.Path, method: Token, _team: Token, team: Token, replace: _Maybe) -> n.Assign:
        again = replace.span if replace else None
        return n.Assign(path, self.name(method), self.name(team), again, span_over(word, replace or team))

    # --- consent, notes, messages ---

    def subscribe(self, word: Token, _to: Token, topic: Token, _because: _Maybe, why: _Maybe) -> n.Subscribe:
        return n.Subscribe(self.name(topic), self._text(why), span_over(word, why or topic))

    def unsubscribe(self, word: Token, _from: Token, topic: Token) -> n.Unsubscribe:
        name = None if topic.text == "all" else self.name(topic)
        return n.Unsubscribe(name, span_over(word, topic))

    def log_note(self, word: Token, _note: Token, text: Token) -> n.LogNote:
        return n.LogNote(self.text(text), span_over(word, text))

    def slack(self, word: Token, channel: Token, text: Token) -> n.Slack:
        return n.Slack(self.text(channel), self.text(text), span_over(word, text))

    def webhook(self, word: Token, channel: Token, fields: Fields) -> n.Webhook:
        return n.Webhook(self.text(channel), fields.assigned, span_over(word, fields))

    def notify(self, word: Token, to: n.Path, text: Token) -> n.Notify:
        return n.Notify(to, self.text(text), span_over(word, text))

    # --- tasks ---

    def task(self, word: Token, kind: Token, title: Token, *options: tuple[str, Any, Span]) -> n.Task:
        given: dict[str, Any] = {}
        for option, value, span in options:
            if option in given:
                self.found.append(wording.twice(span, option.replace("_", " ")))
            given.setdefault(option, value)
        end = options[-1][2] if options else title.span
        return n.Task(
            self.name(kind),
            self.text(title),
            given.get("to"),
            given.get("due_in"),
            given.get("priority"),
            given.get("without_waiting"),
            given.get("as"),
            word.span.to(end),
        )

    def task_to(self, word: Token, user: n.Path) -> tuple[str, Any, Span]:
        return "to", user, span_over(word, user)

    def task_due(self, word: Token, _in: Token, length: Token) -> tuple[str, Any, Span]:
        return "due_in", self.duration(length), span_over(word, length)

    def task_priority(self, word: Token, level: Token) -> tuple[str, Any, Span]:
        return "priority", self.name(level), span_over(word, level)

    def task_without_waiting(self, word: Token, waiting: Token) -> tuple[str, Any, Span]:
        return "without_waiting", span_over(word, waiting), span_over(word, waiting)

    def task_as(self, word: Token, name: Token) -> tuple[str, Any, Span]:
        return "as", self.name(name), span_over(word, name)

    # --- other definitions, the end ---

    def enroll(self, word: Token, _in: Token, kind: Token, name: Token) -> n.Enroll:
        return n.Enroll(kind.text, self.name(name), span_over(word, name))

    def unenroll(self, word: Token, _from: Token, kind: Token, name: Token) -> n.Unenroll:
        return n.Unenroll(kind.text, self.name(name), span_over(word, name))

    def exit(self, word: Token, reason: Token) -> n.Exit:
        return n.Exit(self.text(reason), span_over(word, reason))

    def _text(self, token: _Maybe) -> n.Text | None:
        return self.text(token) if token else None
