"""Who turns in segments, and what a definition's `when` starts (X4, X35)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dsl.program import conditions as c
from dsl.program import definitions as d
from tests.runtime.engine.dates import Moment

from .clocks import birthday, clock
from .intake import Intake
from .people import Event, Person

Start = tuple[d.Definition, Person, Event | None]


class Starting(Intake):
    def react(self, t: Moment, starts: list[Start]) -> None:
        for part, name in self.order:
            if part == "score":
                self.points(self.program.scores[name], t)
            else:
                self.judge(name, t)
        for definition in self.definitions:
            starts += self.started(definition, t)

    def judge(self, name: str, t: Moment) -> None:
        for p in self.alive():
            held = self.holds(self.program.segments[name].condition, p, t)
            if held != p.member.get(name, False):
                p.member[name] = held
                p.was |= {name} if held else set()
                self.turns.append((t, p.name, name, held))

    def started(self, definition: d.Definition, t: Moment) -> list[Start]:
        match definition.trigger:
            case d.OnCondition(condition):
                return [(definition, p, None) for p in self.alive() if self.came_true(definition, condition, p, t)]
            case d.OnEvents(matches):
                heard = sorted(self.events, key=lambda x: x[1].at)
                return [(definition, p, v) for p, v in heard if any(self.matches(m, v, p, None) for m in matches)]
            case d.OnChange(field, value):
                hit = {p.name for p, name in self.changed if name == field.property} | {p.name for p in self.created}
                now = [p for p in self.alive() if p.props.get(field.property) == value.value]
                return [(definition, p, None) for p in now if p.name in hit]
            case d.OnSchedule() | d.OnDate():
                return [(definition, p, None) for p in self.alive() if self.occurs(definition, p, t)]
        return []

    def came_true(self, definition: d.Definition, condition: c.Condition, p: Person, t: Moment) -> bool:
        key = f"when {definition.kind} {definition.name}"
        before, p.member[key] = p.member.get(key, False), self.holds(condition, p, t)
        return p.member[key] and not before

    def occurs(self, definition: d.Definition, p: Person, t: Moment) -> bool:
        """Whether an occasion lies between the last instant and this one (X4); `only` says who a schedule is about."""
        if not self.first:
            return False
        since = t - self.step
        if isinstance(definition.trigger, d.OnDate):
            return self.date_came(definition.trigger, p, since, t)
        return self.holds(definition.only, p, t) and self.recurred(definition.trigger, p, since, t)

    def date_came(self, trigger: d.OnDate, p: Person, since: Moment, t: Moment) -> bool:
        x = self.value(trigger.value, p, None, None, t)
        if x is None:
            return False
        bought = trigger.value.property == "last_purchase_at"
        set_at = x if bought else p.wrote.get(trigger.value.property, p.created)
        return max(since, set_at) < self.moment(x, trigger) <= t

    def recurred(self, trigger: d.OnSchedule, p: Person, since: Moment, t: Moment) -> bool:
        if trigger.interval is not None:
            span = timedelta(hours=trigger.interval.n)
            return (t - self.begun) // span > (since - self.begun) // span
        days = [t.astimezone(self.zone).date() + timedelta(days=n) for n in (-1, 0, 1)]
        if trigger.date is not None:
            at, born = trigger.at, self.value(trigger.date, p, None, None, t)
            days = [x for x in days if born is not None and birthday(date.fromisoformat(born), x)]
        else:
            minute, hour, _, _, week = trigger.cron.split()
            at = int(hour) * 60 + int(minute)
            days = [x for x in days if week == "*" or (week == "1-5" and x.weekday() < 5)]
        return any(since < clock(x, at, self.zone) <= t for x in days)

    def moment(self, x: Any, trigger: d.OnDate) -> Moment:
        length = trigger.length
        if not isinstance(x, str):
            return self.later(x, length, self.zone)
        day = date.fromisoformat(x)
        if length is not None:
            day = self.day_after(day, c.Duration(-length.n if trigger.before else length.n, length.unit))
        return clock(day, 0, self.zone)
