"""How far the engine is behind: per phase what waits, how much of it is late, and since when (architecture).

Late is what should have been done more than a minute ago, which is as fine as the engine's clock goes (decision 0005).
Each look is one range of an index that holds only what is open; none grows with the base.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..store.dialect import due_at
from ..store.session import Session
from ..times.zones import MINUTE


@dataclass(frozen=True, slots=True)
class Lag:
    """Of one phase at the instant `now`: how many wait by then, how many of these are late, and when the oldest was due
    (µs; None: nothing waits)."""

    phase: str
    waiting: int
    late: int
    oldest_at: int | None

    def behind(self, now: int) -> int:
        """How long the oldest has waited, in µs."""
        return now - self.oldest_at if self.oldest_at is not None else 0


def lags(session: Session, now: int) -> tuple[Lag, ...]:
    """Every phase in the order an instant goes through them."""
    due = due_at(session.dialect, t=":now")
    return tuple(_lag(session, phase, of.format(due), at, now) for phase, of, at in _PHASES)


def _lag(session: Session, phase: str, of: str, at: str, now: int) -> Lag:
    waiting, late, oldest = session.run(
        f"SELECT count(*), coalesce(sum(CASE WHEN {at} <= :late THEN 1 ELSE 0 END), 0), min({at}) FROM {of}"
        f" AND {at} <= :now",
        now=now,
        late=now - MINUTE,
    )[0]
    return Lag(phase, waiting, int(late), oldest)


_PHASES = (
    ("facts", "segue_inbox WHERE TRUE", "at"),
    ("time conditions", "segue_due WHERE TRUE", "at"),
    ("steps", "segue_enrollment WHERE {}", "due"),
    ("dispatch", "segue_outbox WHERE settled_at IS NULL AND state IN ('planned', 'claimed', 'deferred')", "due"),
    ("answers", "segue_outbox WHERE settled_at IS NULL AND state = 'sending'", "due"),
)
