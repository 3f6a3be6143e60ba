"""Facts and effects taken in at the start of a pass: properties, deals, events, members (X23, X34)."""

from __future__ import annotations

from typing import Any

from tests.runtime.engine.dates import Moment

from .people import Event, Person
from .scores import Scores


class Intake(Scores):
    def apply(self, t: Moment) -> bool:
        """First what comes from outside, then what the last pass left; whether there was any."""
        self.events, self.changed, self.created = [], [], []
        ready = [f for f in self.pending if f[0] <= t]
        self.pending = self.pending[len(ready) :]
        for at, what, value in ready:
            self.fact(at, what, value)
        queued, self.queue = self.queue, []
        self.effects(queued, t)
        return bool(self.events or self.changed or self.created)

    def fact(self, at: Moment, what: str, value: Any) -> None:
        if what == "create":
            value.exists = True
            self.created.append(value)
            return
        person = self.by_name[value[0]]
        match what:
            case "event":
                self.happen(person, value[1])
            case "deal":
                person.deals.setdefault(value[1], {"created_at": at}).update(value[2])
            case "set":
                self.change(person, value[1], value[2], at)

    def effects(self, queued: list[tuple[str, Any]], t: Moment) -> None:
        """Kind by kind: within one pass no order among people shows."""
        for _, (person, name, new, _) in sorted((q for q in queued if q[0] == "set"), key=lambda q: q[1][3]):
            self.change(person, name, new, t)
        for what, (person, key, row) in (q for q in queued if q[0] in ("link", "unlink")):
            if what == "link":
                person.deals[key] = row
            else:
                person.deals.pop(key, None)
        self.changed += self.added([value for what, value in queued if what == "add"], t)
        for wanted in (True, False):
            for person, name, joins in (value for what, value in queued if what == "member"):
                if joins is wanted:
                    person.member[name] = joins
        for what, value in queued:
            if what == "event":
                self.happen(*value)
            elif what in ("enroll", "unenroll"):
                self.events.append((value[0], Event(t, f"!{what}", {"to": value[1], "by": value[2]})))

    def happen(self, person: Person, event: Event) -> None:
        event.heard = self.passes
        person.events.append(event)
        self.events.append((person, event))

    def change(self, person: Person, name: str, new: Any, at: Moment) -> None:
        if person.props.get(name) != new:
            self.write(person, name, new, at)
            self.changed.append((person, name))

    def write(self, p: Person, name: str, new: Any, at: Moment) -> None:
        """The first value of a record leaves no history (X34)."""
        if p.props.get(name) is not None or p.past.get(name):
            p.past.setdefault(name, []).append((at, p.props.get(name), new))
        p.props[name], p.wrote[name] = new, at

    def added(self, additions: list[tuple[Person, str, int]], t: Moment) -> list[tuple[Person, str]]:
        """All that is added to one value at once is one change of it (X23)."""
        sums: dict[tuple[str, str], int] = {}
        for person, name, amount in additions:
            sums[person.name, name] = sums.get((person.name, name), 0) + amount
        for (who, name), total in sums.items():
            if total or self.by_name[who].props.get(name) is None:
                self.write(self.by_name[who], name, (self.by_name[who].props.get(name) or 0) + total, t)
        return [(self.by_name[who], name) for (who, name), total in sums.items() if total]
