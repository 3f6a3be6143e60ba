"""The clock a store goes by, virtual or real, and where a run on the virtual one begins and ends."""

from __future__ import annotations

from ..engine.tick import Engine
from ..errors import InvalidInput
from ..operators.arguments import instant
from ..project.loading import Loaded
from ..reading.values import instant as written
from ..store import meta
from ..store.session import Session
from ..times import zones
from .orders import ClockKind, Order

_KIND = "clock_kind"


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
    """Where a new store's virtual time begins: as told, else the midnight before the earliest fact that waits.
    Raises InvalidInput for a store without a fact."""
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
