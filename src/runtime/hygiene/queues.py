"""What one rule has found, a page at a time, as a person goes through it: each record with what is wrong, and what its
fix would write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..channels.values import Formats
from ..project.loading import Loaded
from ..reading.paging import Key
from ..reading.records import names_of
from ..store.session import Session
from ..store.values import Storage
from .finding import Finding, Findings
from .kept import waiting
from .rules import Rule, rule_named
from .working import Change, Work


class Value(NamedTuple):
    """A property that the fix writes, as people know it; "" for nothing."""

    property: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """`words` of a review, `values` of a fix; `stuck`: the fix does not help, a person has to look; `waits`: something
    is on its way to the record, the fix comes after it."""

    finding: Finding
    name: str
    words: str
    values: tuple[Value, ...]
    stuck: bool
    waits: bool


class Queue:
    """Of one rule, `names.2`, as of the present of the store. Raises UnknownName."""

    def __init__(self, session: Session, loaded: Loaded, name: str) -> None:
        self.session, self.loaded, self.name = session, loaded, name
        self.rule: Rule = rule_named(loaded.program, name)
        self.findings = Findings(session, loaded)

    def count(self) -> int:
        return self.findings.count(self.rule)

    def page(self, after: Key | None = None, back: bool = False, skip: int = 0, limit: int = 50) -> list[QueueLine]:
        """In the order of the records' keys, beyond the one whose `place_of` is `after`."""
        place = (int(str(after[0])), int(str(after[1]))) if after is not None else None
        found = self.findings.page(self.rule, place, limit, skip, back)
        of, ids = self.rule.hygiene.object, [finding.id for finding in found]
        names = names_of(self.session, self.loaded.schema, of, ids)
        later = waiting(self.session, of, ids)
        changes = self._changes(ids) if self.rule.rule.kind == "fix" else {}
        return [self._line(one, names[one.id], changes.get(one.id, ()), one.id in later) for one in found]

    def _line(self, one: Finding, name: str, changes: Sequence[Change], waits: bool) -> QueueLine:
        values = tuple(in_words(self.loaded, change) for change in changes)
        stuck = one.kind == "fix" and not values and not waits
        return QueueLine(one, name, one.words, values, stuck, waits)

    def _changes(self, ids: Sequence[int]) -> dict[int, list[Change]]:
        found: dict[int, list[Change]] = defaultdict(list)
        for changes, _ in Work(self.session, self.loaded, self.name, ids).pages():
            for change in changes:
                found[change.id].append(change)
        return found


def in_words(loaded: Loaded, change: Change) -> Value:
    """A change as people know it, in the account's locale."""
    about = loaded.schema.objects[change.object].properties[change.property]
    write = Formats.of(loaded.project).writer(about.type)

    def said(value: Storage) -> str:
        return "" if value is None else write(value)

    return Value(about.label or about.name, said(change.old), said(change.new))


def place_of(line: QueueLine) -> Key:
    return line.finding.place
