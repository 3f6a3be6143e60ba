"""Running a project: on the real clock a tick a minute, on the virtual one as fast as it goes. One worker per store.

A store keeps the kind of clock it was first run on: mail of weeks to come must not leave because somebody typed a date.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..access.audit import About, acting, permit
from ..access.roles import actor
from ..channels.base import Channel
from ..engine.going_live.catalogues import Changes
from ..engine.tick import Engine
from ..errors import InvalidInput, LeaseLost, SegueError, StoreBusy, StoreError
from ..operators.arguments import instant, known
from ..project.loading import Loaded, load
from ..project.unrun import LeftOut
from ..reading import looping
from ..reading.values import instant as written
from ..store import meta
from ..store.session import Session
from ..store.store import Store
from ..times import zones
from .doings import Doings, doings, since
from .journal import Log, nowhere

ClockKind = Literal["virtual", "real"]
Progress = Callable[[int, int], None]  # (instant reached, instants worked)
Watch = Callable[[int, int], Progress]  # (first instant, last instant) of a run on the virtual clock
_KIND = "clock_kind"
_FAR_BEHIND = 24 * zones.HOUR
_WORTH_A_LOOK = {"put_off", "unknown"}  # `segue outbox` tells of them


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run, as it was written. Without `clock` the store's own kind; a new store takes the virtual
    one where `until` or `start` is given, else the real one."""

    until: str | None = None
    start: str | None = None
    clock: ClockKind | None = None
    once: bool = False
    confirmed: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()  # definitions that those inside leave (X26)
    resume_dispatch: bool = False
    by: str | None = None  # who starts it; without a name whoever sits at the machine


@dataclass(slots=True)
class Outcome:
    """What a run did. `began_at` and `ended_at` are the store's clock before (None: it was new) and after;
    `interrupted` is the Ctrl-C that ended it before its time."""

    clock: ClockKind
    began_at: int | None
    ended_at: int | None = None
    instants: int = 0
    changes: Changes = field(default_factory=Changes)
    done: Doings = field(default_factory=dict)
    loops: looping.Loops = field(default_factory=dict)  # what the loop guard stopped (X28)
    interrupted: KeyboardInterrupt | None = None


