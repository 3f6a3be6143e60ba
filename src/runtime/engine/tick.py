"""The engine: `tick(now)` works through every instant at which something is due, in order (architecture, "The engine").

Instants are whole minutes: what happens within a minute is taken in together at its end (decision 0005; rule tests go
by milliseconds). Each instant is worked in passes: apply, react, stop, enroll, advance, dispatch; again until nothing
is due. Within a pass all read the state it began with. Everything up to a dispatch is one transaction; small instants
share one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from dsl.program.definitions import Program

from ..channels.base import Channel
from ..errors import SegueError
from ..query.sweeps import Sweep
from ..store import leases, meta
from ..store.session import Session
from ..store.statistics import BULK, analyse, known
from ..store.store import Store
from ..times.calendars import WorkingCalendar, working_calendar
from ..times.zones import MINUTE
from . import work
from .advance import Advance
from .apply import Apply
from .claims import Claims
from .dispatch import Dispatch
from .ending import Ending
from .enroll import Enroll
from .heard import unheard
from .leavers import Leavers, stopped_numbers
from .live import Changes, GoLive
from .occasions import Occasions
from .operators import Operators
from .react import React
from .recovery import Recovery
from .replanning import Replanning
from .settle import Settle
from .stop import Stop
from .switch import Switch
from .touches import Touches
from .unknowns import Unknowns
from .waking import Wake

MOST_PASSES = 100
_GROWN = 10  # the part of a store, one tenth, that is much
_SHARED = 0.25  # seconds that small instants may share a transaction
Progress = Callable[[int, int], None]  # (instant reached, instants worked)


class Engine:
    """The one worker on a store: it holds all leases until it is closed. `batch`: how many enrollments one statement
    moves at most; `order` shuffles groups and slices (tests prove that neither matters).
    `step`: µs between two instants at least."""

    def __init__(
        self,
        store: Store,
        program: Program,
        channel: Channel,
        batch: int = 100_000,
        order: Random | None = None,
        step: int = MINUTE,
    ) -> None:
        self.store, self.program, self.channel = store, program, channel
        self.batch, self.order, self.step = batch, order, step
        self.open()
        self.changes = Changes()
        self.horizons: dict[str, int | None] = {}
        self._moved: set[str] = set()
        self._unfinished: int | None = None
        self._cut: int | None = None  # the instant that a crash cut short
        self._live, self._known = False, 0

    def open(self) -> None:
        """Take the leases on a connection of its own: once more after `close`, where the old one was lost.

        Raises StoreBusy while another worker has them."""
        self.session: Session = self.store.session()
        try:
            self.lease = leases.take(self.store, self.session)
            work.prepare(self.session)
        except BaseException:
            self.session.close()
            raise

    def close(self) -> None:
        self.lease.release()
        self.session.close()

    # --- clock --------------------------------------------------------------------------------

    @property
    def clock(self) -> int | None:
        """The instant the store has been worked up to; None for a new store."""
        return meta.clock(self.session)

    def _set_clock(self, t: int) -> None:
        meta.write(self.session, "clock", str(t))

    # --- going live ---------------------------------------------------------------------------

    def go_live(
        self, start: int, confirmed: frozenset[str] = frozenset(), stopped: frozenset[str] = frozenset()
    ) -> Changes:
        """Bring the store to the rules. `start`: the clock of a new store (a store that has one keeps it). `stopped`:
        definitions, vanished ones too, that those inside leave (X26).

        Raises ConfirmNeeded, InvalidInput (a template somebody needs is gone), StoreError."""
        self._store_id = str(meta.read(self.session, "store_id"))
        with self.session.transaction():
            new = self.clock is None
            t = self._floor(start) if new else self.clock or 0
            work.clear(self.session)
            ending = stopped_numbers(self.session, stopped)
            golive = GoLive(self.session, self.program, t, ending)
            self.rules = golive()
            self._unheard = unheard(self.rules)
            self.touches = Touches(self.session, self.rules.scope, self._unheard)
            self._phases(self._store_id)
            self.enroll.confirmed = set(confirmed)
            self.settle.rates.begin(t)
            commands: frozenset[str] = frozenset()
            if new:
                self._set_clock(t)
                commands = self.apply(t)
                self.touches.turn()
            golive.backfill(self.rules, self.touches)
            self.stop.edited(golive.altered, t)
            Leavers(self.session, self.ending)(ending, t)
            self._leave(t, frozenset())
            self.enroll(t, commands, freed=True)  # asked for by hand before the first run; an edit frees too
            self.ending.finish(t)
            self.apply.clear()
            self.horizons = {}
            self.session.run("DELETE FROM segue_due")
            self._plan_sweeps(t)
            self.occasions.plan(t, everything=True)
            Replanning(self.session, self.rules, self._calendars())(t)
        self._counted()
        self.changes = golive.changes
        self._take_up(t, self._floor(start))
        self._live = True
        self._at_first = dict(self.horizons)
        return self.changes

    def begin_again(self) -> None:
        """Go on from where the rules went live; the caller has put the store back to where it stood then."""
        composed = self.dispatch.composed  # templates do not change
        self.touches = Touches(self.session, self.rules.scope, self._unheard)
        self._phases(self._store_id)
        self.occasions.plan(self.clock or 0, everything=True)
        self.dispatch.composed = composed
        self.horizons, self._moved = dict(self._at_first), set()
        self._unfinished, self._cut, self._live = None, None, True

    def _phases(self, store_id: str) -> None:
        s, rules, touches = self.session, self.rules, self.touches
        calendars = self._calendars()
        self.apply = Apply(s, rules.scope, touches)
        self.react = React(s, rules, touches)
        self.ending = Ending(s, touches)
        self.stop = Stop(s, rules, touches, self.ending)
        self.switch, self.wake = Switch(s, rules, touches), Wake(s, rules, touches)
        self.operators = Operators(s, rules, touches)
        self.occasions = Occasions(s, rules, touches, calendars)
        self.enroll = Enroll(s, rules, touches, self.ending, calendars)
        self.advance = Advance(s, rules, self.ending, calendars, self.batch, self.order)
        settle = self.settle = Settle(s, rules, self.ending, self._unheard)
        owner = self.lease.owner
        self.claims = Claims(s, rules, settle, self.ending, calendars, owner)
        self.advance.people.claims_at_once = self.claims.at_once
        self.dispatch = Dispatch(s, rules, self.channel, settle, store_id, owner)
        self.recover = Recovery(s, self.channel, settle, rules)
        self.unknowns = Unknowns(s, rules)

    def _calendars(self) -> dict[str | None, WorkingCalendar]:
        """By the name a definition gives; None is the account's, else Monday to Friday (X15)."""
        project = self.program.project
        named = {name: working_calendar(c) for name, c in project.calendars.items()}
        default = named.get(project.account.calendar or "", working_calendar(None))
        asked = {v.pinned.calendar for v in self.rules.versions.values()} | {
            d.definition.pinned.calendar for d in self.rules.live
        }
        return {name: named.get(name or "", default) for name in asked | {None}}

    # --- running ------------------------------------------------------------------------------

    def tick(self, now: int) -> int:
        """Work through everything due up to `now` on the real clock: decisions at their own instants, effects at
        `now` (X12). Gives back how many instants were worked; 0 when `now` is not after the store's clock."""
        return self._through(self._floor(now), late=True)

    def run(self, until: int, progress: Progress | None = None) -> int:
        """The virtual clock: the same as ticking every minute up to `until`, stopping only where something is due."""
        return self._through(self._floor(until), late=False, progress=progress)

    def _through(self, until: int, late: bool, progress: Progress | None = None) -> int:
        assert self._live, "go_live first"
        worked, clock = 0, self.clock or 0
        if until <= clock:
            return 0
        self.session.begin()
        began = time.monotonic()
        try:
            while (t := self._next(clock)) is not None and t <= until:
                self._instant(clock, t, until if late else t)
                clock, worked = t, worked + 1
                if progress is not None:
                    progress(t, worked)
                if time.monotonic() - began > _SHARED:
                    self._commit_begin()
                    began = time.monotonic()
            self._set_clock(until)
            self.session.commit()
        except BaseException:
            self.session.rollback()
            self._live = False
            raise
        self._counted()
        return worked

    def _counted(self) -> None:
        """After much was taken in, for what there is, the databases count their tables anew: plans go by that."""
        if self.apply.taken < max(BULK, self._known // _GROWN):
            return
        self._known = known(self.session)
        if self.apply.taken >= self._known // _GROWN:
            analyse(self.session)
            self.apply.taken = 0

    def _commit_begin(self) -> None:
        self.session.commit()
        self.session.begin()

    def next_instant(self) -> int | None:
        """The next instant at which something is due; None if nothing ever is."""
        return self._next(self.clock or 0)

    def _next(self, clock: int) -> int | None:
        if self._unfinished is not None and self._unfinished > clock:
            return self._unfinished
        found = self.session.run(
            "SELECT min(at) FROM segue_inbox UNION ALL SELECT min(due) FROM segue_enrollment WHERE due IS NOT NULL"
            " UNION ALL SELECT min(o.due) FROM segue_outbox o WHERE o.settled_at IS NULL AND o.state = 'deferred'"
            " AND NOT EXISTS (SELECT 1 FROM segue_enrollment e WHERE e.bucket = o.bucket AND e.id = o.enrollment_id"
            " AND e.status = 'paused')"
        )
        times = [row[0] for row in found if row[0] is not None] + [h for h in self.horizons.values() if h is not None]
        times += [*self.occasions.planned.values(), *self.unknowns.due()]
        return max(-(-min(times) // self.step) * self.step, clock + self.step) if times else None

    # --- one instant --------------------------------------------------------------------------

    def _instant(self, before: int, t: int, now: int) -> None:
        if t == self._cut:  # what was decided there goes out before anything else is looked at
            self._dispatch(t, now)
            self.touches.see()
            self._cut = None
        self._sweep(before, t)
        self.occasions.begin(before, now)
        for _ in range(MOST_PASSES):
            if not self._pass(t, now):
                break
        else:
            raise SegueError(
                f"the rules do not come to rest at one instant after {MOST_PASSES} passes",
                "two definitions may undo each other",
            )
        self._plan_sweeps(t)
        self.occasions.plan(t)
        self._set_clock(t)
        self._unfinished = None

    def _pass(self, t: int, now: int) -> bool:
        """One pass; whether another one is due."""
        commands = self.apply(t)
        self.unknowns(t)
        if self.touches.tokens:
            self.react(t)
            self._moved |= {p for p, s in self.rules.sweeps.items() if s.tokens & self.touches.tokens}
        occasion = self.occasions(t)
        if self.touches.tokens or commands:
            self._leave(t, commands)
        if commands or self.touches.tokens or occasion:
            self.enroll(t, commands, self._freed(commands))
            self.ending.finish(t)
        if commands:
            self.apply.clear()
        moved = self.advance(t, now)
        sent = self._dispatch(t, now)
        self.touches.turn()
        return bool(moved or sent or self.touches.tokens or self._more(t))

    def _leave(self, t: int, commands: frozenset[str]) -> None:
        """Those who end, those who go another way, those who go on: in this order, at the same instant."""
        self.stop(t, commands)
        self.switch(t)
        self.wake(t)
        self.operators(t, commands)

    def _freed(self, commands: frozenset[str]) -> bool:
        """Whether since exclusive sequences were last looked at an enrollment has ended, an address has changed or one
        that waited was resumed (X7)."""
        freeing = any(token.startswith("enrolled ") or token == "contact.email" for token in self.touches.tokens)
        return freeing or "resume" in commands

    def _more(self, t: int) -> bool:
        return (
            self.session.one(
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM segue_inbox WHERE at <= :t) OR EXISTS"
                " (SELECT 1 FROM segue_enrollment WHERE due IS NOT NULL AND due <= :t)",
                t=t,
            )
            is not None
        )

    def _dispatch(self, t: int, now: int) -> bool:
        """What is planned goes out; the pass is committed before."""
        claimed, self.advance.people.claimed = self.advance.people.claimed, 0
        if self.claims.waiting(now):
            self.claims.claim(now)
        elif not claimed:
            return False
        self._remember(t)
        self.session.commit()
        self.dispatch.send(now)
        self.session.begin()
        return True

    def _remember(self, t: int) -> None:
        """The clock is not at `t` yet: after a crash here the same instant is gone through again, to its end."""
        meta.write(self.session, "working", str(t))

    def _take_up(self, t: int, now: int) -> None:
        """An instant that a crash cut short is worked again; what had begun or ended in it is looked at once more."""
        working = int(meta.read(self.session, "working") or 0)
        self._cut = self._unfinished = working if working > t else None
        self.recover(self._cut or t, now)
        with self.session.transaction():
            self._touch_again(t)

    def _touch_again(self, t: int) -> None:
        for live in self.rules.live:
            rows = (
                "SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                " FROM segue_enrollment e"
                " WHERE e.definition_id = :d AND (e.entered_at > :t OR e.ended_at > :t)"
            )
            token = f"enrolled {live.definition.kind} {live.definition.name}"
            self.touches.add(token, rows, {"t": t, "d": live.id}, later=True)
        self.touches.turn()
        if self.touches.tokens and self._unfinished is None:
            self._unfinished = t + self.step

    # --- time ---------------------------------------------------------------------------------

    def _sweep(self, before: int, t: int) -> None:
        """Touch those for whom a time part turned between two instants (decision 0004)."""
        self._moved = set()
        for part, sweep in self.rules.sweeps.items():
            at = self.horizons.get(part)
            if at is not None and at <= t:
                self._moved.add(part)
                low, high = sweep.span(before, t)
                rows = (
                    f"SELECT DISTINCT {sweep.id_column} % 256 AS bucket, {sweep.id_column} AS id, :t AS at,"
                    " CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                    f" FROM {sweep.rows} {sweep.column} > :low AND {sweep.column} <= :high"
                )
                self.touches.add(f"time {part}", rows, {"t": t, "low": low, "high": high})

    def _plan_sweeps(self, t: int) -> None:
        """The next instant of each part that may have moved; all of them at the start."""
        parts = self.rules.sweeps
        for part in list(parts) if not self.horizons else self._moved:
            self.horizons[part] = self._turns(parts[part], t)
            self.session.run(
                "INSERT INTO segue_due (part, at) VALUES (:part, :at) ON CONFLICT (part) DO UPDATE SET at ="
                " excluded.at",
                part=part,
                at=self.horizons[part],
            )
        self._moved = set()

    def _turns(self, sweep: Sweep, t: int) -> int | None:
        low = sweep.horizon(t)
        first = self.session.one(f"SELECT min({sweep.column}) FROM {sweep.rows} {sweep.column} > :low", low=low)
        if first is None:
            return None
        return sweep.following(first if isinstance(first, int | str) else str(first), t)

    def _floor(self, t: int) -> int:
        return t - t % self.step
