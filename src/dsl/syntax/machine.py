"""The grammar made ready: its parse table, its lexer and the builder of nodes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from lark import Lark
from lark.parsers.lalr_parser_state import ParserState

from .build import Builder
from .tokens import Lexer

States = dict[Any, dict[str, Any]]


class _Embedded:
    """The builder in the shape that Lark embeds into its parser: methods that take a list of children."""

    def __init__(self, builder: Builder) -> None:
        for name in dir(builder):
            method = getattr(builder, name)
            if callable(method) and not name.startswith("_"):
                setattr(self, name, _spread(method))


def _spread(method: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    return lambda children: method(*children)


class Machine:
    """One per process and cache path. INVARIANT: `lock` is held from the first token of a file to the last."""

    def __init__(self, table: Path | None) -> None:
        text = files("grammar").joinpath("segue.lark").read_text("utf-8")
        self.builder = Builder()
        kept = str(table) if table else False
        embedded: Any = _Embedded(self.builder)
        lark = Lark(text, parser="lalr", lexer="basic", start="file", transformer=embedded, cache=kept)
        self.lexer = Lexer(lark.terminals)
        self.keywords = frozenset(self.lexer.words.values())
        self.lock = Lock()
        self._conf = lark.parse_interactive().parser_state.parse_conf
        self.states: States = self._conf.states

    def start(self) -> Any:
        """A parser that has read nothing yet."""
        return ParserState(self._conf, None)  # type: ignore[arg-type]  # tokens are handed in, it needs no lexer


@cache
def machine(table: Path | None) -> Machine:
    """The machine with its parse table kept in the file `table` (None: nowhere); if that fails, it is built."""
    return Machine(table)


def fits(states: States, stack: list[Any], types: tuple[str, ...]) -> bool:
    """Whether a parser with this stack of states could take tokens of these types in turn."""
    stack = list(stack)
    return all(_shifts(states, stack, type) for type in types)


def _shifts(states: States, stack: list[Any], type: str) -> bool:
    while (step := states[stack[-1]].get(type)) is not None:
        action, target = step
        if action.name == "Shift":
            stack.append(target)
            return True
        if target.expansion:
            del stack[-len(target.expansion) :]
        if target.origin.name == "file":
            return True  # all is read: nothing follows but the end
        stack.append(states[stack[-1]][target.origin.name][1])
    return False
