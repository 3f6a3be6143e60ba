"""Sweeping: those for whom time alone turns a part of a condition are touched, at its minute (decision 0004)."""

from __future__ import annotations

from ...query.sweeps import Sweep
from ...store.session import Session
from ..rules import Rules
from .touches import Touches


class Sweeping:
    """`due`: per part the instant (µs) at which it next turns for somebody; None where it turns for nobody."""

    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.sweeps, self.touches = session, rules.sweeps, touches
        self.due: dict[str, int | None] = {}
        self._moved: set[str] = set()

    def __call__(self, before: int, t: int) -> None:
        """Touch those for whom a part turned between two instants."""
        self._moved = set()
        for part, sweep in self.sweeps.items():
            at = self.due.get(part)
            if at is not None and at <= t:
                self._moved.add(part)
                low, high = sweep.span(before, t)
                rows = (
                    f"SELECT DISTINCT {sweep.id_column} % 256 AS bucket, {sweep.id_column} AS id, :t AS at,"
                    " CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                    f" FROM {sweep.rows} {sweep.column} > :low AND {sweep.column} <= :high"
                )
                self.touches.add(f"time {part}", rows, {"t": t, "low": low, "high": high})

    def notice(self) -> None:
        """What a pass touched may turn at another instant now."""
        self._moved |= {part for part, sweep in self.sweeps.items() if sweep.tokens & self.touches.tokens}

    def plan(self, t: int, everything: bool = False) -> None:
        """The next instant of each part that may have moved."""
        if everything:
            self.session.run("DELETE FROM segue_due")
        for part in list(self.sweeps) if everything else self._moved:
            self.due[part] = self._turns(self.sweeps[part], t)
            self.session.run(
                "INSERT INTO segue_due (part, at) VALUES (:part, :at) ON CONFLICT (part) DO UPDATE SET at ="
                " excluded.at",
                part=part,
                at=self.due[part],
            )
        self._moved = set()

    def _turns(self, sweep: Sweep, t: int) -> int | None:
        low = sweep.horizon(t)
        first = self.session.one(f"SELECT min({sweep.column}) FROM {sweep.rows} {sweep.column} > :low", low=low)
        if first is None:
            return None
        return sweep.following(first if isinstance(first, int | str) else str(first), t)
