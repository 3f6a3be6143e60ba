"""What earlier runs wrote, and what is on its way to a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from ..store import inbox
from ..store.session import Session, placeholders
from ..store.values import Storage

WRITES = "('record', 'set', 'add', 'delete')"  # kinds of rows that may change a property


@dataclass(slots=True)
class Repair:
    """What fixes wrote to one property of one record. `value` is what the last of them left, `marks` are the rules that
    wrote since anything else did; `back`: (mark, value) of what was taken back."""

    value: Storage = None
    marks: frozenset[str] = frozenset()
    back: frozenset[tuple[str, Storage]] = frozenset()

    def left(self, mark: str, value: Storage) -> bool:
        """Whether the rule of that mark has had its turn: what it wrote, or other rules made of it, is still there, or
        a person has put the value back. To write it again helps nobody, and two rules would do so for ever."""
        return (mark in self.marks and self.value == value) or (mark, value) in self.back

    def follow(self, marks: frozenset[str], old: Storage, new: Storage, undone: bool) -> None:
        if undone:
            self.back |= {(mark, old) for mark in marks}
        else:
            self.marks = marks | (self.marks if self.value == old else frozenset())
            self.value = new


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
        " AND r.old IS NOT NULL AND r.new IS NOT NULL ORDER BY r.run",  # of the deleted nothing is kept
        values,
    )
    found: dict[tuple[int, str], Repair] = defaultdict(Repair)
    for id_, name, old, new, undone, by in rows:
        marks = frozenset(by.split(" ")[1:])
        found[id_, name].follow(marks, orjson.loads(old), orjson.loads(new), undone is not None)
    return found


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
