"""Nodes of what people do by hand in a test, and of what is expected of it; one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any

from ..source import Span
from ..values import replace
from . import nodes as n
from .build_conversations import Conversations
from .build_values import last_of, span_over
from .node_tests_effects import Said
from .tokens import Token

_Maybe = Token | None


class Fields:
    """What stands between the braces of `expect ticket created { .. }`."""

    __slots__ = ("assigned", "missing", "span")

    def __init__(self, opened: Token, *rest: Any) -> None:
        *parts, closed = rest
        self.assigned = tuple(p for p in parts if isinstance(p, n.Assigned))
        self.missing = tuple(p for p in parts if isinstance(p, n.Path))
        self.span = span_over(opened, closed)


class Cells:
    """The columns of a row that is expected."""

    __slots__ = ("parts", "span")

    def __init__(self, opened: Token, *rest: Any) -> None:
        self.parts, self.span = rest[:-1:2], span_over(opened, rest[-1])


class TestsByHand(Conversations):
    """The later half of the grammar's part `tests`."""

    # --- what happens ---

    def saves(
        self, user: Token, _saves: Token, playbook: n.Event, _for: Token, record: Token, *rest: _Maybe
    ) -> n.Saves:
        _with, person = rest
        on_line = self.name(person) if person else None
        return n.Saves(self.name(user), playbook, self.name(record), on_line, span_over(user, person or record))

    def submits(self, who: Token, _submits: Token, form: n.Event) -> n.Submits:
        return n.Submits(self.name(who), form, span_over(who, form))

    def answers(self, who: Token, _answers: Token, survey: n.Event) -> n.AnswersSurvey:
        return n.AnswersSurvey(self.name(who), survey, span_over(who, survey))

    def moves(self, user: Token, _moves: Token, record: Token, _to: Token, stage: Token) -> n.Moves:
        return n.Moves(self.name(user), self.name(record), self.name(stage), span_over(user, stage))

    def sends(self, user: Token, _sends: Token, broadcast: Token) -> n.SendsBroadcast:
        return n.SendsBroadcast(self.name(user), self.name(broadcast), span_over(user, broadcast))

    def fixes(self, user: Token, _fixes: Token, hygiene: Token) -> n.Fixes:
        return n.Fixes(self.name(user), self.name(hygiene), span_over(user, hygiene))

    def refused_act(self, act: n.ByHand, *rest: _Maybe) -> n.ByHand:
        but, _is, refused, _because, why = rest
        assert but is not None
        span = span_over(but, why or refused)
        return replace(act, span=act.span.to(span), refused=n.Refusal(self.text(why) if why else None, span))

    # --- what is expected ---

    def said(self, *parts: Token) -> Said:
        return Said(self.text(parts[-1]), len(parts) > 1, span_over(parts[0], parts[-1]))

    has_words = said

    def expect_call(self, word: Token, no: _Maybe, kind: Token, channel: Token, *rest: Any) -> n.ExpectCall:
        said, _from, source = rest
        span = span_over(word, last_of(channel, said, source))
        named = self.name(source) if source else None
        return n.ExpectCall(kind.text, self.text(channel), no is not None, said, named, span)

    def expect_note(self, word: Token, no: _Maybe, _note: Token, _on: Token, who: Token, said: Any) -> n.ExpectNote:
        return n.ExpectNote(self.name(who), no is not None, said, span_over(word, said or who))

    def expect_created(self, word: Token, object: Token, no: _Maybe, created: Token, *rest: Any) -> n.ExpectCreated:
        _as, name, fields, _from, source = rest
        span = span_over(word, last_of(created, name, fields, source))
        named, by = (self.name(one) if one else None for one in (name, source))
        assigned, missing = (fields.assigned, fields.missing) if fields else ((), ())
        return n.ExpectCreated(self.name(object), no is not None, named, assigned, by, span, missing)

    def expected_fields(self, *parts: Any) -> Fields:
        return Fields(*parts)

    def expect_link(self, word: Token, who: Token, no: _Maybe, *rest: _Maybe) -> n.ExpectLink:
        other, way, span = self.linked(word, *rest)
        return n.ExpectLink(self.name(who), other, way, no is not None, span)

    def linked(self, word: Token, *rest: _Maybe) -> tuple[n.Name, n.Name | None, Span]:
        """`linked to acme as employer`, and the span of the line that `word` begins."""
        _linked, _to, other, _as, way = rest
        assert other is not None
        return self.name(other), self.name(way) if way else None, span_over(word, way or other)

    def expect_consent(self, word: Token, who: Token, *rest: Any) -> n.ExpectConsent:
        opted_in = rest[-3].type == "SUBSCRIBED"
        negated = opted_in and rest[0] is not None and rest[0].type == "NOT"
        return n.ExpectConsent(self.name(who), self.name(rest[-1]), opted_in, negated, span_over(word, rest[-1]))

    def expect_row(self, word: Token, _report: Token, name: Token, *rest: Any) -> n.ExpectRow:
        return self._row(word, name, rest[2], rest[-1], False)

    def expect_no_row(self, word: Token, _report: Token, name: Token, *rest: Any) -> n.ExpectRow:
        return self._row(word, name, rest[2], rest[-1], True)

    def _row(self, word: Token, report: Token, dashboard: _Maybe, cells: Cells, negated: bool) -> n.ExpectRow:
        on = self.name(dashboard) if dashboard else None
        return n.ExpectRow(self.name(report), cells.parts, negated, span_over(word, cells), on)

    def cells(self, *parts: Any) -> Cells:
        return Cells(*parts)

    def expect_finding(self, word: Token, _hygiene: Token, name: Token, *rest: Token) -> n.ExpectFinding:
        return n.ExpectFinding(self.name(name), self.name(rest[-1]), False, span_over(word, rest[-1]))

    def expect_no_finding(self, word: Token, _hygiene: Token, name: Token, *rest: Token) -> n.ExpectFinding:
        return n.ExpectFinding(self.name(name), self.name(rest[-1]), True, span_over(word, rest[-1]))

    def expect_snippet(self, word: Token, _snippet: Token, shortcut: Token, *rest: Any) -> n.ExpectSnippet:
        _for, who, said = rest
        return n.ExpectSnippet(self.text(shortcut), self.name(who), said, span_over(word, said))
