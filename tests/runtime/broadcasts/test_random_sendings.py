"""Random sendings under quiet hours and a frequency cap, by a worker that dies at any statement: who the plan said gets
it gets it once, at the time it said; whom something befell since is told with a reason (L14, X16, X24, X25)."""

from __future__ import annotations

from collections import Counter
from random import Random

from runtime.broadcasts.planned import LATER, NOW, Person, planned
from runtime.broadcasts.sending import send
from runtime.times.zones import MINUTE
from tests.runtime.broadcasts.test_broadcasts import ADA, NEWS, SCHEMA, loaded
from tests.runtime.engine.disturbed import Death, Killed, Letters, dying
from tests.runtime.engine.harness import PROJECT, MakeWorld

RULES = "".join(
    NEWS.replace("letter", name) + f'broadcast {name} {{ to: plan = paid  send: {name}  suppress: country = "jp" }} '
    for name in ("spring", "summer")
)
CAP = (
    "limits: {{quiet_hours: '21:00-08:00', frequency_cap: {{at_most: 1, within: 2 days, over: all, when_reached: {}}}}}"
)
NAMES = tuple(f"p{n}" for n in range(12))
ZONES = (None, None, "Asia/Tokyo", "America/Los_Angeles", "Europe/London", "Pacific/Chatham")
DAYS = ("03-02", "03-03", "03-04", "03-06", "03-27", "03-28", "03-29", "03-30")  # a day of 23 hours among them


class Town:
    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.reached = random, random.choice(("skip", "defer"))
        self.letters = Letters()
        limits = PROJECT + CAP.format(self.reached) + "\n"
        self.world = worlds(RULES, schema=SCHEMA, project=limits, channel=self.letters)
        self.zones = {name: random.choice(ZONES) for name in NAMES}
        for name, zone in self.zones.items():
            self.world.contact(name, at="03-02 00:00", plan=random.choice(("paid", "paid", "free")), time_zone=zone)
        self.kills = 0

    def run_to(self, at: str) -> None:
        """The worker dies now and then, and another one takes over."""
        while self.random.random() < 0.4:
            try:
                with dying(self.world.engine.session, Death(self.random.randrange(1, 400), self.random.random() < 0.5)):
                    self.world.run_to(at)
                return
            except Killed:
                self.kills += 1
                self.world.restart()
        self.world.run_to(at)

    def befalls(self, at: str) -> str:
        """Something befalls somebody: who."""
        random, name = self.random, self.random.choice(NAMES)
        match random.randrange(4):
            case 0:
                self.world.set(name, at, plan=random.choice(("paid", "free")))
            case 1:
                self.world.set(name, at, country=random.choice(("jp", "pl")))
            case 2:
                self.world.consent(name, "news", random.choice(("opted_in", "opted_out")), at)
            case 3:
                self.world.event(name, "bounced", at, kind="hard")
        return name

    def day(self, day: str) -> None:
        hour, minute = self.random.randrange(1, 23), self.random.randrange(5, 50)
        if self.world.micros(f"{day} {hour:02}:00") <= self.world.now:
            return  # it waited for somebody's hour until now
        for _ in range(2):
            self.befalls(f"{day} {hour:02}:00")
        self.run_to(f"{day} {hour:02}:01")
        name = self.random.choice(("spring", "summer"))
        session, project = self.world.engine.session, loaded(self.world)
        with planned(session, project, name) as found:
            plan = found.plan
            those = {one.name.split("@")[0]: one for one in found.people(NOW)}
            later = {one.name.split("@")[0]: one for one in found.people(LATER)}
            listed = {group.reason: len(found.people(group.reason)) for group in plan.groups}
        assert listed == {reason: sum(g.count for g in plan.groups if g.reason == reason) for reason in listed}
        before = {n: self.world.mails(n) for n in NAMES}
        send(session, project, name, ADA, confirm=plan.receive)
        self.run_to(f"{day} {hour:02}:02")
        self._at_once(name, before, those)
        changed = {self.befalls(f"{day} {hour:02}:03") for _ in range(2)} if self.random.random() < 0.5 else set()
        self.run_to(f"{day} {hour:02}:{minute:02}")
        self._later(name, later, changed)

    def _at_once(self, name: str, before: dict[str, list[tuple[str, str]]], those: dict[str, Person]) -> None:
        """Those of the plan and nobody else of this broadcast."""
        for who in NAMES:
            new = [mail for mail in self.world.mails(who) if mail not in before[who] and mail[1] == name]
            assert len(new) == (who in those), (who, name)

    def _later(self, name: str, later: dict[str, Person], changed: set[str]) -> None:
        """When their hour comes they have it, unless other mail has taken the room that the cap leaves, or a change of
        theirs keeps them out."""
        other = "summer" if name == "spring" else "spring"
        for who, one in later.items():
            assert one.until is not None
            if one.until < self.world.now:  # somebody else's hour was later
                continue
            full = self.world.status(who, other) == "active"
            self.run_to(self.world.local(one.until + MINUTE))
            first = self.world.local(one.until - 24 * 60 * MINUTE)[:5]
            full |= any(at[:5] >= first for at, template in self.world.mails(who) if template == other)
            mails = [at for at, template in self.world.mails(who) if template == name]
            if who not in changed:
                assert full or mails == [self.world.local(one.until)], (who, name)
            if not mails:
                status = self.world.status(who, name)
                assert status == "active" or "(" in str(status), status


def test_l14_the_plan_is_what_is_sent_once_whoever_dies(worlds: MakeWorld, seeds: range) -> None:
    sent = kills = 0
    for seed in seeds:
        town = Town(worlds, Random(seed))
        for day in DAYS:
            town.day(day)
        town.run_to("04-20 00:00")
        assert set(town.letters.gone.values()) <= {1}
        left = Counter(m.recipient.split("@")[0] for m in town.letters.messages.values())
        for who in NAMES:
            mails = Counter(template for _, template in town.world.mails(who))
            assert set(mails.values()) <= {1} and sum(mails.values()) == left[who]
            sent += left[who]
        kills += town.kills
    assert sent > len(seeds) and kills
