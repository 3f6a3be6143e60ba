"""Random submissions: by people known and not, in other letters, twice by one key, wrong, broken off, at one instant,
while people are renamed and deleted. Contacts, companies and what follows are as on paper (P13, X27)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from unicodedata import normalize

from runtime.errors import InvalidInput
from runtime.forms.submitting import submit
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.names import folded
from tests.runtime.engine.disturbed import Death, Killed, dying
from tests.runtime.engine.harness import SCHEMA as WHOLE
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.talks.conftest import REP, loaded

RULES = """
form demo "Demo" {
  ask email "E-mail": text -> contact.email required
  ask plan "Plan?" -> contact.plan
  ask visits "Visits?" -> contact.visits
  ask company "Company": text -> company.name
  ask budget "Budget": money -> company.budget
  ask industry "Trade": text -> company.industry
  ask founded "Since?" -> company.founded
  ask agrees "News?": bool
  when answers.agrees { ask topics "About what?": long_text required }
  on submit { if answers.plan = paid { task call "Ring about {{ answers.topics | default: 'all' }}" } }
}
"""
ADDRESSES = ("ann@x.example", "ANN@x.example", " ann@Ｘ.example ", "bob@x.example", "Bob@x.example", "cid@x.example")
COMPANIES = ("Acme", "ａｃｍｅ", "Beta", " beta ", "Gamma")
COMPANY = ("name", "budget", "industry", "founded")
SCHEMA = WHOLE.replace("budget: {type: money}", "budget: {type: money}, founded: {type: date}")
TABLES = ("talk", "answer", "audit", "inbox")
Values = dict[str, object]


@dataclass
class Contact:
    email: str
    values: Values = field(default_factory=dict)
    company: str | None = None
    tasks: Counter[str] = field(default_factory=Counter)


@dataclass
class Paper:
    """Contacts by their external id, companies by their folded name, who used a key and for what."""

    people: dict[str, Contact] = field(default_factory=dict)
    companies: dict[str, Values] = field(default_factory=dict)
    forms: Counter[int] = field(default_factory=Counter)
    keys: dict[str, tuple[str, Values]] = field(default_factory=dict)

    def sender(self, address: str) -> str:
        """Of several with one address the first by id."""
        there = [name for name, one in self.people.items() if folded(one.email) == folded(address)]
        return min(there, key=lambda name: record_id("contact", name)) if there else self._unused(address)

    def _unused(self, address: str) -> str:
        names = [folded(address), *(f"{folded(address)} {n}" for n in range(2, 9))]
        return next(name for name in names if name not in self.people)

    def submitted(self, said: Values) -> None:
        address = str(said["email"])
        name = self.sender(address)
        one = self.people.setdefault(name, Contact(address))
        one.values |= {key: said[key] for key in ("plan", "visits") if key in said}
        self._company(one, {key: said[key] for key in COMPANY if key in said})
        self.forms[record_id("contact", name)] += 1
        if said.get("plan") == "paid":
            one.tasks[f"Ring about {said.get('topics', 'all')}"] += 1

    def _company(self, one: Contact, said: Values) -> None:
        """Another one is tied and never renamed; one that is new is as it was said, of others what is empty is
        filled."""
        wanted = folded(str(said["name"])) if "name" in said else one.company
        if wanted is None:
            return
        one.company = wanted
        self.companies[wanted] = said | self.companies.get(wanted, {})


class Desk:
    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.paper, self.minute = random, Paper(), 0
        self.world = worlds(RULES, schema=SCHEMA)
        self.world.contact("a", at="03-02 00:00", email="Ann@X.example")
        self.world.company("Acme", "a", at="03-02 00:00", industry="tea")
        self.paper.people["a"] = Contact("Ann@X.example", {}, "acme")
        self.paper.companies["acme"] = {"name": "Acme", "industry": "tea"}
        self.right = self.refused = 0
        self.tick()

    def tick(self) -> None:
        self.minute += 1
        self.world.run_to(f"03-02 {self.minute // 60:02}:{self.minute % 60:02}")

    # --- acts -------------------------------------------------------------------------------------

    def send(self) -> None:
        """It is written whole, or refused, or broken off and nothing of it is there."""
        answers, said, session = *self.answers(), self.world.engine.session
        key = self.random.choice((None, "k1", "k2", "k3", f"k{self.minute}"))
        used = self.paper.keys.get(key or "")
        wanted = said is not None and used in (None, (used and used[0], said))
        death = Death(self.random.randrange(1, 60), committed=False) if self.random.random() < 0.3 else None
        before = self.counts()
        try:
            with dying(session, death):
                done = submit(session, loaded(self.world), "demo", answers, REP, key)
        except (InvalidInput, Killed) as error:
            assert self.counts() == before
            assert isinstance(error, Killed) or not wanted, (error.message, answers)
            self.refused += 1
            return
        assert wanted and said is not None, answers
        assert done.again == (used is not None)
        if done.again:
            assert self.counts() == before
            return
        self.right += 1
        name = self.paper.sender(str(said["email"]))
        assert (done.contact_id, done.new_contact) == (record_id("contact", name), name not in self.known())
        self.paper.submitted(said)
        if key is not None:
            self.paper.keys[key] = name, said

    def answers(self) -> tuple[Values, Values | None]:
        """As they are typed, or given by a program; and what they are, None where they are wrong."""
        random = self.random
        address = random.choice(ADDRESSES)
        typed: Values = {"email": address}
        said: Values = {"email": normalize("NFKC", address).strip()}
        for name, of, values in (
            ("plan", "plan", (("paid", "paid"), (" Free", "free"))),
            ("visits", "visits", (("3", 3), (7, 7))),
            ("company", "name", tuple((c, c.strip()) for c in COMPANIES)),
            ("budget", "budget", (("1,250", 125000), (10, 1000), ("EUR 3", 300))),
            ("industry", "industry", (("tea", "tea"), ("rail", "rail"))),
            ("founded", "founded", (("2020-02-29", "2020-02-29"), ("3/1/21", "2021-03-01"))),
        ):
            if random.random() < 0.5:
                typed[name], said[of] = random.choice(values)
        if random.random() < 0.4:
            typed["agrees"] = said["agrees"] = random.random() < 0.7
            if typed["agrees"]:
                typed["topics"] = said["topics"] = random.choice(("tea", "rail"))
        if random.random() < 0.25:
            typed |= random.choice((
                {"email": "ann"}, {"email": ["a@x.example"]}, {"email": ""}, {"plan": "gold"}, {"visits": True},
                {"budget": "much"}, {"phone": "1"}, {"agrees": "yes", "topics": " "}, {"agrees": False, "topics": "x"},
                {"company": 7}, {"email": "a@x.example\nBcc: b@x.example"}, {"visits": {"n": 1}},
            ))  # fmt: skip
            return typed, None
        return typed, said

    def rename(self) -> None:
        """Somebody takes another address, maybe one that another contact has."""
        self.tick()
        name = self.random.choice(sorted(self.paper.people))
        email = self.random.choice(("ann@x.example", "bob@x.example", "new@x.example"))
        self.paper.people[name].email = email
        self.world.set(name, email=email)
        self.tick()

    def delete(self) -> None:
        self.tick()
        name = self.random.choice(sorted(self.paper.people))
        del self.paper.people[name]
        # Their words are gone: what comes by such a key again cannot be told from another form.
        self.paper.keys |= {key: ("", {}) for key, (who, _) in self.paper.keys.items() if who == name}
        self.world._put(inbox.delete_row("contact", record_id("contact", name), at=self.world.now + 1))
        self.tick()

    # --- what came of it --------------------------------------------------------------------------

    def counts(self) -> list[int]:
        return [self.world.sql(f"SELECT count(*) FROM segue_{name}")[0][0] for name in TABLES]

    def known(self) -> set[str]:
        """In the store, or to come with the next tick by another submission."""
        return {name for (name,) in self.world.sql("SELECT external_id FROM contact")}

    def agree(self) -> None:
        rows = self.world.sql(
            "SELECT p.external_id, p.email, p.plan, p.visits, c.name__n FROM contact p LEFT JOIN link_contact_company l"
            " ON l.bucket = p.bucket AND l.id = p.id LEFT JOIN company c ON c.bucket = l.to_bucket AND c.id = l.to_id"
        )
        assert {name: (folded(mail), plan, visits, tied) for name, mail, plan, visits, tied in rows} == {
            name: (folded(one.email), one.values.get("plan"), one.values.get("visits"), one.company)
            for name, one in self.paper.people.items()
        }
        companies = self.world.sql("SELECT name, budget, industry, founded FROM company")
        assert Counter((folded(name), *rest, day and str(day)) for name, *rest, day in companies) == Counter(
            (name, *(one.get(p) for p in COMPANY[1:])) for name, one in self.paper.companies.items()
        )
        tasks = self.world.sql("SELECT contact_id, title FROM segue_task")
        forms = self.world.sql("SELECT record_id FROM event_submitted_form")
        assert Counter(who for (who,) in forms) == self.paper.forms
        for name, one in self.paper.people.items():
            mine = record_id("contact", name)
            assert Counter(title for who, title in tasks if who == mine and title != "(deleted)") == one.tasks, name


def test_p13_x27_each_submission_is_taken_in_once_and_nobody_loses_by_it(worlds: MakeWorld, seeds: range) -> None:
    right = 0
    for seed in seeds:
        desk = Desk(worlds, Random(seed))
        for _ in range(25):
            match desk.random.choice(("send",) * 6 + ("rename", "delete", "tick", "tick")):
                case "send":
                    desk.send()
                case "rename" if desk.random.random() < 0.5 and desk.paper.people:
                    desk.rename()
                case "delete" if desk.random.random() < 0.4 and desk.paper.people:
                    desk.delete()
                case "tick":
                    desk.tick()
                    desk.agree()
        desk.tick()
        desk.agree()
        right += desk.right
    assert right > len(seeds)
