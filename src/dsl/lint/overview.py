"""What rules see of a project as a whole: of every declaration a few facts, kept with its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from ..check.findings import Reference
from ..check.scope import Names
from ..source import NOWHERE, Source, Span
from ..values import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """One declaration. `references` are those to declarations and to what segue.yaml declares, not to properties,
    events and what is inside them: a rule that wants these takes a note. `notes` are what the rules wrote down about
    it, by the name of the rule."""

    kind: str
    name: str
    span: Span  # of its name
    references: tuple[Reference, ...]
    notes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """All declarations, in the order of files and lines. INVARIANT: none of them has an error."""

    names: Names
    facts: Sequence[Facts]
    settings: Source | None = None  # segue.yaml

    @cached_property
    def referred(self) -> Mapping[tuple[str, str], Sequence[tuple[Facts, Reference]]]:
        """Who names what: for each (kind, name) the declarations that name it, and where."""
        found: dict[tuple[str, str], list[tuple[Facts, Reference]]] = {}
        for facts in self.facts:
            for reference in facts.references:
                found.setdefault((reference.kind, reference.name), []).append((facts, reference))
        return found

    def of(self, *kinds: str) -> Iterator[Facts]:
        """The declarations of these kinds."""
        return (facts for facts in self.facts if facts.kind in kinds)

    def named_by(self, facts: Facts) -> Iterable[Facts]:
        """The other declarations that name this one."""
        return (by for by, _ in self.referred.get((facts.kind, facts.name), ()) if by is not facts)

    def in_settings(self, *path: str | int) -> Span:
        """Where the key at `path` stands in segue.yaml, else the nearest above it that is written: `"limits",
        "frequency_cap"`. Reads the file anew: for what is found, not for seeking."""
        from ..schema.problems import Problems
        from ..schema.yaml_positions import read_yaml

        document = read_yaml(self.settings, Problems()) if self.settings else None
        return document.key(path) if document else NOWHERE

    def notes(self, rule: str) -> Iterator[tuple[Facts, object]]:
        """What `note` of that rule gave, where it gave something."""
        return ((facts, facts.notes[rule]) for facts in self.facts if rule in facts.notes)