def run(
    loaded: Loaded,
    store: Store,
    channel: Channel,
    order: Order,
    watch: Watch | None = None,
    log: Log = nowhere,
    now: Callable[[], int] = lambda: time.time_ns() // 1000,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Run until the work is done, or until interrupted: what was done is kept and told.

    Raises NotAllowed, ConfirmNeeded, InvalidInput, UnknownName, StoreError and its kinds."""
    for name in sorted(order.confirmed):
        known("definition", name, {name for _, name in loaded.program.definitions})
    who, (act, about) = actor(loaded.project, order.by), _act(order)
    with store.session() as session:
        permit(session, who, act, about)
    with _engine(loaded, store, channel) as engine:
        _known_to_the_store(engine.session, order.stopped)
        kind = clock_of(engine.session, order)
        with acting(engine.session, who, act, about):
            outcome = Outcome(kind, engine.clock)
        before, circles = doings(engine.session), looping.loops(engine.session)
        try:
            if kind == "virtual":
                _virtual(engine, loaded, order, outcome, watch)
            else:
                _Real(engine, loaded, order, outcome, log, now, sleep).work()
        except KeyboardInterrupt as stop:
            outcome.interrupted = stop
        if not engine.session.lost:
            outcome.ended_at = engine.clock
            outcome.done = since(before, doings(engine.session))
            outcome.loops = looping.since(circles, looping.loops(engine.session))
        return outcome


def _act(order: Order) -> tuple[str, About]:
    """What the log says of it: who may let in a crowd is asked of `confirm`."""
    named = {"confirm": ", ".join(sorted(order.confirmed)), "stop": ", ".join(sorted(order.stopped))}
    asked = {"until": order.until, **named, "resume_dispatch": order.resume_dispatch}
    return "confirm" if order.confirmed else "run", About(
        detail={name: value for name, value in asked.items() if value}
    )


def _known_to_the_store(session: Session, names: frozenset[str]) -> None:
    """Raises UnknownName for what was never run."""
    rows = session.run("SELECT kind, name FROM segue_definition")
    for name in sorted(names):
        known("definition", name, {name for _, name in rows} | {f"{kind} {name}" for kind, name in rows})


@contextmanager
def _engine(loaded: Loaded, store: Store, channel: Channel) -> Iterator[Engine]:
    engine = Engine(store, loaded.program, channel)
    try:
        yield engine
    finally:
        engine.close()


# --- clocks -----------------------------------------------------------------------------------


def clock_of(session: Session, order: Order) -> ClockKind:
    """The clock this run goes by. Raises InvalidInput where the store goes by the other one."""
    kept = meta.read(session, _KIND)
    if kept is not None and order.clock not in (None, kept):
        other = "--clock virtual --until DATE" if kept == "virtual" else "--clock real"
        raise InvalidInput(f"this store goes by the {kept} clock since its first run", f"run it with `{other}`")
    if kept is not None:
        return "virtual" if kept == "virtual" else "real"
    return order.clock or ("virtual" if order.until or order.start else "real")


def keep_clock(session: Session, kind: ClockKind) -> None:
    """Note the kind of clock a store goes by; the first one stays."""
    put = "INSERT INTO segue_meta (key, value) VALUES (:key, :kind) ON CONFLICT DO NOTHING"
    with session.transaction():
        session.run(put, key=_KIND, kind=kind)


def first_instant(session: Session, loaded: Loaded, start: str | None) -> int:
    """Where a new store's virtual time begins: as told, else the midnight before the earliest fact that waits."""
    if start is not None:
        return instant(start, loaded.zone)
    earliest = session.one("SELECT min(at) FROM segue_inbox")
    if earliest is None:
        raise InvalidInput(
            "the store is empty, so virtual time has no beginning", "say `--from 2026-01-01`, or import first"
        )
    return zones.day_start(zones.local_day(earliest, loaded.zone), loaded.zone)


def virtual_span(engine: Engine, loaded: Loaded, order: Order, otherwise: int | None = None) -> tuple[int, int]:
    """Where a run on the virtual clock begins and ends, `otherwise` µs later without `until`. Raises InvalidInput."""
    if engine.clock is not None and order.start is not None:
        raise InvalidInput(
            f"the store's clock stands at {written(engine.clock, loaded.zone)} already", "leave `--from` out"
        )
    start = engine.clock if engine.clock is not None else first_instant(engine.session, loaded, order.start)
    if order.until is not None:
        end = instant(order.until, loaded.zone, start)
    elif order.once or otherwise is not None:
        end = start + (otherwise or 0)
    else:
        raise InvalidInput("virtual time needs an end", 'say `--until 2026-03-31` or `--until "+30 days"`')
    if end < start:
        stands = written(start, loaded.zone)
        raise InvalidInput(f"`{order.until}` is before the store's clock, {stands}", "time goes one way")
    return start, end


def _virtual(engine: Engine, loaded: Loaded, order: Order, outcome: Outcome, watch: Watch | None) -> None:
    start, end = virtual_span(engine, loaded, order)
    outcome.changes = engine.go_live(start, order.confirmed, order.stopped)
    keep_clock(engine.session, "virtual")
    if order.once:
        upcoming = engine.next_instant()
        end = min(end, upcoming) if order.until is not None and upcoming else upcoming or end
    outcome.instants = engine.run(end, watch(start, end) if watch else None)


@dataclass(slots=True)
class _Real:
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
                self.engine.close()
                self.engine.open()
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


def not_run_yet(loaded: Loaded) -> list[str]:
    """What the project says and this version does not do, in words: what is left out, and settings without effect."""
    return [f"{_place(loaded, one)}{one.words}" for one in loaded.left_out]


def not_run_in(root: Path) -> list[str]:
    """The same for a project whose rules may be broken or unreadable: then nothing is said of them."""
    try:
        return not_run_yet(load(root))
    except SegueError:
        return []


def _place(loaded: Loaded, one: LeftOut) -> str:
    source = loaded.sources.get(one.span.file)
    return f"{one.span.file}:{source.position(one.span.start)[0]}: " if source is not None else ""
