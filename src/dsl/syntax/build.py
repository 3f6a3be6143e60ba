"""Nodes of settings, statements and declarations, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..source import Span
from . import nodes as n
from . import wording
from .build_conditions import Call, Conditions, span_over, unread
from .tokens import Token

_Maybe = Token | None
Item = n.Setting | n.Statement | n.Automated | n.RepLed


class Builder(Conditions):
    """All rules. The one transformer embedded in the parser; it keeps nothing between files but `found`."""

    # --- declarations ---

    def file(self, *declarations: n.Declaration) -> tuple[n.Declaration, ...]:
        return declarations

    def segment(self, word: Token, name: Token, label: _Maybe, _of: Token, object: Token, *body: Any) -> n.Segment:
        _opened, condition, closed = body
        return n.Segment(self.name(name), self._text(label), self.name(object), condition, span_over(word, closed))

    def static_segment(self, word: Token, _: Token, name: Token, label: _Maybe, _of: Token, object: Token) -> n.Segment:
        return n.Segment(self.name(name), self._text(label), self.name(object), None, span_over(word, object))

    def sequence(
        self, word: Token, name: Token, label: _Maybe, _of: _Maybe, object: _Maybe, body: n.Body
    ) -> n.Sequence:
        of = self.name(object) if object else None
        return n.Sequence(self.name(name), self._text(label), of, body, span_over(word, body))

    def workflow(
        self, word: Token, name: Token, label: _Maybe, _of: _Maybe, object: _Maybe, body: n.Body
    ) -> n.Workflow:
        of = self.name(object) if object else None
        return n.Workflow(self.name(name), self._text(label), of, body, span_over(word, body))

    def template(self, word: Token, name: Token, label: _Maybe, body: n.Body) -> n.Template:
        return n.Template(self.name(name), self._text(label), body.settings, span_over(word, body))

    def template_body(self, opened: Token, *rest: Any) -> n.Body:
        return self.body(opened, *rest)

    def body(self, opened: Token, *rest: Any) -> n.Body:
        items, closed = rest[:-1], rest[-1]
        settings = tuple(i for i in items if isinstance(i, n.Setting))
        automated = tuple(i for i in items if isinstance(i, n.Automated))
        rep_led = tuple(i for i in items if isinstance(i, n.RepLed))
        statements = tuple(i for i in items if not isinstance(i, n.Setting | n.Automated | n.RepLed))
        self._settings_first(items)
        return n.Body(settings, statements, automated, rep_led, span_over(opened, closed))

    def _settings_first(self, items: tuple[Item, ...]) -> None:
        begun, known = False, set[str]()
        for item in items:
            if isinstance(item, n.Setting) and begun and item.name not in known:  # else it is told as a double
                self.found.append(wording.misplaced_setting(item.name_span, item.name))
            if isinstance(item, n.Setting):
                known.add(item.name)
            begun = begun or not isinstance(item, n.Setting | n.Bad)

    def automated(self, word: Token, block: n.Block) -> n.Automated:
        return n.Automated(word.span, block, span_over(word, block))

    def rep_led(self, word: Token, _when: Token, engaged: n.Condition, block: n.Block) -> n.RepLed:
        return n.RepLed(word.span, engaged, block, span_over(word, block))

    def block(self, opened: Token, *rest: Any) -> n.Block:
        return n.Block(rest[:-1], span_over(opened, rest[-1]))

    def later_declaration(self, token: Token) -> n.Unsupported:
        assert isinstance(token, Later)
        return n.Unsupported(f"`{token.what}`", token.span, token.what, token.name)

    def bad(self, token: Token) -> n.Bad:
        return n.Bad(token.span, token.what, token.name) if isinstance(token, Later) else n.Bad(token.span)

    # --- settings ---

    def setting(self, name: Token, _colon: Token, value: Any) -> n.Setting:
        return n.Setting(name.text, name.span, value, span_over(name, value))

    def listing(self, *parts: Any) -> n.Listing:
        return n.Listing(parts[::2], span_over(parts[0], parts[-1]))

    def every_day(self, word: Token, day: n.Path, hours: Token) -> n.EveryDay:
        return n.EveryDay(day, self.clock_range(hours), span_over(word, hours))

    def schedule(self, word: Token, *rest: Any) -> n.Unsupported:
        return n.Unsupported("a schedule", span_over(word, rest[-1]))

    def after(self, word: Token, length: Token) -> n.After:
        return n.After(self.duration(length), span_over(word, length))

    def at_date(self, word: Token, date: Any, _sign: Token | None, length: Token | None) -> n.Unsupported | n.Bad:
        span = span_over(word, length or date)
        return n.Bad(span) if isinstance(date, n.Bad) else n.Unsupported("a start at a date", span)

    # --- statements ---

    def later_statement(self, token: Token) -> n.Unsupported:
        assert isinstance(token, Later)
        return n.Unsupported(f"`{token.what}`", token.span)

    def send(self, word: Token, template: Token, _as: Token | None, task: Token | None) -> n.Send:
        return n.Send(self.name(template), task is not None, span_over(word, task or template))

    def send_to(self, word: Token, _template: Token, _to: Token, whom: n.Condition) -> n.Unsupported:
        return n.Unsupported("`send .. to`", span_over(word, whom))

    def wait(self, word: Token, length: Token) -> n.Wait:
        return n.Wait(self.duration(length), span_over(word, length))

    def wait_until(self, word: Token, until: Token, what: n.Condition, *rest: Any) -> n.Statement:
        length, otherwise = rest[2], rest[-1] if len(rest) > 3 else None
        span = span_over(word, otherwise or length or what)
        if isinstance(what, n.Unsupported):
            return replace(what, span=span)
        if isinstance(what, n.Time | n.Date | n.DateTime):
            return n.Unsupported("`wait until` a date or time", span)
        if length is None and not isinstance(what, n.Path | n.Bad):
            self.found.append(wording.missing_up_to(span_over(word, what)))
        return n.WaitUntil(what, self.duration(length) if length else None, otherwise, span)

    def wait_until_date(self, word: Token, *rest: Any) -> n.Unsupported:
        return n.Unsupported("`wait until` a date or time", span_over(word, rest[-1]))

    def if_else(self, word: Token, condition: n.Condition, block: n.Block, *rest: Any) -> n.If:
        first = n.Branch(word.span, condition, block, span_over(word, block))
        others = tuple(r for r in rest if isinstance(r, n.Branch))
        otherwise = rest[-1] if rest and isinstance(rest[-1], n.Block) else None
        return n.If((first, *others), otherwise, span_over(word, rest[-1] if rest else block))

    def else_if(self, _else: Token, word: Token, condition: n.Condition, block: n.Block) -> n.Branch:
        return n.Branch(word.span, condition, block, span_over(word, block))

    def set(self, word: Token, path: n.Path, sign: Token, value: Any) -> n.Statement:
        span = span_over(word, value)
        if sign.type == "EQEQ":
            self.found.append(wording.double_equals(sign.span))
        if isinstance(value, Call | n.Count):
            return n.Unsupported("`set` to a computed value", span)
        return replace(value, span=span) if unread(value) else n.Set(path, value, span)

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

    def notify(self, word: Token, to: n.Path, text: Token) -> n.Notify:
        return n.Notify(to, self.text(text), span_over(word, text))

    def enroll(self, word: Token, _in: Token, kind: Token, name: Token) -> n.Enroll:
        return n.Enroll(kind.text, self.name(name), span_over(word, name))

    def unenroll(self, word: Token, _from: Token, kind: Token, name: Token) -> n.Unenroll:
        return n.Unenroll(kind.text, self.name(name), span_over(word, name))

    def exit(self, word: Token, reason: Token) -> n.Exit:
        return n.Exit(self.text(reason), span_over(word, reason))

    def _text(self, token: Token | None) -> n.Text | None:
        return self.text(token) if token else None


class Later(Token):
    """A whole declaration or statement as one token: one of the later half, or one that recovery left out.
    `what` is its keyword, `name` the name it declares."""

    __slots__ = ("name", "what")

    def __init__(self, first: Token, end: int, type: str, what: str, name: n.Name | None = None) -> None:
        super().__init__(type, first.text, first.file, first.start, end, first.first)
        self.what, self.name = what, name
