"""Nodes of playbooks, forms and surveys, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any

from . import nodes as n
from .build_statements import Statements
from .build_values import last_of, span_over
from .tokens import Token

_Maybe = Token | None


class Conversations(Statements):
    """What is asked and said, and what follows from the answers."""

    def playbook(
        self, word: Token, name: Token, label: _Maybe, _for: Token, of: Token, _with: _Maybe, other: _Maybe, body: Items
    ) -> n.Conversation:
        return self._conversation(word, name, label, of, other, body)

    def form(self, word: Token, name: Token, label: _Maybe, _of: _Maybe, of: _Maybe, body: Items) -> n.Conversation:
        return self._conversation(word, name, label, of, None, body)

    def survey(self, word: Token, name: Token, label: _Maybe, _of: _Maybe, of: _Maybe, body: Items) -> n.Conversation:
        return self._conversation(word, name, label, of, None, body)

    def _conversation(
        self, word: Token, name: Token, label: _Maybe, of: _Maybe, with_: _Maybe, body: Items
    ) -> n.Conversation:
        return n.Conversation(
            word.text,
            self.name(name),
            self._text(label),
            self.name(of) if of else None,
            self.name(with_) if with_ else None,
            tuple(p for p in body.parts if isinstance(p, n.Setting)),
            tuple(p for p in body.parts if not isinstance(p, n.Setting | n.On)),
            tuple(p for p in body.parts if isinstance(p, n.On)),
            span_over(word, body.closed),
        )

    def conversation(self, _opened: Token, *rest: Any) -> Items:
        return Items(rest[:-1], rest[-1])

    def say(self, word: Token, text: Token) -> n.Say:
        return n.Say(self.text(text), span_over(word, text))

    def ask(self, word: Token, name: Token, question: Token, *rest: Any) -> n.Ask:
        _colon, type, _arrow, target, required = rest
        must = required.span if required else None
        return n.Ask(
            self.name(name), self.text(question), type, target, must, span_over(word, last_of(question, *rest))
        )

    def answer_type(self, name: Token, options: n.ListOf | n.Bad | None) -> n.AnswerType:
        known = options if isinstance(options, n.ListOf) else None
        return n.AnswerType(self.name(name), known, span_over(name, options or name))

    def when(self, word: Token, condition: n.Condition, _opened: Token, *rest: Any) -> n.When:
        return n.When(word.span, condition, rest[:-1], span_over(word, rest[-1]))

    def on(self, word: Token, moment: Token, block: n.Block) -> n.On:
        return n.On(self.name(moment), block, span_over(word, block))


class Items:
    """What stands between the braces of a conversation, in the order written."""

    __slots__ = ("closed", "parts")

    def __init__(self, parts: tuple[Any, ...], closed: Token) -> None:
        self.parts, self.closed = parts, closed
