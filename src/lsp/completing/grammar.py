"""What the grammar can take where a text stops: the parser's own tables are asked, after the same recovery."""

from __future__ import annotations

from dsl.syntax.machine import fits, machine
from dsl.syntax.recover import resume
from dsl.syntax.tokens import Token
from runtime.project.loading import table_file

_OF_TWO_WORDS = {"AT_LEAST": "at least", "AT_MOST": "at most"}


def accepted(tokens: list[Token]) -> frozenset[str]:
    """The terminals that could follow; `tokens` end with $END. Empty where a mistake before leaves no place to ask."""
    engine = machine(table_file())
    with engine.lock:
        engine.builder.found = []
        parser, at = engine.start(), 0
        while True:
            at = parser.advance(tokens, at)
            if parser.refused is None or tokens[at].type == "$END":
                break
            again = parser.forced[0] == at  # INVARIANT: no token is mended twice, so this comes to an end
            at, kind = resume(engine.states, parser, tokens, at + again, {})
            if kind == "$END":
                return frozenset()
            parser.forced, parser.before = (at, kind), ""
        return frozenset(name for name in engine.states[parser.stack[-1]] if _fits(engine.states, parser.stack, name))


def _fits(states: list[dict[str, object]], stack: list[int], name: str) -> bool:
    return name.isupper() and fits(states, stack, (name,))


def spellings(terminals: frozenset[str]) -> list[str]:
    """The keywords among them, as written."""
    engine = machine(table_file())
    found = [engine.lexer.spelling[name] for name in terminals & engine.keywords]
    return sorted([*found, *(text for name, text in _OF_TWO_WORDS.items() if name in terminals)])
