"""One rule file of a workspace, and what is known of it so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .check.one_file import Facts, Outcome, Outline, outline
from .diagnostics.diagnostic import Diagnostic
from .lint.ignores import Ignores, read_ignores
from .source import Source
from .syntax import Parsed, parse
from .undecoded import not_utf8, readable


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text alone tells: what is wrong with it as text, its declarations, the comments for the linter."""

    found: tuple[Diagnostic, ...]
    outline: Outline
    ignores: Ignores


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file between runs: all but its tree and what was compiled."""

    reading: Reading
    rules: Facts
    templates: Facts


class RuleFile:
    """`rules` and `templates` are the outcomes of the two passes, None where they are to be made (again)."""

    def __init__(self, name: str, read: Callable[[], Source], table: Path | None, kept: Kept | None = None) -> None:
        """`read` gives the text, when it is first needed; `kept` was found in the same text."""
        self.name = name
        self._read, self._table = read, table
        self._source: Source | None = None
        self._parsed: Parsed | None = None
        self._reading = kept.reading if kept else None
        self.rules = Outcome(kept.rules) if kept else None
        self.templates = Outcome(kept.templates) if kept else None
        self.compiled = kept is None  # whether the outcomes, where they are, hold what was compiled

    @property
    def written(self) -> Source:
        """The text as it was read; bytes that are no letters stand in it as lone surrogates."""
        if self._source is None:
            self._source = self._read()
        return self._source

    @property
    def source(self) -> Source:
        return readable(self.written)

    @property
    def parsed(self) -> Parsed:
        if self._parsed is None:
            self._parsed = parse(self.source, self._table)
        return self._parsed

    @property
    def reading(self) -> Reading:
        if self._reading is None:
            parsed, source = self.parsed, self.source
            undecoded = tuple(not_utf8(self.written))
            places = {d.label.span.start for d in undecoded}  # of these the parser has nothing to add
            found = (*undecoded, *(d for d in parsed.diagnostics if d.label.span.start not in places))
            ignores = read_ignores(source, parsed.tree, parsed.comments)
            self._reading = Reading(found, outline(parsed.tree, source), ignores)
        return self._reading

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in (self.rules, self.templates) if outcome is not None)

    def found(self) -> Iterator[Diagnostic]:
        """All findings of this file, but for those that only show across files."""
        yield from self.reading.found
        yield from self.reading.outline.found
        for outcome in self.outcomes:
            yield from outcome.facts.found

    def kept(self) -> Kept:
        """What a later run may start from. INVARIANT: both passes were made."""
        assert self.rules is not None and self.templates is not None
        return Kept(self.reading, self.rules.facts, self.templates.facts)

    def forget(self) -> None:
        """Both passes are to be made again."""
        self.rules = self.templates = None
        self.compiled = True
