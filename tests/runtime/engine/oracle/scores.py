"""What a score is worth to one person (X35)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dsl.program import conditions as c
from dsl.program.others import Score
from runtime.scores import Holding, Occurrence, fell, rose, worth
from tests.runtime.engine.dates import Moment

from .clocks import micros
from .conditions import Conditions
from .people import Person


class Scores(Conditions):
    def points(self, score: Score, t: Moment) -> None:
        """When the conditions of a score held (X35)."""
        for n, rule in enumerate(score.rules):
            for p in self.alive() if rule.condition is not None else ():
                stays = self.held.setdefault((score.name, n, p.name), [])
                inside = bool(stays) and stays[-1][1] is None
                if self.holds(rule.condition, p, t) != inside:
                    if inside:
                        stays[-1][1] = t
                    else:
                        stays.append([t, None])

    def worth(self, name: str, p: Person, t: Moment) -> float | None:
        """Looked at anew where something happened, or another day has begun."""
        key = (name, *self.state_of(name, p, t))
        if key not in self.worths:
            self.worths[key] = worth(*self.score(name, p), micros(t), self.zone.key)
        return self.worths[key]

    def moved(self, x: c.Moved, p: Person, t: Moment) -> bool:
        """The same, at both ends of the window."""
        start = t - self.span(x.within) if x.within.unit in (c.Unit.HOURS, c.Unit.MINUTES) else t
        name = x.left.score
        key = (x, *self.state_of(name, p, t), *self.state_of(name, p, start))
        if key not in self.worths:
            moved = fell if x.direction == "fell" else rose
            self.worths[key] = moved(*self.score(name, p), float(x.by.value), x.within, micros(t), self.zone.key)
        return bool(self.worths[key])

    @staticmethod
    def span(length: c.Duration) -> timedelta:
        return timedelta(hours=length.n) if length.unit is c.Unit.HOURS else timedelta(minutes=length.n)

    def state_of(self, name: str, p: Person, t: Moment) -> tuple[Any, ...]:
        """What a value at `t` hangs on."""
        held = [self.held.get((name, n, p.name), []) for n in range(len(self.program.scores[name].rules))]
        edges = [sum(edge is not None and edge <= t for stay in stays for edge in stay) for stays in held]
        return p.name, sum(v.at <= t for v in p.events), tuple(edges), t.astimezone(self.zone).date()

    def score(self, name: str, p: Person) -> tuple[Score, list[Occurrence], list[Holding]]:
        score = self.program.scores[name]
        happened = [
            (n, micros(v.at))
            for n, rule in enumerate(score.rules)
            for v in p.events
            if rule.match is not None and self.matches(rule.match, v, p, None)
        ]
        holdings = [
            (n, micros(since), micros(until) if until is not None else None)
            for n in range(len(score.rules))
            for since, until in self.held.get((name, n, p.name), [])
            if since is not None
        ]
        return score, happened, holdings
