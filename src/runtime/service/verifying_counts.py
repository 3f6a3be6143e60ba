"""What is kept of events against the events: count, first and last of each kind per record (decision 0021), and what
people did in an enrollment or with a mail (decision 0040). It reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.program.definitions import Program
from dsl.schema.model import EventKind

from ..engine.judging.dependencies import goes_by
from ..query.scope import ACTED
from ..store import meta, seen
from ..store.names import event_table, quoted
from ..store.seen import Seen
from ..store.session import Session

_VACUUMED = "SELECT key FROM segue_meta WHERE key LIKE 'vacuumed %'"
_OTHER = "sum(q.n) <> sum(q.kn) OR sum(q.first) <> sum(q.kfirst) OR sum(q.last) <> sum(q.klast)"
_LESS = "sum(q.n) > sum(q.kn) OR (sum(q.n) > 0 AND (sum(q.first) < sum(q.kfirst) OR sum(q.last) > sum(q.klast)))"


@dataclass(frozen=True, slots=True)
class Found:
    """`count` records of which something else is kept, the ids of the first of them with what is wrong of each."""

    name: str
    count: int
    wrong: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted under one name: human events of one kind, or all acts together. Where old events were vacuumed,
    more may have been counted, and from earlier on."""

    name: str
    stored: tuple[EventKind, ...]
    vacuumed: bool


def kinds(session: Session, program: Program) -> Iterator[Kind]:
    """All that are counted."""
    gone = {key.removeprefix("vacuumed ") for (key,) in session.run(_VACUUMED)}
    found: dict[str, tuple[EventKind, ...]] = {
        kind.name: (kind,) for kind in program.schema.events.values() if kind.builtin is None
    }
    if meta.read(session, "acts") == goes_by(program)["acts"]:  # else the next run counts them anew
        found[ACTED] = tuple(kind for (kind,) in found.values() if kind.act)
    for name, stored in found.items():
        yield Kind(name, stored, any(kind.name in gone for kind in stored))


def counted(session: Session, kind: Kind, first: int) -> Found:
    """One of them, `first` records at most."""
    events = " UNION ALL ".join(
        f"SELECT v.bucket, v.record_id, v.at FROM {quoted(event_table(one.name))} v"
        + (" WHERE v.class = 'human'" if one.classed else "")
        for one in kind.stored
    )
    both = (
        "SELECT e.record_id AS id, count(*) AS n, min(e.at) AS first, max(e.at) AS last, 0 AS kn, 0 AS kfirst,"
        f" 0 AS klast FROM ({events}) e GROUP BY e.bucket, e.record_id"
        " UNION ALL SELECT a.id, 0, 0, 0, a.count, a.first_at, a.last_at FROM segue_activity a WHERE"
        " a.event = :kind"
    )
    rows = session.run(
        "SELECT d.id, d.n, d.kn, count(*) OVER () FROM (SELECT q.id, sum(q.n) AS n, sum(q.kn) AS kn"
        f" FROM ({both}) q GROUP BY q.id HAVING {_LESS if kind.vacuumed else _OTHER}) d"
        f" ORDER BY d.id LIMIT {first}",
        kind=kind.name,
    )
    wrong = tuple((id_, _counted(int(n), int(kept))) for id_, n, kept, _ in rows)
    return Found(kind.name, rows[0][3] if rows else 0, wrong)


def _counted(events: int, kept: int) -> str:
    if events != kept:
        return f"has {events:,} such events, {kept:,} are counted"
    return "the first or the last event is not the one that is kept"


def done(session: Session, first: int) -> list[Found]:
    """What enrollments and mails keep of what people did."""
    return [
        Found(table, count, tuple((id_, f"did {_acts(told)}, but {_acts(kept)} is kept") for id_, kept, told in rows))
        for table, count, rows in seen.differences(session, first)
    ]


def _acts(bits: int) -> str:
    return ", ".join(str(one.name).lower() for one in Seen if bits & one) or "nothing"
