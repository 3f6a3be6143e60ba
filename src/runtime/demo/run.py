"""The demo from its first morning to its last: the engine runs three hours, people react, the engine runs on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ..engine.tick import Engine
from ..project.loading import Loaded, load, store_address
from ..service.clocks import keep_clock
from ..store import inbox, migrate
from ..store.store import Store
from .behaviour import Behaviour
from .mail import DemoMail
from .make import MAIL, make_project
from .people import DAY, HOUR, START, fill
from .result import DemoResult, result

STEP = 3 * HOUR  # how long people take to notice anything
SEED = 7
Progress = Callable[[int, int], None]  # (days simulated, days in all); (0, days) once the store is filled


def run_demo(
    folder: Path, contacts: int = 5000, days: int = 60, seed: int = SEED, progress: Progress | None = None
) -> DemoResult:
    """Make the project, fill its store and simulate `days` of virtual time. The same arguments give the same figures.

    Raises InvalidInput where the folder is in use for something else, StoreError."""
    began = time.perf_counter()
    loaded = load(make_project(folder))
    with Store.open(store_address(loaded), create=True) as store:
        _hurry(store)
        migrate.apply(migrate.plan(store, loaded.schema))
        fill(store, loaded.project, loaded.schema, seed, contacts, START, days)
        instants = _simulate(store, loaded, days, seed, progress or _silent)
        return result(store, loaded, folder, days, instants, time.perf_counter() - began)


def _simulate(store: Store, loaded: Loaded, days: int, seed: int, progress: Progress) -> int:
    """Work every instant of the demo; how many there were."""
    mail = DemoMail(loaded.root / MAIL)
    engine = Engine(store, loaded.program, mail)
    try:
        engine.session.run("PRAGMA synchronous = OFF")
        engine.go_live(START)
        keep_clock(engine.session, "virtual")
        progress(0, days)
        return _days(engine, Behaviour(loaded.program, seed), days, progress)
    finally:
        engine.close()
        mail.finish()


def _days(engine: Engine, people: Behaviour, days: int, progress: Progress) -> int:
    instants, clock, end = 0, START, START + days * DAY
    while clock < end:
        instants += engine.run(clock + STEP)
        acts = people.look(engine.session, clock, clock + STEP)
        with engine.session.transaction():
            inbox.put(engine.session, acts)
        clock += STEP
        if (clock - START) % DAY == 0:
            progress((clock - START) // DAY, days)
    return instants


def _hurry(store: Store) -> None:
    """A demo that loses its power is made anew, so nobody waits for the disk."""
    with store.session() as session:
        session.run("PRAGMA synchronous = OFF")


def _silent(done: int, total: int) -> None:
    """No progress is shown."""
