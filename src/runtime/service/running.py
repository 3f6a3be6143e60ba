"""Running a project: on the real clock a tick a minute, on the virtual one as fast as it goes. One worker per store.

A store keeps the kind of clock it was first run on: mail of weeks to come must not leave because somebody typed a date.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..access.audit import About, acting, permit
from ..access.roles import actor
from ..channels.base import Channel
from ..engine.tick import Engine
from ..operators.arguments import known
from ..project.loading import Loaded
from ..reading import looping
from ..store.session import Session
from ..store.store import Store
from .clocks import clock_of, keep_clock, virtual_span
from .doings import doings, since
from .journal import Log, nowhere
from .orders import Order, Outcome, Watch
from .real_clock import RealClock


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
                RealClock(engine, loaded, order, outcome, log, now, sleep).work()
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
    by_kind = {f"{kind} {name}" for kind, name in rows}
    for name in sorted(names - by_kind):
        known("definition", name, {name for _, name in rows})


@contextmanager
def _engine(loaded: Loaded, store: Store, channel: Channel) -> Iterator[Engine]:
    engine = Engine(store, loaded.program, channel)
    try:
        yield engine
    finally:
        engine.close()


def _virtual(engine: Engine, loaded: Loaded, order: Order, outcome: Outcome, watch: Watch | None) -> None:
    start, end = virtual_span(engine, loaded, order)
    outcome.changes = engine.go_live(start, order.confirmed, order.stopped)
    keep_clock(engine.session, "virtual")
    if order.once:
        upcoming = engine.next_instant()
        end = min(end, upcoming) if order.until is not None and upcoming else upcoming or end
    outcome.instants = engine.run(end, watch(start, end) if watch else None)
