"""Parsing: text in, a tree and findings out. Never raises for anything an author can write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..collector import collector_at_rest
from ..diagnostics.diagnostic import Diagnostic
from ..source import Source, Span
from . import nodes
from .complaint import Complaints
from .foreign.rule_tests import test_words
from .foreign.words import understood
from .machine import Machine, machine
from .recover import resume
from .structure import balanced
from .tokens import STRAY, Token


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file: what could be read, what was wrong (in the order of the text), and its comments."""

    tree: nodes.File
    diagnostics: tuple[Diagnostic, ...]
    comments: tuple[nodes.Comment, ...]


def parse(source: Source, cache: Path | None = None) -> Parsed:
    """Reads one file. `cache` is a file in which the parse table is kept between runs (written when missing)."""
    engine = machine(cache)
    with engine.lock, collector_at_rest():
        engine.builder.found = []
        return _Reading(engine, source).run()


class _Reading:
    """One pass over one file."""

    def __init__(self, engine: Machine, source: Source) -> None:
        lexed = engine.lexer.read(source.name, source.text)
        tokens = understood(lexed.tokens, lexed.found)
        if "test" in lexed.text:
            test_words(tokens, lexed.found)
        structure = balanced(tokens, lexed.text)
        self._source, self._comments = source, lexed.comments
        self._tokens, self._closing = structure.tokens, structure.closing
        self._states, self._parser = engine.states, engine.start()
        self._found = engine.builder.found
        self._found += lexed.found + structure.found
        self._complaints = Complaints(engine, self._parser, self._tokens, self._found)

    def run(self) -> Parsed:
        parser, at = self._parser, 0
        while parser.result is None:
            at = parser.advance(self._tokens, at)
            if parser.refused is not None:
                at = self._mend(parser.refused, at)
        tree = nodes.File(parser.result, Span(self._source.name, 0, len(self._source.text)))
        found = sorted(self._found, key=lambda d: d.label.span.start)
        return Parsed(tree, tuple(found), tuple(self._comments))

    def _mend(self, token: Token, at: int) -> int:
        """Reports what is wrong at token `at`, repairs or leaves out, and says where to go on."""
        parser = self._parser
        if token.type == STRAY:
            self._complaints.stray(at)
            return at + 1
        tried = parser.forced[0] == at  # INVARIANT: no token is mended twice, so every file comes to an end
        meant = None if tried else self._complaints.swapped(token, at)
        if meant is not None:
            parser.feed(meant)
            parser.before = meant.type
            return at + 1
        near = None if tried or meant is not None else self._complaints.misspelt(token, at)
        if near is not None:
            parser.feed(near)
            parser.before = near.type
            return at + 1
        missing = None if tried else self._complaints.missing_sign(token, at)
        if missing is not None:
            parser.feed(missing)
            parser.forced, parser.before = (at, token.type), missing.type
            return at
        if token.type == "RBRACE" and "STATIC" in self._states[parser.state_stack[-1]]:
            self._complaints.surplus(token, at)
            return at + 1
        self._complaints.unexpected(token, at, parser.forced)
        at += tried and token.type != "$END"
        at, kind = resume(self._states, parser, self._tokens, at, self._closing)
        parser.forced, parser.before = (at, kind), ""
        return at
