"""Random reports of contacts, deals and purchases, over links, conditions, segments and filters, after the engine has
deleted, unlinked and changed some: both databases find what plain Python finds (P14, M24, X2, X31)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from runtime.metrics.filters import Filters
from runtime.reports import Reports
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld, World, compiled
from tests.runtime.reports import oracle
from tests.runtime.reports.oracle import Asked
from tests.runtime.reports.test_oracle import text_of

RULES = "segment payers of contact { plan = paid }\n"
Row = dict[str, object]
INDUSTRIES = ("tea", "Tea", "電話", None)
DAYS = ("03-28 23:59", "03-29 01:59", "03-29 03:00", "03-30 00:00", "05-31 23:59", "06-01 00:00")
NOW = "2026-06-20 12:00"


@dataclass
class Person:
    name: str
    plan: str | None
    visits: int | None
    owner: str | None
    at: int
    company: str | None = None
    bought: list[tuple[int, int]] = field(default_factory=list)  # (at, amount)
    deals: list[str] = field(default_factory=list)
    there: bool = True


class Town:
    """What there is, in a store and on paper."""

    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.world = random, worlds(RULES, start="2026-03-28 00:00")
        self.industry = {f"c{n}": random.choice(INDUSTRIES) for n in range(3)}
        for name, industry in self.industry.items():
            self.world.record("company", name, "03-28 01:00", name=name, industry=industry)
        self.people = [self._person(f"p{n}") for n in range(random.randrange(1, 9))]
        self.deals = {f"d{n}": self._deal(f"d{n}") for n in range(random.randrange(7))}
        self.world.run_to("2026-06-10 00:00")
        for minute in range(4):
            self._befalls(f"06-11 08:{minute:02}")
        self.world.run_to(NOW)

    def _person(self, name: str) -> Person:
        random, at = self.random, f"2026-{self.random.choice(DAYS)}"
        values = {"plan": random.choice((*oracle.PLANS, None)), "visits": random.choice((0, 2, 7, None))}
        one = Person(name, **values, owner=random.choice(("rep", "amy", None)), at=self.world.micros(at))
        self.world.contact(name, at=at, owner=one.owner, **values)
        if random.random() < 0.7:
            one.company = random.choice(tuple(self.industry))
            self.world.link("contact", name, "company", one.company, "06-02 08:00")
        for _ in range(random.choice((0, 0, 1, 3))):
            when, euros = f"2026-{random.choice(DAYS)}", random.choice((0, 1, 99, 250, 10**9))
            self.world.event(name, "purchased", when, amount=euros)
            one.bought.append((self.world.micros(when), euros * 100))
        self.world.event(name, "purchased", "2026-07-01 08:00", amount=5)  # not yet (X2)
        return one

    def _deal(self, name: str) -> Row:
        random, at = self.random, f"2026-{self.random.choice(DAYS)}"
        values = {
            "stage": random.choice(oracle.STAGES), "amount": random.choice((None, 5, 12_345)),
            "owner": random.choice(("rep", "amy", None)), "close_on": random.choice((None, "2026-03-29", "2026-07-01")),
        }  # fmt: skip
        self.world.record("deal", name, at, pipeline="sales", name=name, **values)
        for one in random.sample(self.people, min(len(self.people), random.randrange(3))):
            self.world.link("contact", one.name, "deal", name, "06-02 08:00")
            one.deals.append(name)
        amount = values["amount"]
        return {**values, "amount": None if amount is None else amount * 100, "created_at": self.world.micros(at)}

    def _befalls(self, at: str) -> None:
        """Somebody is deleted, leaves their company, changes; a deal is deleted."""
        random, now, one = self.random, self.world.now + 1, self.random.choice(self.people)
        match random.randrange(5):
            case 0 if one.there:
                self.world._put(inbox.delete_row("contact", record_id("contact", one.name), at=now))
                one.there = False
            case 1 if one.there and one.company is not None:
                self.world.link("contact", one.name, "company", one.company, at, unlink=True)
                one.company = None
            case 2 if one.there:
                one.plan = random.choice(oracle.PLANS)
                self.world.set(one.name, at, plan=one.plan)
            case 3 if self.deals:
                name = random.choice(sorted(self.deals))
                del self.deals[name]
                self.world._put(inbox.delete_row("deal", record_id("deal", name), at=now))
        self.world.run_to(self.world.local(self.world.now + 60_000_000))

    # --- as rows ----------------------------------------------------------------------------------

    def contacts(self) -> list[Row]:
        return [
            {
                "plan": one.plan, "visits": one.visits, "owner": one.owner, "created_at": one.at,
                "company.industry": self.industry.get(one.company or ""), "company": one.company,
                "bought": len(one.bought), "won": any(self.deals[d]["stage"] == "won" for d in self._of(one)),
            }
            for one in self.people
            if one.there
        ]  # fmt: skip

    def _of(self, one: Person) -> list[str]:
        return [name for name in one.deals if name in self.deals]

    def sold(self) -> list[Row]:
        """Each with what is known of its contact today: nothing of who was deleted (M24)."""
        found: list[Row] = []
        for one in self.people:
            mine = one if one.there else replace(one, plan=None, visits=None, owner=None, company=None)
            found += [
                {
                    "happened_at": at, "amount": amount, "contact.plan": mine.plan, "contact.visits": mine.visits,
                    "owner": mine.owner, "company": mine.company,
                    "contact.company.industry": self.industry.get(mine.company or ""),
                }
                for at, amount in one.bought
            ]  # fmt: skip
        return found

    def pipeline(self) -> list[Row]:
        return [
            {
                **deal, "won": deal["stage"] == "won", "closed": deal["stage"] in ("won", "lost"),
                "plans": [one.plan for one in self.people if one.there and name in one.deals],
            }
            for name, deal in self.deals.items()
        ]  # fmt: skip


Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Subject:
    """`at` is the time that days are chosen by where a report is grouped by none."""

    of: str
    at: str
    by: tuple[str, ...]
    times: tuple[str, ...]
    numbers: tuple[str, ...]
    where: Mapping[str, Test]
    rows: Callable[[Town], list[Row]]


SUBJECTS = (
    Subject(
        "contact",
        "created_at",
        ("plan", "owner", "company.industry"),
        ("created_at",),
        ("visits",),
        {
            "has purchased": lambda r: r["bought"] > 0,
            "count(purchased) >= 3": lambda r: r["bought"] >= 3,
            "in segment payers": lambda r: r["plan"] == "paid",
            'company.industry = "TEA"': lambda r: str(r["company.industry"]).lower() == "tea",
            "any deal (won)": lambda r: r["won"],
            "no deal (won)": lambda r: not r["won"],
        },
        Town.contacts,
    ),
    Subject(
        "purchased",
        "happened_at",
        ("contact.plan", "contact.company.industry"),
        ("happened_at",),
        ("amount",),
        {
            "contact.plan = paid": lambda r: r["contact.plan"] == "paid",
            "contact.plan is missing": lambda r: r["contact.plan"] is None,
            "amount > 98 EUR": lambda r: r["amount"] > 9800,
            "contact.visits > 1 or amount = 1 EUR": lambda r: (r["contact.visits"] or 0) > 1 or r["amount"] == 100,
        },
        Town.sold,
    ),
    Subject(
        "deal",
        "created_at",
        ("stage", "owner", "won"),
        ("created_at", "close_on"),
        ("amount",),
        {
            "won": lambda r: r["won"],
            "closed = false": lambda r: not r["closed"],
            "amount is known and close_on >= 2026-05-01": lambda r: (
                r["amount"] is not None and str(r["close_on"] or "") >= "2026-05-01"
            ),
            "any contact (plan = paid)": lambda r: "paid" in r["plans"],
            "count(contact) = 0": lambda r: not r["plans"],
        },
        Town.pipeline,
    ),
)


def random_report(random: Random, of: Subject) -> Asked:
    groups = [*of.by, *(f"{per}({name})" for per in oracle.PERIODS for name in of.times)]
    figures = ["count", *(f"{function}({name})" for function in oracle.FUNCTIONS for name in of.numbers)]
    by, measures = random.sample(groups, random.randrange(4)), random.sample(figures, random.randrange(1, 4))
    return Asked(
        random.choice((None, *of.where)),
        tuple(by),
        tuple(measures),
        random.choice((None, (random.choice(by + measures), random.random() < 0.5))),
        random.choice((None, random.randrange(1, 5))) if by else None,
        random.choice((None, (random.randrange(1, 500), random.choice(oracle.PERIODS)))),
    )


def text(asked: Asked, of: str, name: str) -> str:
    unit = " EUR" if "amount" in asked.measures[0] else ""
    told = text_of(replace(asked, target=None)).replace("report r of ticket {", f"report {name} of {of} {{")
    target = f"target: {asked.target[0]}{unit} per {asked.target[1]}\n" if asked.target else ""
    return told[:-1] + target + "}\n"


def among(random: Random, world: World, of: Subject, asked: Asked) -> tuple[Filters, Test]:
    """Filters that leave some rows, and the same in Python."""
    tests: list[Test] = []
    chosen = Filters()
    if random.random() < 0.3:
        chosen = replace(chosen, enrolled_by=("rep",))
        tests.append(lambda r: r["owner"] == "rep")
    if random.random() < 0.3:
        first, last = "2026-03-29", "2026-05-31"
        times = [by.split("(")[1][:-1] for by in asked.by if "(" in by]
        name = times[0] if times else of.at
        chosen = replace(chosen, since=world.micros(f"{first} 00:00"), until=world.micros("2026-06-01 00:00"))
        tests.append(lambda r: _within(r[name], first, last))
    if random.random() < 0.3 and of.of != "deal":
        chosen = replace(chosen, companies=(record_id("company", "c0"),))
        tests.append(lambda r: r["company"] == "c0")
    return chosen, lambda r: all(test(r) for test in tests)


def _within(value: object, first: str, last: str) -> bool:
    day = value if isinstance(value, str) or value is None else oracle.clock(int(str(value))).date().isoformat()
    return day is not None and first <= day <= last


def test_p14_reports_of_what_the_engine_left_are_what_plain_python_finds(worlds: MakeWorld, seeds: range) -> None:
    shown = 0
    for seed in seeds:
        random = Random(seed)
        town = Town(worlds, random)
        wanted = {f"r{n}": (of, random_report(random, of)) for n, of in enumerate(random.choices(SUBJECTS, k=12))}
        texts = {name: text(asked, of.of, name) for name, (of, asked) in wanted.items()}
        reports = Reports(town.world.engine.session, compiled(RULES + "".join(texts.values())))
        for name, (of, asked) in wanted.items():
            filters, kept = among(random, town.world, of, asked)
            result, held = reports.run(name, filters), of.where.get(asked.where or "", lambda r: True)
            rows = [row for row in of.rows(town) if held(row) and kept(row)]
            plain = replace(asked, where=None)
            found = [(row.keys, tuple(cell.value for cell in row.cells)) for row in result.rows]
            assert found == oracle.rows(plain, rows), (seed, texts[name], filters)
            progress = [(one.period, one.cell.value) for one in result.progress]
            assert progress == oracle.progress(plain, rows), (seed, texts[name], filters)
            shown += len(rows)
    assert shown > len(seeds)
