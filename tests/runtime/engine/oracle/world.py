"""What must happen, one person at a time, in plain Python: no SQL, no sets, no due times.

It knows the compiled form (conditions and blocks) and the rules of semantics X1-X30 as far as the tests use them, and
looks at everybody at every step of a fixed grid. Slow and simple on purpose. Which arm of a split
somebody takes it asks the engine: a hash has no other side. One file for each area of the rules, each of which stands
on the one before: state, clocks, values, conditions, scores, intake, starting, entering, leaving, waiting, effects,
steps.
"""

from __future__ import annotations

from tests.runtime.engine.dates import Moment

from .starting import Start
from .steps import Steps


class World(Steps):
    def run(self, until: Moment) -> None:
        while self.now < until:
            self.now = self.following(until) if self.by_dues else self.now + self.step
            self.instant(self.now)

    def following(self, until: Moment) -> Moment:
        """The next instant at which anything is due, where no condition turns by time alone."""
        due = [e.due for e in self.enrollments if e.due is not None and e.ended is None]
        due += [w.due for w in self.mails.waiting] + [f[0] for f in self.pending[:1]]
        return min(until, max(self.now + self.step, min(due, default=until)))

    # --- one instant --------------------------------------------------------------------------

    def instant(self, t: Moment) -> None:
        for _ in range(100):
            if not self.one_pass(t):
                return
        raise AssertionError("no rest")

    def one_pass(self, t: Moment) -> bool:
        """Whether anything happened, so that there is another one."""
        self.first, self.seen = self.seen != t, t
        took = self.apply(t)
        starts: list[Start] = []
        self.react(t, starts)
        stopped = self.stop(t)
        entered = self.enroll(t, starts)
        moved = self.move(t)
        went = self.mails.claim(t)
        return bool(stopped or entered or moved or went or self.queue or took)

    def move(self, t: Moment) -> bool:
        movers = [e for e in self.enrollments if e.status == "active" and e.due is not None and e.due <= t]
        self.passes += 1
        self.resting, self.ending = [], []
        for e in movers:
            self.advance(e, t)
        self.give(t)
        for e, status, reason in self.ending:
            self.end(e, t, status, reason)
        for e, to in self.resting:
            self.mails.plan(e, self.block(e), t, to)
        return bool(movers)
