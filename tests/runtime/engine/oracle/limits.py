"""What holds a mail that is due, one mail after the other in plain Python: hours, the frequency cap, rate limits.

The oracle's side of `engine/claims.py`: lists and loops, minute by minute.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dsl.program.blocks import SendTo
from runtime.store.ids import record_id

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Waiting:
    """A mail that is planned: of an enrollment, at an instant, for the template of a block."""

    enrollment: Any
    block: Any
    planned: datetime
    due: datetime
    order: tuple[Any, ...]
    to: Any  # who gets it
    reason: str | None = None

    @property
    def elsewhere(self) -> bool:
        """To others than the one enrolled: their own hours, which nobody looked at before (X20)."""
        return isinstance(self.block, SendTo)


class Mails:
    """`world` is the oracle's; it says who may be mailed by law, and when it is the hour."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.waiting: list[Waiting] = []
        self.sent: list[tuple[Any, str, datetime]] = []  # (enrollment, template, when)

    def plan(self, enrollment: Any, block: Any, t: datetime, to: Any = None) -> None:
        contact = record_id("contact", enrollment.person.name)
        order = (t, contact % 256, *enrollment.born, contact, len(self.waiting))
        self.waiting.append(Waiting(enrollment, block, t, t, order, to or enrollment.person))

    def left(self, enrollment: Any) -> bool:
        """Whether another of its mails waits."""
        return any(w.enrollment is enrollment for w in self.waiting)

    def claim(self, t: datetime) -> bool:
        """What goes at `t` is settled; whether anything went."""
        self.waiting = [w for w in self.waiting if w.enrollment.ended is None]
        due = sorted((w for w in self.waiting if w.due <= t and w.enrollment.status == "active"), key=lambda w: w.order)
        going = [w for w in due if self.world.send_refused(w.to, w.block)]
        asked = self.in_hours([w for w in due if w not in going], t)
        asked, skipped = self.under_cap(asked, t)
        going += self.under_limits(asked, t)
        for w in (*going, *skipped):
            self.waiting.remove(w)
            refused = w in skipped or self.world.send_refused(w.to, w.block) is not None
            if not refused:
                self.sent.append((w.enrollment, w.block.template, t))
            self.world.settle(w, t, "cap" if w in skipped else None)
        return bool(going or skipped)

    def defer(self, w: Waiting, due: datetime, reason: str, t: datetime) -> None:
        if w.reason != reason:
            self.world.note(w.enrollment, t, "send", w.block.template, "deferred")
        w.due, w.reason = due, reason

    def hour(self, w: Waiting, t: datetime) -> datetime:
        to = w.to if w.elsewhere and w.to is not w.enrollment.person else None
        return self.world.opens(w.enrollment, t, self.world.zone_of(w.enrollment), mail=True, to=to)

    def in_hours(self, due: list[Waiting], t: datetime) -> list[Waiting]:
        """Who was planned in this very pass has been held to it already."""
        late = [w for w in due if (w.reason is not None or w.elsewhere) and self.hour(w, t) > t]
        for w in late:
            quiet = self.world.quiet(w.enrollment, t, w.to if w.to is not w.enrollment.person else None)
            self.defer(w, self.hour(w, t), "quiet_hours" if quiet else "window", t)
        return [w for w in due if w not in late]

    # --- the frequency cap --------------------------------------------------------------------

    def under_cap(self, due: list[Waiting], t: datetime) -> tuple[list[Waiting], list[Waiting]]:
        cap = self.world.program.project.limits.frequency_cap
        if cap is None:
            return due, []
        counted = [w for w in due if self.kind(w.block.template) not in cap.except_kinds]
        go, skipped = [w for w in due if w not in counted], []
        for address in sorted({self.address(w.enrollment) for w in counted}):
            days, behind = self.days(address, cap, t), []
            for w in self.queue(address, counted, cap, t):
                if len(days) < cap.at_most:
                    days.append(self.day(max(w.due, t)))
                    go += [w] if w in counted else []
                elif cap.when_reached == "skip":
                    skipped += [w] if w in counted else []
                else:
                    behind.append(w)
            days.sort()
            for w in behind:
                days.append(days[-cap.at_most] + timedelta(days=cap.within_days))
                if w in counted:
                    midnight = datetime(days[-1].year, days[-1].month, days[-1].day, tzinfo=self.world.zone)
                    self.defer(w, self.hour(w, midnight.astimezone(t.tzinfo)), "cap", t)
        return [w for w in due if w in go], skipped

    def queue(self, address: str, counted: list[Waiting], cap: Any, t: datetime) -> list[Waiting]:
        """All that one person is to get, the oldest first: what is due, and what waits for later."""
        later = [w for w in self.waiting if w.due > t and self.kind(w.block.template) not in cap.except_kinds]
        mine = [w for w in (*counted, *later) if self.address(w.enrollment) == address]
        return sorted(mine, key=lambda w: w.order)

    def days(self, address: str, cap: Any, t: datetime) -> list[date]:
        """Of what was sent in the window."""
        first = self.day(t) - timedelta(days=cap.within_days - 1)
        return sorted(
            self.day(at)
            for e, template, at in self.sent
            if self.day(at) >= first and self.address(e) == address and self.kind(template) not in cap.except_kinds
        )

    def day(self, t: datetime) -> date:
        return t.astimezone(self.world.zone).date()

    def kind(self, template: str) -> str:
        program = self.world.program
        return str(program.schema.topics[program.templates[template].topic].kind.value)

    def address(self, enrollment: Any) -> str:
        return str(enrollment.person.props["email"]).lower()

    # --- rate limits --------------------------------------------------------------------------

    def under_limits(self, due: list[Waiting], t: datetime) -> list[Waiting]:
        limits = self.world.program.project.channels["email"].get("limits") or {}
        taken: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
        for e, _, at in self.sent:
            for name, _ in self.names(e, limits):
                taken[name][at] += at > t - DAY
        go, full = [], []
        for w in due:
            names = self.names(w.enrollment, limits)
            if all(free(rate, taken[name], t) > 0 for name, rate in names):
                go.append(w)
                for name, _ in names:
                    taken[name][t] += 1
            else:
                full.append(w)
        no_room = {
            name for w in due for name, rate in self.names(w.enrollment, limits) if free(rate, taken[name], t) <= 0
        }
        for w in (x for x in self.waiting if (x.reason or "").startswith("limit(") and x.due > t):
            for name, _ in self.names(w.enrollment, limits):
                taken[name][w.due] += 1
        places: dict[str, Iterator[datetime]] = {}
        for w in full:
            found = []
            for name, rate in self.names(w.enrollment, limits):
                slot = next(places.setdefault(name, places_of(rate, taken[name], t)))
                found.append((-slot.timestamp(), name not in no_room, name, slot))
            *_, named, slot = min(found)
            self.defer(w, self.hour(w, slot), f"limit({named})", t)
        return go

    def names(self, enrollment: Any, limits: Any) -> list[tuple[str, dict[str, int]]]:
        """The limits a mail counts for."""
        user = self.world.program.project.users.get(enrollment.sender or "")
        domain = self.address(enrollment).partition("@")[2]
        own = self.world.program.project.channels["email"].get("address") or ""
        found = [(user.email if user else own, limits.get("mailbox")), ("account", limits.get("account"))]
        found.append((f"provider {domain}", (limits.get("provider") or {}).get(domain)))
        return [(name, rate) for name, rate in found if rate and name]


def free(rate: dict[str, int], taken: Counter[datetime], t: datetime) -> int:
    minute = rate.get("per_minute", 10**6) - taken[t]
    day = rate.get("per_day", 10**6) - sum(n for at, n in taken.items() if at > t - DAY)
    return min(minute, day)


def places_of(rate: dict[str, int], taken: Counter[datetime], t: datetime) -> Iterator[datetime]:
    """The free places after `t`, one by one."""
    while True:
        t += MINUTE
        for _ in range(free(rate, taken, t)):
            taken[t] += 1
            yield t
