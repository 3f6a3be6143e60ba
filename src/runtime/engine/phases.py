"""The phases over one set of rules, and the pass in which they follow each other (architecture, "The engine").

Within a pass all read the state it began with: what they write is seen in the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ..channels.base import Channel
from ..store import meta
from ..store.dialect import due_at
from ..store.session import Session
from ..times.calendars import WorkingCalendar, working_calendar
from .blocks.advance import Advance
from .entering.enroll import Enroll
from .intake.apply import Apply
from .intake.operators import Operators
from .judging.occasions import Occasions
from .judging.react import React
from .judging.sweeping import Sweeping
from .judging.touches import Touches
from .judging.waking import Wake
from .leaving.ending import Ending
from .leaving.stop import Stop
from .leaving.switch import Switch
from .rules import Rules
from .sending.claims import Claims
from .sending.dispatch import Dispatch
from .sending.recovery import Recovery
from .sending.settle import Settle
from .sending.unknowns import Unknowns


@dataclass(frozen=True)
class Worker:
    """Who works: `owner` names it in the leases and in claimed rows, `store_id` the store in each message.
    `batch`: how many enrollments one statement moves at most; `order` shuffles groups and slices."""

    owner: str
    store_id: str
    channel: Channel
    batch: int
    order: Random | None


class Phases:
    """`unheard`: tokens of what turns nothing in these rules."""

    def __init__(self, session: Session, rules: Rules, unheard: frozenset[str], worker: Worker) -> None:
        self.session = session
        touches = self.touches = Touches(session, rules.scope, unheard)
        calendars = calendars_of(rules)
        self.sweeping, self.occasions = Sweeping(session, rules, touches), Occasions(session, rules, touches, calendars)
        self.apply, self.react = Apply(session, rules.scope, touches), React(session, rules, touches)
        self.ending = Ending(session, touches)
        self.stop = Stop(session, rules, touches, self.ending)
        self.switch, self.wake = Switch(session, rules, touches), Wake(session, rules, touches)
        self.operators = Operators(session, rules, touches)
        self.enroll = Enroll(session, rules, touches, self.ending, calendars)
        self.advance = Advance(session, rules, self.ending, calendars, worker.batch, worker.order)
        settle = self.settle = Settle(session, rules, self.ending, unheard)
        self.claims = Claims(session, rules, settle, self.ending, calendars, worker.owner)
        self.advance.people.claims_at_once = self.claims.at_once
        self.dispatch = Dispatch(session, rules, worker.channel, settle, worker.store_id, worker.owner)
        self.recover = Recovery(session, worker.channel, settle, rules)
        self.unknowns = Unknowns(session, rules)

    def begin(self, before: int, t: int, now: int) -> None:
        """An instant begins: what time has turned since the last one."""
        self.sweeping(before, t)
        self.occasions.begin(before, now)

    def __call__(self, t: int, now: int, passed: int) -> bool:
        """One pass; whether another one is due. `passed`: how many there were at this instant (X28)."""
        self.enroll.refusals.passed = passed
        commands = self.apply(t)
        self.unknowns(t)
        if self.touches.tokens:
            self.react(t)
            self.sweeping.notice()
        occasion = self.occasions(t)
        if self.touches.tokens or commands:
            self.leave(t, commands)
        if commands or self.touches.tokens or occasion:
            self.enroll(t, commands, self._freed(commands))
            self.ending.finish(t)
        if commands:
            self.apply.clear()
        moved = self.advance(t, now)
        sent = self.send(t, now)
        self.touches.turn()
        return bool(moved or sent or self.touches.tokens or self._more(t))

    def leave(self, t: int, commands: frozenset[str]) -> None:
        """Those who end, those who go another way, those who go on: in this order, at the same instant."""
        self.stop(t, commands)
        self.switch(t)
        self.wake(t)
        self.operators(t, commands)

    def send(self, t: int, now: int) -> bool:
        """What is planned goes out, where there is any; the pass is committed before."""
        claimed, self.advance.people.claimed = self.advance.people.claimed, 0
        if self.claims.waiting(now):
            self.claims.claim(now)
        elif not claimed:
            return False
        # The clock is not at `t` yet: after a crash here the same instant is gone through again, to its end.
        meta.write(self.session, "working", str(t))
        self.session.commit()
        self.dispatch.send(now)
        self.session.begin()
        return True

    def plan(self, t: int, everything: bool = False) -> None:
        """When time turns something next, for what may have moved."""
        self.sweeping.plan(t, everything)
        self.occasions.plan(t, everything)

    def due(self) -> list[int]:
        """The instants (µs) at which time alone turns something."""
        turns = [at for at in self.sweeping.due.values() if at is not None]
        return [*turns, *self.occasions.planned.values()]

    def _freed(self, commands: frozenset[str]) -> bool:
        """Whether since exclusive sequences were last looked at an enrollment has ended, an address has changed or one
        that waited was resumed (X7)."""
        freeing = any(token.startswith("enrolled ") or token == "contact.email" for token in self.touches.tokens)
        return freeing or "resume" in commands

    def _more(self, t: int) -> bool:
        return (
            self.session.one(
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM segue_inbox WHERE at <= :t) OR EXISTS"
                f" (SELECT 1 FROM segue_enrollment WHERE {due_at(self.session.dialect)})",
                t=t,
            )
            is not None
        )


def calendars_of(rules: Rules) -> dict[str | None, WorkingCalendar]:
    """By the name a definition gives; None is the account's, else Monday to Friday (X15)."""
    project = rules.program.project
    named = {name: working_calendar(c) for name, c in project.calendars.items()}
    default = named.get(project.account.calendar or "", working_calendar(None))
    asked = {v.pinned.calendar for v in rules.versions.values()} | {d.definition.pinned.calendar for d in rules.live}
    return {name: named.get(name or "", default) for name in asked | {None}}
