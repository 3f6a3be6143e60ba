"""What somebody asked of enrollments that no tick has obeyed yet: a list shows it until then (S40, S41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

import orjson

from ..store.session import Session, placeholders
from ..store.tables import ENDED

_BY_HAND = "substr(i.key, 1, length(i.kind) + 1) = i.kind || ':'"
_BECOMES = {"pause": "pausing", "resume": "resuming", "unenroll": "unenrolling"}


class EnrollmentKey(NamedTuple):
    bucket: int
    id: int


class _Line(Protocol):
    """Its field `awaits` is "" until it is asked about."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> EnrollmentKey: ...
    @property
    def status(self) -> str: ...


L = TypeVar("L", bound=_Line)


def awaiting(session: Session, lines: Sequence[L]) -> list[L]:
    """The lines of a page, each with what was asked of it: `pausing`, `resuming`, `unenrolling`. One look at what waits
    in the inbox for all of them."""
    asked = _asked(session, {line.key.bucket for line in lines if line.status not in ENDED})
    return [replace(line, awaits=asked[line.key]) if line.key in asked else line for line in lines]


def _asked(session: Session, buckets: set[int]) -> Mapping[EnrollmentKey, str]:
    """An end is obeyed before all else. A pause that ends by itself has a key of another kind: it waits for its day."""
    if not buckets:
        return {}
    values: dict[str, object] = {}
    rows = session.bound(
        f"SELECT i.kind, i.bucket, i.payload FROM segue_inbox i WHERE i.bucket IN ("
        f"{placeholders('b', sorted(buckets), values)}) AND i.kind IN ({placeholders('k', _BECOMES, values)})"
        f" AND {_BY_HAND} ORDER BY i.at, i.rank",
        values,
    )
    told: dict[EnrollmentKey, str] = {}
    for kind, bucket, payload in rows:
        key = EnrollmentKey(bucket, orjson.loads(payload).get("enrollment"))
        if told.get(key) != _BECOMES["unenroll"]:
            told[key] = _BECOMES[kind]
    return told


class _Task(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Task)


def awaiting_tasks(session: Session, tasks: Sequence[T]) -> list[T]:
    """The same of tasks: `done`, `skipped`, `to mia`. What was given away and done besides is done. The demo's people
    do theirs at an hour to come, by keys of another kind."""
    buckets = sorted({int(task.id.split(".")[0]) for task in tasks})
    if not buckets:
        return []
    values: dict[str, object] = {}
    rows = session.bound(
        f"SELECT i.kind, i.bucket, i.payload FROM segue_inbox i WHERE i.bucket IN ("
        f"{placeholders('b', buckets, values)}) AND i.kind IN ('assign', 'task') AND {_BY_HAND}"
        " ORDER BY i.kind, i.at, i.rank",
        values,
    )
    told: dict[str, str] = {}
    for kind, bucket, payload in rows:
        asked = orjson.loads(payload)
        becomes = f"to {asked['to']}" if kind == "assign" else str(asked["state"])
        told[f"{bucket}.{asked['enrollment']}.{asked['ordinal']}"] = becomes
    return [replace(task, awaits=told[task.id]) if task.id in told else task for task in tasks]
