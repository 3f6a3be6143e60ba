"""What needs someone now: what went wrong, what nobody knows the outcome of, what is late, overdue or due soon.

Each look is one range of an index that holds only what is open, or the counts of enrollments by status, which are in
an index too: none reads a table from end to end but that of the open inbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..store import leases, meta
from ..store.session import Row, Session
from ..store.store import Store
from ..times.zones import HOUR
from .lag import Lag, lags
from .looping import loops

_LATELY = 24 * HOUR
_LONGEST_DAY = 26 * HOUR


class Concern(StrEnum):
    """Why somebody is needed, in the order of how much."""

    UNKNOWN = "unknown outcomes"
    ERRORED = "errors"
    LOOP = "goes in a circle"
    LATE = "behind"
    OVERDUE = "overdue tasks"
    REMINDED = "reminders"
    NOBODY = "no worker"


@dataclass(frozen=True, slots=True)
class Need:
    """`count` things; `since` the oldest (µs), None where that says nothing. `of` is the definition they belong to,
    `sequence welcome`, the phase that is behind, or the user whose tasks they are."""

    concern: Concern
    count: int
    of: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """`now`: the instant it was looked at, by the store's clock where that is virtual; `clock` is the store's own.
    `worker` says who runs the engine, None: nobody. `statuses` counts enrollments of all kinds, `contacts` people;
    `waiting` what each phase has to do by now."""

    now: int
    clock: int | None
    worker: str | None
    needs: tuple[Need, ...]
    contacts: int
    statuses: Mapping[str, int]
    lags: tuple[Lag, ...]
    tasks: int
    mails: Mapping[str, int]


def attention(store: Store, session: Session, present: int, zone: str = "UTC") -> Attention:
    """`present` is the instant of this machine's clock; words are by that of `zone`. What a worker has in hand is no
    need: only what is late."""
    clock = meta.clock(session)
    virtual = meta.read(session, "clock_kind") == "virtual"
    now = clock if clock is not None and virtual else present
    worker = leases.holder(store, session, zone)
    behind = lags(session, now) if clock is not None else ()
    standing = session.run(_STANDING)
    needs = (*_unknown(session), *_errored(standing), *_loops(session, now), *_late(behind), *_overdue(session, clock))
    needs = (*needs, *_reminded(session, clock))
    if worker is None and clock is not None and not virtual:
        needs = (*needs, Need(Concern.NOBODY, 1))
    contacts, tasks = session.run(_COUNTS)[0]
    mails: dict[str, int] = dict(session.run(_MAILS))
    return Attention(now, clock, worker, needs, contacts, _statuses(standing), behind, tasks, mails)


def _statuses(standing: list[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, _, status, n in standing:
        found[status] = found.get(status, 0) + n
    return found


def _unknown(session: Session) -> Iterator[Need]:
    count, since = session.run("SELECT count(*), min(settled_at) FROM segue_outbox WHERE state = 'unknown'")[0]
    if count:
        yield Need(Concern.UNKNOWN, count, since=since)


def _errored(standing: list[Row]) -> Iterator[Need]:
    for kind, name, status, n in standing:
        if status == "errored":
            yield Need(Concern.ERRORED, n, f"{kind} {name}")


def _loops(session: Session, now: int) -> Iterator[Need]:
    for name, n in loops(session, now - _LATELY).items():
        yield Need(Concern.LOOP, n, name)


def _late(found: tuple[Lag, ...]) -> Iterator[Need]:
    for lag in found:
        if lag.late:
            yield Need(Concern.LATE, lag.late, lag.phase, lag.oldest_at)


def _overdue(session: Session, clock: int | None) -> Iterator[Need]:
    """By the store's clock (X22), a line for each user who has some."""
    rows = session.run(
        "SELECT coalesce(assignee, ''), count(*), min(due_at) FROM segue_task WHERE state = 'open' AND due_at < :clock"
        " GROUP BY assignee ORDER BY 2 DESC, 1",
        clock=clock or 0,
    )
    for assignee, count, since in rows:
        yield Need(Concern.OVERDUE, count, assignee, since)


def _reminded(session: Session, clock: int | None) -> Iterator[Need]:
    """All of a user's reminders in one line (S21): open tasks whose reminder has come and that are not overdue yet. It
    comes on the day a task is due, so no other days are looked at."""
    rows = session.run(
        "SELECT coalesce(assignee, ''), count(*), min(remind_at) FROM segue_task WHERE state = 'open'"
        " AND due_at >= :now AND due_at < :ahead AND remind_at <= :now GROUP BY assignee ORDER BY 2 DESC, 1",
        now=clock or 0,
        ahead=(clock or 0) + _LONGEST_DAY,
    )
    for assignee, count, since in rows:
        yield Need(Concern.REMINDED, count, assignee, since)


_STANDING = (
    "SELECT d.kind, d.name, q.status, q.n FROM (SELECT definition_id, status, count(*) AS n FROM segue_enrollment"
    " GROUP BY definition_id, status) q JOIN segue_definition d ON d.id = q.definition_id ORDER BY d.kind, d.name"
)
_COUNTS = "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM segue_task WHERE state = 'open')"
_MAILS = "SELECT state, count(*) FROM segue_outbox WHERE settled_at IS NULL GROUP BY state ORDER BY state"
