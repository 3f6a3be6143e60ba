"""`segue vacuum`: what is over for longer than the project keeps it goes, and nothing that anything still needs.

An event goes when it is older than `retention.events` and than every window that looks at its kind (`reach`), when
nobody was inside a definition at its time who still is, when it started or ended no enrollment, and, if figures are
made of its kind, when it is about no mail of ours and its person had never been enrolled by then (M24). Counts, first
and last per record stay (`segue_activity`). What went out keeps its row, which figures count, and loses address and
subject; calls of webhooks and Slack, and refusals of entry, of which there are no figures, go. Mailbox minutes older
than two days always go.

One transaction per kind; a vacuum that is cut short goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from dsl.program.conditions import Duration, Unit
from dsl.program.definitions import Program
from dsl.schema.model import EventKind

from ..access.audit import acting
from ..access.roles import actor
from ..engine.rules import load_versions
from ..errors import InvalidInput
from ..query.scope import Scope
from ..store import meta
from ..store.names import event_table, quoted
from ..store.objects import stored_events
from ..store.session import Session
from ..store.store import Store
from ..store.worker import only_worker
from ..times import edges
from ..times.zones import DAY
from .reach import horizons

# Kinds that figures are made of; other mail events carry their enrollment and count as well.
FIGURES = frozenset(("replied", "booked_meeting", "bounced", "unsubscribed", "marked_spam", "received_email"))
_LIMITS_LOOK_BACK = 2 * DAY


@dataclass(frozen=True, slots=True)
class Gone:
    """How many rows went (`dry_run`: would go) of what; `until` is the last instant of it (µs). `held`: why none of
    an event kind may go although they are old enough."""

    what: str
    rows: int
    until: int | None
    held: str = ""


def vacuum(store: Store, program: Program, dry_run: bool = False, by: str | None = None) -> tuple[Gone, ...]:
    """Let go what is over; a dry run only reads, so it may be done beside a worker and by everybody. `by`: who
    asks, without a name whoever sits at the machine. Raises InvalidInput (nothing says how long to keep, or the store
    was never run), NotAllowed and StoreBusy (a worker runs)."""
    retention = program.project.retention
    if retention.events is None and retention.outbox is None:
        raise InvalidInput(
            "segue.yaml does not say how long to keep what is over, so all is kept",
            "write `retention: {events: 2 years, outbox: 1 year}`",
        )
    if (clock := store.get("clock")) is None:
        raise InvalidInput("the store was never run, so nothing in it is over", "`segue run` runs it")
    with nullcontext() if dry_run else only_worker(store), store.session() as session:
        if not dry_run:
            with acting(session, actor(program.project, by), "vacuum"):
                pass
        work = _Vacuum(session, program, int(clock), dry_run)
        gone = (*work.events(retention.events), *work.outbox(retention.outbox), work.minutes())
    if not dry_run:
        _give_back(store)
    return gone


class _Vacuum:
    def __init__(self, session: Session, program: Program, clock: int, dry_run: bool) -> None:
        self.session, self.program, self.clock, self.dry_run = session, program, clock, dry_run
        self.zone = program.project.account.time_zone

    def events(self, kept: tuple[int, str] | None) -> list[Gone]:
        if kept is None:
            return []
        last = self._last(kept)
        versions = load_versions(self.session, [-1])  # only those that somebody is inside of
        scope = Scope(self.program, self.session.dialect)
        reached = horizons(scope, [v.pinned for v in versions.values()], self.clock)
        return [self._kind(kind, last, reached) for kind in stored_events(self.program.schema)]

    def _kind(self, kind: EventKind, last: int, reached: Mapping[str, int | None]) -> Gone:
        reach = reached.get(kind.name, last)
        if reach is None:
            return Gone(kind.name, 0, None, "a rule looks back at all of them")
        before = min(last, reach)
        figures = kind.mail or kind.name in FIGURES
        open_only = "" if figures else " AND e.ended_at IS NULL"
        # Of a mail it stays whoever got it (X20), and though the clock of a mail server was slow.
        of_no_mail = " AND enrollment_id IS NULL" if kind.mail else ""
        table = quoted(event_table(kind.name))
        rows = (
            f"FROM {table} WHERE at <= :before{of_no_mail} AND NOT EXISTS (SELECT 1 FROM segue_enrollment e"
            f" WHERE e.bucket = {table}.bucket AND e.contact_id = {table}.record_id AND"
            f" ((e.enrolled_at <= {table}.at{open_only}) OR e.evidence = {table}.id"
            f" OR (e.trigger_event = :kind AND e.trigger_id = {table}.id)))"
        )
        values: dict[str, object] = {"before": before, "kind": kind.name}
        if self.dry_run:
            return Gone(kind.name, self.session.bound(f"SELECT count(*) {rows}", values)[0][0], before)
        with self.session.transaction():
            found = self.session.count(f"DELETE {rows}", values)
            # Up to where events may be missing: who compares counts with events has to know.
            meta.write(self.session, f"vacuumed {kind.name}", str(before))
        return Gone(kind.name, found, before)

    def outbox(self, kept: tuple[int, str] | None) -> list[Gone]:
        if kept is None:
            return []
        values = {"before": self._last(kept)}
        over = (
            "settled_at <= :before AND EXISTS (SELECT 1 FROM segue_enrollment e WHERE e.bucket = segue_outbox.bucket"
            " AND e.id = segue_outbox.enrollment_id AND e.ended_at <= :before)"
        )
        return [
            self._all("calls", f"FROM segue_outbox WHERE kind <> 'email' AND {over}", values),
            self._blank("addresses and subjects of mails", over, values),
            self._all("refusals", "FROM segue_refusal WHERE at <= :before", values),
        ]

    def minutes(self) -> Gone:
        values = {"before": self.clock - _LIMITS_LOOK_BACK}
        return self._all("mailbox minutes", "FROM segue_mailbox_minute WHERE at <= :before", values)

    def _all(self, what: str, rows: str, values: dict[str, int]) -> Gone:
        if self.dry_run:
            return Gone(what, self.session.bound(f"SELECT count(*) {rows}", dict(values))[0][0], values["before"])
        with self.session.transaction():
            return Gone(what, self.session.count(f"DELETE {rows}", dict(values)), values["before"])

    def _blank(self, what: str, over: str, values: dict[str, int]) -> Gone:
        filled = f"kind = 'email' AND (address IS NOT NULL OR subject IS NOT NULL) AND {over}"
        if self.dry_run:
            sql = f"SELECT count(*) FROM segue_outbox WHERE {filled}"
            return Gone(what, self.session.bound(sql, dict(values))[0][0], values["before"])
        with self.session.transaction():
            sql = f"UPDATE segue_outbox SET address = NULL, subject = NULL, payload = NULL WHERE {filled}"
            return Gone(what, self.session.count(sql, dict(values)), values["before"])

    def _last(self, kept: tuple[int, str]) -> int:
        """The last instant that is older than what is kept, in whole days of the account's zone (X14)."""
        return edges.cut(self.clock, Duration(kept[0], Unit(kept[1])), self.zone)


def _give_back(store: Store) -> None:
    """The space goes back to the disk, and the planner learns what is left."""
    with store.session() as session:
        session.run("VACUUM" if session.dialect == "sqlite" else "VACUUM (ANALYZE)")
        if session.dialect == "sqlite":
            session.run("ANALYZE")
