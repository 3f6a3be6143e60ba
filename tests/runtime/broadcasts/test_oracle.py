"""Random people, choices and sendings against a plain reading of the rules: who gets a broadcast, when, and what the
plan says a minute before (L14, X9, X24)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from runtime.broadcasts.planned import NOW, planned
from runtime.broadcasts.sending import send
from tests.runtime.broadcasts.test_broadcasts import ADA, SCHEMA, SPRING, STRICT, loaded
from tests.runtime.engine.harness import PROJECT, MakeWorld, World

NAMES = tuple(f"p{n}" for n in range(14))


@dataclass
class Person:
    name: str
    address: str | None
    props: dict[str, str | None]
    choice: str | None = None
    bounced: bool = False
    got: list[str] = field(default_factory=list)


class Town:
    """The same people in the world and on paper."""

    def __init__(self, world: World, dice: Random, strict: bool) -> None:
        self.world, self.dice, self.strict = world, dice, strict
        self.people = {name: self._born(name) for name in NAMES}

    def _born(self, name: str) -> Person:
        dice = self.dice
        address = dice.choice((f"{name}@x.example", f"{name}@x.example", "shared@x.example", f"{name}@x.example", None))
        props = {"plan": dice.choice(("paid", "paid", "free")), "country": dice.choice(("jp", None, None))}
        self.world.contact(name, email=address, **props)
        choice = dice.choice(("opted_in", "opted_in", None))
        if choice is not None:
            self.world.consent(name, "news", choice, "03-02 08:30")
        return Person(name, address, props, choice)

    def happens(self, at: str) -> None:
        """Something befalls somebody."""
        dice, p = self.dice, self.people[self.dice.choice(NAMES)]
        match dice.randrange(4):
            case 0:
                p.props["plan"] = dice.choice(("paid", "free"))
                self.world.set(p.name, at, plan=p.props["plan"])
            case 1:
                p.props["country"] = dice.choice(("jp", "pl"))
                self.world.set(p.name, at, country=p.props["country"])
            case 2:
                p.choice = dice.choice(("opted_in", "opted_in", "opted_out"))
                self.world.consent(p.name, "news", p.choice, at)
            case _ if p.address is not None and dice.random() < 0.4:
                p.bounced = True
                self.world.event(p.name, "bounced", at, kind="hard")

    def outcome(self, p: Person) -> str | None:
        """What comes of sending it now; None: it is not for them."""
        if p.props["plan"] != "paid":
            return None
        mates = [q for q in self.people.values() if p.address is not None and q.address == p.address]
        out = p.choice == "opted_out" or any(q.choice == "opted_out" for q in mates)
        for reason, holds in (
            ("enrolled_before", bool(p.got)),
            ("suppressed", p.props["country"] == "jp"),
            ("no_address", p.address is None),
            ("bounced", any(q.bounced for q in mates)),
            ("unsubscribed_topic", out),
            ("no_consent", self.strict and p.choice != "opted_in"),
        ):
            if holds:
                return reason
        return NOW

    def sent(self, at: str) -> Counter[str]:
        """It is sent: who gets it, on paper."""
        outcomes = {p.name: self.outcome(p) for p in self.people.values()}
        for name, outcome in outcomes.items():
            if outcome == NOW:
                self.people[name].got.append(at)
        return Counter(outcome for outcome in outcomes.values() if outcome is not None)


@pytest.mark.parametrize("seed", range(6))
def test_l14_who_gets_it_is_as_a_plain_reading_says(worlds: MakeWorld, seed: int) -> None:
    dice, strict = Random(seed), seed % 2 == 0
    at_its_moment = seed % 3 == 0
    rules = SPRING.replace("country", "at: 2026-03-04 10:00  suppress: country").replace("suppress: at", "at")
    world = worlds(rules if at_its_moment else SPRING, schema=SCHEMA, project=STRICT if strict else PROJECT)
    town = Town(world, dice, strict)
    for day in ("03-02", "03-03", "03-04", "03-05"):
        for minute in sorted(dice.sample(range(50), 9)):
            town.happens(f"{day} 09:{minute:02}")
        world.run_to(f"{day} 09:59")
        with planned(world.engine.session, loaded(world), "spring") as found:
            planned_now = Counter({g.reason: g.count for g in found.plan.groups})
        if not at_its_moment or day == "03-05":
            send(world.engine.session, loaded(world), "spring", ADA)
        if not at_its_moment or day in ("03-04", "03-05"):
            assert town.sent(f"{day} 10:00") == planned_now
        world.run_to(f"{day} 10:00")
    world.run_to("03-09 00:00")
    assert {p.name: [(at, "letter") for at in p.got] for p in town.people.values()} == {
        name: world.mails(name) for name in NAMES
    }
    assert any(p.got for p in town.people.values())
