"""One rule file of a workspace, and what is known of it so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from .check.one_file import Facts, Outcome, Outline, outline
from .diagnostics.diagnostic import Diagnostic
from .keeping import Unreadable, packed, unpacked
from .lint.ignores import Ignores, read_ignores
from .source import Source
from .syntax import Parsed, parse
from .undecoded import not_utf8, readable
from .values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text alone tells: what is wrong with it as text, its declarations, the comments for the linter."""

    found: tuple[Diagnostic, ...]
    outline: Outline
    ignores: Ignores


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a file between runs: all but its tree and what was compiled. The `notes` of the linter are
    apart, as bytes: rules about whole projects alone read them, and most projects have none of these on."""

    reading: Reading
    rules: Facts
    templates: Facts
    notes: tuple[bytes, ...]


class RuleFile:
    """`rules` and `templates` are the outcomes of the two passes, None where they are to be made (again)."""

    def __init__(self, name: str, read: Callable[[], Source], table: Path | None, kept: bytes | None = None) -> None:
        """`read` gives the text, when it is first needed; `kept` was found in the same text. Raises Unreadable."""
        self.name = name
        self._read, self._table = read, table
        self._source: Source | None = None
        self._readable: Source | None = None
        self._parsed: Parsed | None = None
        self._reading: Reading | None = None
        self.rules: Outcome | None = None
        self.templates: Outcome | None = None
        self.compiled = kept is None  # whether the outcomes, where they are, hold what was compiled
        self._bytes, self._facts = kept, (Facts(), Facts())  # the facts that the bytes hold
        self._notes: tuple[bytes, ...] = b"", b""
        if kept is not None:
            self._start_from(kept)

    def _start_from(self, kept: bytes) -> None:
        known = unpacked(kept)
        if not isinstance(known, _Kept):
            raise Unreadable("of another kind")
        self._reading, self._notes = known.reading, known.notes
        self._facts = known.rules, known.templates
        self.rules, self.templates = Outcome(known.rules), Outcome(known.templates)

    @property
    def written(self) -> Source:
        """The text as it was read; bytes that are no letters stand in it as lone surrogates."""
        if self._source is None:
            self._source = self._read()
        return self._source

    def holds(self, text: str) -> bool:
        """Whether this is surely its text: of a file kept from another run that is not known before it was read."""
        return self._source is not None and self._source.text == text

    @property
    def source(self) -> Source:
        if self._readable is None:
            self._readable = readable(self.written)
        return self._readable

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

    def kept(self) -> bytes:
        """What a later run may start from. INVARIANT: both passes were made."""
        assert self.rules is not None and self.templates is not None
        facts = self.rules.facts, self.templates.facts
        if self._bytes is None or any(now is not then for now, then in zip(facts, self._facts, strict=True)):
            self._notes, self._facts = tuple(packed(notes) for notes in self._noted()), facts
            rules, templates = (replace(one, references=(), notes=()) for one in facts)
            self._bytes = packed(_Kept(self.reading, rules, templates, self._notes))
        return self._bytes

    def notes(self) -> tuple[object, ...]:
        """What the linter noted of each declaration."""
        return tuple(note for notes in self._noted() for note in notes)

    def _noted(self) -> Iterator[tuple[object, ...]]:
        """Of each pass: as it was kept, unless the pass was made again."""
        for outcome, then, kept in zip((self.rules, self.templates), self._facts, self._notes, strict=True):
            if outcome is not None:
                yield unpacked(kept) if kept and outcome.facts is then else outcome.facts.notes

    def forget(self) -> None:
        """Both passes are to be made again."""
        self.rules = self.templates = None
        self.compiled = True
