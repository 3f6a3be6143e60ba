"""Where a store stands: what `segue status` tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..reading import reasons
from ..reading.lag import Lag, lags
from ..reading.looping import Loops, loops
from ..store import meta
from ..store.coming import first_of_each
from ..store.session import Session
from ..store.store import Store
from ..store.tables import ENDED
from ..store.worker import worker_of
from ..times.zones import HOUR

_LATELY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class DefinitionStanding:
    """`errored`: how many of those that ended did so with an error (S43); `vanished`: no rule file has it any more
    (X26)."""

    name: str
    since: int
    inside: int
    ended: int
    errored: int
    vanished: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """Mails and calls that may have gone and may not: how many, and the key of the one that waits longest."""

    waiting: int
    key: str
    since: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Instants in µs. `looked_at`: by this machine's clock for a store on the real one, else the store's own; `lags`
    are by it, and there are none in a store that was never run. `next_due` is the earliest fact, step, turn of a time
    condition, moment of a schedule or a date, or deferred message; `outbox` counts mails by state, `calls` webhooks and
    Slack messages, `held` what is put off by why, in words (S18); a task is overdue by the store's clock (X22).
    `loops`: what the loop guard stopped within 24 hours, by definition (X28). `not_run`: what the rule files say and
    the engine does not do yet, in words; the store does not know it, so whoever reads both fills it in."""

    store: str
    clock_at: int | None
    clock_kind: str | None
    worker: str | None
    looked_at: int
    lags: tuple[Lag, ...]
    next_due: int | None
    inbox: int
    tasks_open: int
    tasks_overdue: int
    outbox: Mapping[str, int]
    calls: Mapping[str, int]
    held: Mapping[str, int]
    unknown: Unknown | None
    definitions: tuple[DefinitionStanding, ...]
    loops: Loops
    not_run: tuple[str, ...] = ()


def standing(store: Store, now: int, zone: str = "UTC") -> Standing:
    """Where the store stands at `now`, the present instant of this machine's clock in µs; in words by the clock of
    `zone`."""
    clock, kind = store.get("clock"), store.get("clock_kind")
    at = int(clock) if clock is not None else None
    looked = at if at is not None and kind == "virtual" else now
    with store.session() as session:
        tasks, overdue = session.run(_TASKS, at=at or 0)[0]
        messages = _messages(session)
        return Standing(
            store.name, at, kind, worker_of(store, zone), looked,
            lags(session, looked) if at is not None else (), _next(session),
            session.one("SELECT count(*) FROM segue_inbox"), tasks, overdue,
            {state: n for (mail, state), n in messages.items() if mail},
            {state: n for (mail, state), n in messages.items() if not mail},
            {reasons.held(why): n for why, n in session.run(_HELD)},
            _unknown(session),
            _definitions(session),
            loops(session, looked - _LATELY),
        )  # fmt: skip


def _next(session: Session) -> int | None:
    """What the store's rows wait for, or what the worker found in its rules to come by time alone."""
    by_rows, by_clock = session.one(_NEXT.format(first_of_each(session.dialect))), meta.read(session, meta.BY_CLOCK)
    return min((int(at) for at in (by_rows, by_clock or None) if at is not None), default=None)


def _messages(session: Session) -> dict[tuple[int, str], int]:
    """By whether they are mails, and state. SQLite sorts what it groups, and all but a few are mails that were sent:
    these are what is left of all without the others."""
    counted = {(mail, state): n for mail, state, n in session.run(_BY_STATE)}
    sent = counted.pop(_ALL) - sum(counted.values())
    return dict(sorted({**counted, (1, "sent"): sent}.items())) if sent else counted


def _unknown(session: Session) -> Unknown | None:
    oldest = "SELECT key, settled_at FROM segue_outbox WHERE state = 'unknown' ORDER BY settled_at, key LIMIT 1"
    rows, count = session.run(oldest), session.one("SELECT count(*) FROM segue_outbox WHERE state = 'unknown'")
    return Unknown(count, *rows[0]) if rows else None


def _definitions(session: Session) -> tuple[DefinitionStanding, ...]:
    counted: dict[int, dict[str, int]] = {}
    for of, status, n in session.run(
        "SELECT definition_id, status, count(*) FROM segue_enrollment GROUP BY definition_id, status"
    ):
        counted.setdefault(of, {})[status] = n
    found = []
    for id_, name, since, gone in session.run(
        "SELECT id, kind || ' ' || name, activated_at, vanished_at FROM segue_definition ORDER BY kind, name"
    ):
        by_status = counted.get(id_, {})
        ended = sum(by_status.get(status, 0) for status in ENDED)
        inside = sum(by_status.values()) - ended
        found.append(DefinitionStanding(name, since, inside, ended, by_status.get("errored", 0), gone is not None))
    return tuple(found)


_ALL = (2, "")
_BY_STATE = (
    "SELECT q.mail, q.state, count(*) FROM (SELECT CASE WHEN kind = 'email' THEN 1 ELSE 0 END AS mail, state"
    " FROM segue_outbox WHERE state <> 'sent' OR kind <> 'email') q GROUP BY q.mail, q.state"
    " UNION ALL SELECT 2, '', count(*) FROM segue_outbox ORDER BY 1, 2"
)
_HELD = (
    "SELECT reason, count(*) FROM segue_outbox WHERE settled_at IS NULL AND state = 'deferred' AND reason IS NOT NULL"
    " GROUP BY reason ORDER BY reason"
)
_NEXT = "SELECT min(q.at) FROM ({} UNION ALL SELECT min(at) FROM segue_due) q"
_TASKS = (
    "SELECT count(*), coalesce(sum(CASE WHEN due_at < :at THEN 1 ELSE 0 END), 0) FROM segue_task WHERE state = 'open'"
)
