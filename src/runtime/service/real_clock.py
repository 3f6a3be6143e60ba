"""The worker on the real clock: a tick a minute, until it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..engine.tick import Engine
from ..errors import InvalidInput, LeaseLost, SegueError, StoreBusy, StoreError
from ..operators.arguments import instant
from ..project.loading import Loaded
from ..reading.values import instant as written
from ..store import migrate
from ..times import zones
from .clocks import keep_clock
from .journal import Log
from .orders import Order, Outcome

_FAR_BEHIND = 24 * zones.HOUR
_WORTH_A_LOOK = {"put_off", "unknown"}  # `segue outbox` tells of them


@dataclass(slots=True)
class RealClock:
    """The worker on the real clock."""

    engine: Engine
    loaded: Loaded
    order: Order
    outcome: Outcome
    log: Log
    now: Callable[[], int]
    sleep: Callable[[float], None]
    live: bool = False

    def work(self) -> None:
        """Tick until the end that was asked for. Raises InvalidInput for a store that must not be run now, StoreError,
        LeaseLost where another worker has taken over."""
        if self.order.start is not None:
            raise InvalidInput("`--from` is for the virtual clock", "leave it out, or say `--clock virtual`")
        end = instant(self.order.until, self.loaded.zone, self.now()) if self.order.until else None
        self._refuse_the_past()
        self._hold_dispatch()
        names = [name for _, name in sorted(self.loaded.program.definitions)]
        self.log("info", "worker started", store=self.engine.store.name, definitions=names)
        try:
            self._ticks(end)
        except KeyboardInterrupt:
            self.log("info", "worker ended", why="a signal")
            raise
        except SegueError as error:
            self.log("error", "worker ended", why=error.message)
            raise
        self.log("info", "worker ended", why="it was asked for no more")

    def _ticks(self, end: int | None) -> None:
        while True:
            self._tick()
            if self.order.once or (end is not None and self.now() >= end):
                return
            self.sleep((zones.MINUTE - self.now() % zones.MINUTE) / 1_000_000)

    def _tick(self) -> None:
        """A store that somebody else holds for a moment (an import), or that is not there (a server that starts anew),
        is tried again a minute later."""
        try:
            if self.engine.session.lost:
                self._again()
            began, tally = time.monotonic(), self.engine.session.tally.copy()
            if not self.live:
                changes = self.engine.go_live(self.now(), self.order.confirmed, self.order.stopped)
                self.outcome.changes = changes if not self.outcome.instants else self.outcome.changes
                keep_clock(self.engine.session, "real")
                self.live = True
            self.outcome.instants += self.engine.tick(self._reading())
            did = {what: n for what, n in (self.engine.session.tally - tally).items() if n}
            level = "warning" if did.keys() & _WORTH_A_LOOK else "info" if did else "debug"
            self.log(level, "tick", ms=round((time.monotonic() - began) * 1000), **did)
        except StoreError as error:
            passing = isinstance(error, StoreBusy) or self.engine.session.lost
            if self.order.once or isinstance(error, LeaseLost) or not passing:
                raise
            self.live = False
            self.log("warning", f"{error.message}; trying again in a minute")

    def _again(self) -> None:
        """The store's server is back. Somebody may have migrated it meanwhile: then this worker's rules are of another
        store."""
        self.engine.close()
        self.engine.open()
        self.engine.store.check_format()
        migrate.verify(self.engine.store, self.loaded.schema)

    def _reading(self) -> int:
        """The machine's clock. One that was put back does no harm: nothing is done twice, and nothing until it is past
        where the store stands."""
        now, clock = self.now(), self.engine.clock
        if clock is not None and now < clock - zones.MINUTE:
            stands = written(clock, self.loaded.zone)
            self.log("warning", f"the machine's clock went back: nothing is done until it is past {stands}")
        return now

    def _hold_dispatch(self) -> None:
        """A store far behind the clock that has mail on its way may be a backup: that mail may have gone long ago."""
        clock = self.engine.clock
        if self.order.resume_dispatch or clock is None or self.now() - clock <= _FAR_BEHIND:
            return
        waiting = self.engine.session.one("SELECT count(*) FROM segue_outbox WHERE settled_at IS NULL")
        if waiting:
            raise InvalidInput(
                f"the store stands at {written(clock, self.loaded.zone)}, more than a day behind, with messages on"
                f" their way ({waiting:,}): if it is a backup put back, they may have gone already",
                "`segue run --resume-dispatch` sends them, and all that has come due since",
            )

    def _refuse_the_past(self) -> None:
        clock = self.engine.clock
        if clock is not None and clock > self.now() + zones.MINUTE:
            raise InvalidInput(
                f"the store's clock, {written(clock, self.loaded.zone)}, is ahead of this machine's",
                "set the machine's clock, or run the store with `--clock virtual`",
            )
