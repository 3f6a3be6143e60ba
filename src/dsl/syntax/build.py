"""Nodes of declarations, built while parsing: one method for each rule of the grammar.

`Builder` is the end of a chain of classes, one for each part of the grammar: literals, values, conditions,
settings, statements, conversations, tests, declarations.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import nodes as n
from . import wording
from .build_tests import Tests
from .build_values import span_over
from .tokens import Token

_Maybe = Token | None
Item = n.Setting | n.Statement | n.Automated | n.RepLed


class Builder(Tests):
    """All rules. The one transformer embedded in the parser; it keeps nothing between files but `found`."""

    def file(self, *declarations: n.Declaration) -> tuple[n.Declaration, ...]:
        return declarations

    def bad(self, token: Token) -> n.Bad:
        return n.Bad(token.span, token.what, token.name) if isinstance(token, LeftOut) else n.Bad(token.span)

    # --- segments, sequences, workflows ---

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

    # --- settings alone ---

    def settings(self, opened: Token, *rest: Any) -> n.Body:
        found = tuple(i for i in rest[:-1] if isinstance(i, n.Setting))
        return n.Body(found, _unread(rest), (), (), span_over(opened, rest[-1]))

    def template(self, word: Token, name: Token, label: _Maybe, body: n.Body) -> n.Template:
        return n.Template(
            self.name(name), self._text(label), body.settings, span_over(word, body), _unread(body.statements)
        )

    def snippet(self, word: Token, shortcut: Token, label: _Maybe, body: n.Body) -> n.Snippet:
        return n.Snippet(
            self.text(shortcut), self._text(label), body.settings, span_over(word, body), _unread(body.statements)
        )

    def broadcast(self, word: Token, name: Token, label: _Maybe, body: n.Body) -> n.SettingsOnly:
        return self._settings_only(word, name, label, None, body)

    def report(self, word: Token, name: Token, label: _Maybe, _of: Token, of: Token, body: n.Body) -> n.SettingsOnly:
        return self._settings_only(word, name, label, self.name(of), body)

    def dashboard(self, word: Token, name: Token, label: _Maybe, body: n.Body) -> n.SettingsOnly:
        return self._settings_only(word, name, label, None, body)

    def _settings_only(
        self, word: Token, name: Token, label: _Maybe, of: n.Name | None, body: n.Body
    ) -> n.SettingsOnly:
        span = span_over(word, body)
        unread = _unread(body.statements)
        return n.SettingsOnly(word.text, self.name(name), self._text(label), of, body.settings, span, unread)

    # --- rules over data ---

    def score(self, word: Token, name: Token, label: _Maybe, _of: Token, of: Token, *body: Any) -> n.Score:
        settings = tuple(i for i in body if isinstance(i, n.Setting))
        rules = tuple(i for i in body if isinstance(i, n.ScoreRule))
        span = span_over(word, body[-1])
        return n.Score(self.name(name), self._text(label), self.name(of), settings, rules, span, _unread(body))

    def score_rule(self, sign: Token, points: Token, _when: Token, when: n.Condition, *cap: _Maybe) -> n.ScoreRule:
        _comma, _most, most, _per, period = cap
        at_most, per = self.number(most) if most else None, self.name(period) if period else None
        return n.ScoreRule(sign.text, self.number(points), when, at_most, per, span_over(sign, period or when))

    def hygiene(self, word: Token, name: Token, label: _Maybe, _of: Token, of: Token, *body: Any) -> n.Hygiene:
        settings = tuple(i for i in body if isinstance(i, n.Setting))
        rules = tuple(i for i in body if isinstance(i, n.HygieneRule | n.Bad))
        return n.Hygiene(self.name(name), self._text(label), self.name(of), settings, rules, span_over(word, body[-1]))

    def fix(self, word: Token, _when: Token, condition: n.Condition, block: n.Block) -> n.HygieneRule:
        return n.HygieneRule(word.text, condition, block, None, span_over(word, block))

    def review(self, word: Token, _when: Token, condition: n.Condition, why: Token) -> n.HygieneRule:
        return n.HygieneRule(word.text, condition, None, self.text(why), span_over(word, why))


def _unread(parts: Iterable[Any]) -> tuple[n.Bad, ...]:
    return tuple(part for part in parts if isinstance(part, n.Bad))


class LeftOut(Token):
    """The part that recovery left out. Of a declaration: `what` is its keyword, `name` the name it declares."""

    __slots__ = ("name", "what")

    def __init__(self, first: Token, end: int, what: str = "", name: n.Name | None = None) -> None:
        super().__init__("ERROR", first.text, first.file, first.start, end, first.first)
        self.what, self.name = what, name
