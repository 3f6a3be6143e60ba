"""What earlier runs wrote, and what is on its way to a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from ..store import inbox
from ..store.session import Session, placeholders
from ..store.values import Storage

WRITES = "('record', 'set', 'add', 'delete')"  # kinds of rows that may change a property


class Repair(NamedTuple):
    """The last write of a fix to a property, and the marks of the rules that made it. `old` and `new` are JSON, and
    None once the record was deleted."""

    old: str | None
    new: str | None
    undone: bool
    marks: frozenset[str]

    def left(self, mark: str, value: Storage) -> bool:
        """Whether the value is what the rule of that mark wrote, or what was put back after it: to write it again helps
        nobody."""
        there = self.old if self.undone else self.new
        return mark in self.marks and there is not None and bool(orjson.loads(there) == value)


def last_repairs(session: Session, of: str, ids: Sequence[int]) -> dict[tuple[int, str], Repair]:
    """By record and property."""
    if not ids:
        return {}
    values: dict[str, object] = {"object": of}
    those = placeholders("i", ids, values)
    buckets = placeholders("b", sorted({id_ % 256 for id_ in ids}), values)
    rows = session.bound(
        "SELECT r.id, r.property, r.old, r.new, r.undone_at, r.hygiene FROM segue_repair r"
        f" WHERE r.bucket IN ({buckets}) AND r.object = :object AND r.id IN ({those})"
        " ORDER BY r.run",
        values,
    )
    return {
        (id_, name): Repair(old, new, undone is not None, frozenset(by.split(" ")[1:]))
        for id_, name, old, new, undone, by in rows
    }


def waiting(session: Session, of: str, ids: Sequence[int], cause: str = "-") -> frozenset[int]:
    """Those of which a change waits in the inbox: what the store says of them may be over. What `cause` itself put
    there does not count."""
    if not ids:
        return frozenset()
    values: dict[str, object] = {"object": of, "own": f"{cause}/", "at": inbox.present(session)}
    those = placeholders("i", ids, values)
    buckets = placeholders("b", sorted({id_ % 256 for id_ in ids}), values)
    rows = session.bound(
        f"SELECT DISTINCT i.id FROM segue_inbox i WHERE i.bucket IN ({buckets}) AND i.object = :object"
        f" AND i.kind IN {WRITES} AND i.id IN ({those})"
        " AND i.at <= :at AND substr(i.key, 1, length(:own)) <> :own",
        values,
    )
    return frozenset(row[0] for row in rows)
