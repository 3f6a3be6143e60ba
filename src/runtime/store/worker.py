"""One worker at a time: who runs the engine on a store holds its leases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import leases
from .store import Store


@contextmanager
def only_worker(store: Store) -> Iterator[None]:
    """Hold the store's leases as a worker does, without working. Raises StoreBusy while another process does."""
    with store.session() as session:
        lease = leases.take(store, session)
        try:
            yield
        finally:
            lease.release()


def worker_of(store: Store, zone: str = "UTC") -> str | None:
    """Who works on a store now and since when on the zone's clock, in words; None where nobody does."""
    with store.session() as session:
        return leases.holder(store, session, zone)
