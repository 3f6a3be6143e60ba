"""The grammar made ready: its lexer, the builder of nodes, and the one driver that takes tokens and calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any

import grammar

from .build import Builder
from .tables import Parts, Shape, tables
from .tokens import Lexer, Token
from .words import terminal

_Make = Callable[..., Any]
# What a state does at a terminal: go to a state, or finish a rule, as (size, rule, make, plain).
# `make` builds the rule's value: of its parts one by one where it is `plain`, else of all in a list.
Action = Any
States = list[dict[str, Action]]


class Machine:
    """One per process and cache path. INVARIANT: `lock` is held from the first token of a file to the last."""

    def __init__(self, kept: Path | None) -> None:
        written = Path(next(iter(grammar.__path__)), "segue.lark").read_text("utf-8")  # `files` loads a lot for this
        made = tables(written, kept)
        self.builder = Builder()
        finished = [_finished(shape, self.builder) for shape in made.shapes]
        self.states: States = [
            {name: target if target >= 0 else finished[-1 - target] for name, target in state.items()}
            for state in made.states
        ]
        self.lexer = Lexer(made.terminals)
        self.keywords = frozenset(self.lexer.words.values())
        self.lock = Lock()
        self._start, self._end = made.start, made.end

    def start(self) -> Parser:
        """A parser that has read nothing yet."""
        return Parser(self.states, self.keywords, self._start, self._end)


def _finished(shape: Shape, builder: Builder) -> Action:
    """Rules whose name starts with `_` have no node: their parts, in a list, take their place in the rule around."""
    rule, size, parts = shape
    hidden = rule.startswith("_")
    if size == 1:
        return 1, rule, _of_one(parts, None if hidden else getattr(builder, rule, None), hidden), True
    if hidden:
        return size, rule, _itself if size and _is_plain(parts) else _spread(parts), False
    method = getattr(builder, rule)
    if size and _is_plain(parts):
        return size, rule, method, True
    spread = _spread(parts)
    return size, rule, lambda children: method(*spread(children)), False


def _of_one(parts: Parts, method: _Make | None, hidden: bool) -> _Make | None:
    """The maker of a rule of one symbol; None where its value is that of the symbol: no method asks for it."""
    expanded = parts == ((0, True),)
    if method is None and hidden == expanded:
        return None
    if method is None and expanded:
        return itemgetter(0)
    if parts == ((0, False),):
        return _alone if method is None else method
    spread = _spread(parts)
    return (lambda part: spread([part])) if method is None else (lambda part: method(*spread([part])))


def _is_plain(parts: Parts) -> bool:
    return all(part is not None and not part[1] for part in parts)


def _itself(parts: list[Any]) -> list[Any]:
    return parts


def _alone(part: Any) -> list[Any]:
    return [part]


def _grown(parts: list[Any]) -> list[Any]:
    row: list[Any] = parts[0]
    row += parts[1:]
    return row


def _spread(parts: Parts) -> Callable[[list[Any]], list[Any]]:
    """The parts of a rule in one row. A list that grows from the left is not copied: it belongs to nobody else."""
    first, rest = parts[0] if parts else None, parts[1:]
    grows = first is not None and first[1]
    if grows and parts == ((0, True), *((index, False) for index in range(1, len(parts)))):
        return _grown

    def spread(children: list[Any]) -> list[Any]:
        row: list[Any] = children[0] if grows else []
        for part in rest if grows else parts:
            if part is None:
                row.append(None)
            elif part[1]:
                row += children[part[0]]
            else:
                row.append(children[part[0]])
        return row

    return spread


_NO_WORDS = frozenset[str]()


class Parser:
    """What was read so far, as a stack of states and one of values. `before` is the type of the last token taken,
    `stack` holds the states before the token at fault: a parser of this kind finishes rules before it notices, and
    forgets what else could have come. `result` is the value of `file` when all is read."""

    def __init__(self, states: States, keywords: frozenset[str], start: int, end: int) -> None:
        self._states, self._keywords, self._end = states, keywords, end
        self.state_stack, self.value_stack = [start], list[Any]()
        self.stack: list[int] = []
        self.forced = (-1, "")  # after a recovery: which token to take for what
        self.before = ""
        self.refused: Token | None = None
        self.result: Any = None

    def feed(self, token: Token) -> None:
        """Takes one token that is known to fit."""
        self._take([token], 0, _NO_WORDS, -1)

    def advance(self, tokens: Sequence[Token], at: int) -> int:
        """Takes tokens from `at` on, each word for the keyword or the name it is there. The index of the first that
        does not fit (`refused`); all fit where there is a `result`."""
        return self._take(tokens, at, self._keywords, self.forced[0])

    def _take(self, tokens: Sequence[Token], at: int, keywords: frozenset[str], forced_at: int) -> int:
        states, end = self._states, self._end
        stack, values, before = self.state_stack, self.value_stack, self.before
        state, self.refused = stack[-1], None
        for at in range(at, len(tokens)):  # noqa: B020 - goes on from where it was
            token = tokens[at]
            kind = token.type
            if at == forced_at and (kind == "NAME" or kind in keywords):
                kind = self.forced[1]
            elif kind in keywords:
                kind = terminal(token, before, tokens[at + 1].type, states[state])
            if kind != token.type:
                token = token.retyped(kind)
            action = states[state].get(kind)
            if action.__class__ is tuple:
                self.stack = stack.copy()
                while action.__class__ is tuple:
                    size, rule, make, plain = action
                    if size == 1:
                        if make is not None:
                            values[-1] = make(values[-1])
                        stack[-1] = state = states[stack[-2]][rule]
                    elif plain:
                        parts = values[-size:]
                        del values[-size:], stack[-size:]
                        values.append(make(*parts))
                        state = states[stack[-1]][rule]
                        stack.append(state)
                    else:
                        parts = values[len(values) - size :]
                        if size:
                            del values[-size:], stack[-size:]
                        values.append(make(parts))
                        state = states[stack[-1]][rule]
                        stack.append(state)
                    if state == end:
                        self.result = values[-1]
                        return at
                    action = states[state].get(kind)
            elif action is None:
                self.stack = stack.copy()
            if action is None:
                self.before, self.refused = before, token
                return at
            state = action
            stack.append(state)
            values.append(token)
            before = kind
        self.before = before
        return at


@cache
def machine(kept: Path | None) -> Machine:
    """The machine with its parse tables kept in a file (None: nowhere); if that fails, they are made."""
    return Machine(kept)


def fits(states: States, stack: list[int], types: tuple[str, ...]) -> bool:
    """Whether a parser with this stack of states could take tokens of these types in turn."""
    stack = list(stack)
    return all(_shifts(states, stack, type) for type in types)


def _shifts(states: States, stack: list[int], type: str) -> bool:
    while (action := states[stack[-1]].get(type)) is not None:
        if action.__class__ is int:
            stack.append(action)
            return True
        size, rule, _, _ = action
        if size:
            del stack[-size:]
        if rule == "file":
            return True  # all is read: nothing follows but the end
        stack.append(states[stack[-1]][rule])
    return False
