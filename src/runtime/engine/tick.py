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
from ..store import leases, meta
from ..store.coming import first_of_each
from ..store.session import Session
from ..store.statistics import BULK, analyse, known
from ..store.store import Store
from ..times.zones import MINUTE
from . import work
from .going_live.catalogues import Changes
from .going_live.heard import unheard
from .going_live.live import GoLive
from .going_live.replanning import Replanning
from .leaving.leavers import Leavers, stopped_numbers
from .phases import Phases, Worker, calendars_of

_ENDLESS = 10_000  # passes of one instant: no rules do that, as circles are stopped (X28)
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
        self._unfinished: int | None = None
        self._cut: int | None = None  # the instant that a crash cut short
        self._live, self._known = False, 0
        self._by_clock: str | None = None

    def open(self) -> None:
        """Take the leases on a connection of its own: once more after `close`, where the old one was lost.

        Raises StoreBusy while another worker has them."""
        self.session: Session = self.store.session()
        self._clock: int | None = None
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
        """The instant the store has been worked up to; None for a new store. Read once: nobody else may write it."""
        if self._clock is None:
            self._clock = meta.clock(self.session)
        return self._clock

    def _set_clock(self, t: int) -> None:
        meta.write(self.session, "clock", str(t))
        self._clock = t

    def _note_by_clock(self, turns: list[int]) -> None:
        """For those who read beside this worker; written only where it is another than before."""
        due = str(min(turns, default=""))
        if due != self._by_clock:
            meta.write(self.session, meta.BY_CLOCK, due)
            self._by_clock = due

    # --- going live ---------------------------------------------------------------------------

    def go_live(
        self, start: int, confirmed: frozenset[str] = frozenset(), stopped: frozenset[str] = frozenset()
    ) -> Changes:
        """Bring the store to the rules. `start`: the clock of a new store (a store that has one keeps it). `stopped`:
        definitions, vanished ones too, that those inside leave (X26).

        Raises ConfirmNeeded, InvalidInput (a template somebody needs is gone), StoreError."""
        self._clock = None  # an attempt that was refused may have begun to set it
        with self.session.transaction():
            new = self.clock is None
            t = self._floor(start) if new else self.clock or 0
            work.clear(self.session)
            stopping = stopped_numbers(self.session, stopped)
            golive = GoLive(self.session, self.program, t, stopping)
            self.rules = golive()
            self._unheard = unheard(self.rules)
            self.phases = self._phases()
            self.phases.enroll.confirmed = set(confirmed)
            self.phases.settle.rates.begin(t)
            self._enter(golive, stopping, t, new)
        self._counted()
        self.session.look_up()
        self.changes = golive.catalogues.changes
        self._take_up(t, self._floor(start))
        self._live = True
        self._at_first = dict(self.phases.sweeping.due)
        return self.changes

    def _enter(self, golive: GoLive, stopping: frozenset[int], t: int, new: bool) -> None:
        """By the rules as they are now: who matches, who leaves, who comes in, and when time turns something next."""
        phases, commands = self.phases, frozenset[str]()
        if new:
            self._set_clock(t)
            commands = phases.apply(t)
            phases.touches.turn()
        golive.backfill(self.rules, phases.touches)
        phases.stop.edited(golive.catalogues.altered, t)
        Leavers(self.session, phases.ending)(stopping, t)
        if golive.catalogues.otherwise:
            phases.wake.everybody(t)
        phases.leave(t, frozenset())
        phases.enroll(t, commands, freed=True)  # asked for by hand before the first run; an edit frees too
        phases.ending.finish(t)
        phases.apply.clear()
        phases.plan(t, everything=True)
        Replanning(self.session, self.rules, calendars_of(self.rules))(t)
        self._note_by_clock(phases.due())

    def begin_again(self) -> None:
        """Go on from where the rules went live; the caller has put the store back to where it stood then."""
        composed = self.phases.dispatch.composed  # templates do not change
        self._clock = None
        self.phases = self._phases()
        self.phases.dispatch.composed = composed
        self.phases.sweeping.due = dict(self._at_first)
        self.phases.occasions.plan(self.clock or 0, everything=True)
        self._unfinished, self._cut, self._live = None, None, True

    def _phases(self) -> Phases:
        worker = Worker(
            self.lease.owner, str(meta.read(self.session, "store_id")), self.channel, self.batch, self.order
        )
        return Phases(self.session, self.rules, self._unheard, worker)

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
            while (t := self._next(clock, turns := self.phases.due())) is not None and t <= until:
                self._instant(clock, t, until if late else t)
                clock, worked = t, worked + 1
                if progress is not None:
                    progress(t, worked)
                if time.monotonic() - began > _SHARED:
                    self._commit_begin()
                    began = time.monotonic()
            self._set_clock(until)
            self._note_by_clock(turns)
            self.session.commit()
        except BaseException:
            self.session.rollback()
            self._live, self._clock = False, None
            raise
        self._counted()
        if worked:
            work.sweep(self.session)
        return worked

    def _counted(self) -> None:
        """After much was taken in, for what there is, the databases count their tables anew: plans go by that."""
        apply = self.phases.apply
        if apply.taken < max(BULK, self._known // _GROWN):
            return
        self._known = known(self.session)
        if apply.taken >= self._known // _GROWN:
            analyse(self.session)
            apply.taken = 0

    def _commit_begin(self) -> None:
        self.session.commit()
        self.session.begin()

    def next_instant(self) -> int | None:
        """The next instant at which something is due; None if nothing ever is."""
        return self._next(self.clock or 0, self.phases.due())

    def _next(self, clock: int, turns: list[int]) -> int | None:
        """`turns`: the instants at which time alone turns something."""
        if self._unfinished is not None and self._unfinished > clock:
            return self._unfinished
        found = self.session.run(first_of_each(self.session.dialect))
        times = [row[0] for row in found if row[0] is not None] + turns
        return max(-(-min(times) // self.step) * self.step, clock + self.step) if times else None

    # --- one instant --------------------------------------------------------------------------

    def _instant(self, before: int, t: int, now: int) -> None:
        if t == self._cut:  # what was decided there goes out before anything else is looked at
            self.phases.send(t, now)
            self.phases.touches.see()
            self._cut = None
        self.phases.begin(before, t, now)
        for passed in range(_ENDLESS):
            if not self.phases(t, now, passed):
                break
        else:
            raise SegueError(f"the rules do not come to rest at one instant after {_ENDLESS:,} passes")
        self.phases.plan(t)
        self._set_clock(t)
        self._unfinished = None

    # --- after a crash ------------------------------------------------------------------------

    def _take_up(self, t: int, now: int) -> None:
        """An instant that a crash cut short is worked again; what had begun or ended in it is looked at once more."""
        working = int(meta.read(self.session, "working") or 0)
        self._cut = self._unfinished = working if working > t else None
        self.phases.recover(self._cut or t, now)
        with self.session.transaction():
            self._touch_again(t)

    def _touch_again(self, t: int) -> None:
        touches = self.phases.touches
        for live in self.rules.live:
            rows = (
                "SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                " FROM segue_enrollment e"
                " WHERE e.definition_id = :d AND (e.entered_at > :t OR e.ended_at > :t)"
            )
            token = f"enrolled {live.definition.kind} {live.definition.name}"
            touches.add(token, rows, {"t": t, "d": live.id}, later=True)
        touches.turn()
        if touches.tokens and self._unfinished is None:
            self._unfinished = t + self.step

    def _floor(self, t: int) -> int:
        return t - t % self.step
