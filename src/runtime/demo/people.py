"""Who is in the demo's store: companies and people of three languages, some there from the start, some who join later.

Names are mimesis', seeded. Everything goes through the inbox with the instant at which it holds (X2): what lies before
`start` is the past and starts nothing, what lies ahead waits there until the clock reaches it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.schema.model import Project, Schema

from ..store.ids import record_id
from ..store.inbox import InboxRow, Values, consent_row, event_row, link_row, put, record_row
from ..store.names import folded
from ..store.store import Store
from ..store.values import Storage
from ..times import zones
from .dice import Dice
from .names import Names
from .tickets import Tickets

START = zones.parse_local("2026-03-02T06:00", "Europe/Warsaw")  # a Monday
HOUR = 60 * zones.MINUTE
DAY = 24 * HOUR
_SHARES = {"en": 0.4, "pl": 0.33, "ja": 0.27}
_ZONES = {"en": ("Europe/London", "Europe/Dublin", "America/New_York"), "pl": ("Europe/Warsaw",), "ja": ("Asia/Tokyo",)}
_COUNTRIES = {"Europe/London": "GB", "Europe/Dublin": "IE", "America/New_York": "US", "Asia/Tokyo": "JP"}
_OWNERS = {"en": ("grace", "marek"), "pl": ("zofia", "marek"), "ja": ("kenji", "yui")}
_INDUSTRIES = ("software", "finance", "retail", "education", "health")
_STAGES = ("subscriber", "lead", "mql", "sql", "customer")


@dataclass(frozen=True, slots=True)
class Person:
    """What of a person other facts hang on. `id` is that of the contact."""

    number: int
    external_id: str
    id: int
    language: str
    joins: int  # µs


def fill(
    store: Store, project: Project, schema: Schema, seed: int, contacts: int = 5000, start: int = START, days: int = 60
) -> None:
    """Put everybody and their facts up to the end of the demo into the inbox, in one transaction."""
    crowd = Crowd(project, schema, seed, start, days)
    with store.session() as session, session.transaction():
        put(session, crowd.companies(contacts))
        put(session, (row for n in range(contacts) for row in crowd.person(n, contacts)))


class Crowd:
    """Makes rows. Everything but the names follows from `seed` and a person's number alone."""

    def __init__(self, project: Project, schema: Schema, seed: int, start: int, days: int) -> None:
        self.dice, self.names = Dice(seed), Names(seed)
        self.tickets = Tickets(schema, self.dice)
        self.start, self.days = start, days
        self.users = set(project.users)

    def companies(self, contacts: int) -> Iterator[InboxRow]:
        """About one company for four people, each of one language."""
        for n in range(contacts // 4):
            language = self._language(n)
            values: dict[str, Storage] = {"name": self.names.company(language), "domain": f"office{n}.example"}
            values["industry"] = self.dice.pick(_INDUSTRIES, "industry", n)
            yield self._record("company", f"office{n}", values, self.start - 500 * DAY)

    def _language(self, company: int) -> str:
        return self.dice.weighted(tuple(_SHARES), tuple(_SHARES.values()), "language", company)

    def person(self, n: int, contacts: int) -> Iterator[InboxRow]:
        """One person, their company, their consents, their purchases so far and their tasting."""
        company = self.dice.between(0, max(contacts // 4, 1) - 1, "company", n)
        external_id = f"person{n}"
        language = self._language(company)
        person = Person(n, external_id, record_id("contact", external_id), language, self._joins(n))
        yield self._record("contact", external_id, self._properties(person, company), person.joins)
        if self.dice.roll("alone", n) >= 0.06:
            to = record_id("company", f"office{company}")
            yield self._stamped(link_row("contact", person.id, "company", to, at=person.joins))
        yield from self._consents(person)
        yield from self._purchases(person)
        yield from self._tasting(person)
        yield from self._ticket(person)

    def _joins(self, n: int) -> int:
        """Three of four are there from the start; the others come in by and by, during working hours."""
        if self.dice.roll("newcomer", n) < 0.25:
            day = self.dice.between(0, self.days - 1, "joins", n)
            return self.start + day * DAY + self.dice.between(1, 12, "joins at", n) * HOUR
        ago = self.dice.between(1, 400, "joined", n) * DAY + self.dice.between(0, 9, "joined at", n) * HOUR
        return self.start - ago

    def _properties(self, person: Person, company: int) -> dict[str, Storage]:
        n, dice = person.number, self.dice
        first, last = self.names.person(person.language)
        if person.language == "ja" and dice.roll("sama", n) < 0.02:
            last += "様"  # typed in as people are written to
        values: dict[str, Storage] = {"last_name": last, "language": person.language}
        if dice.roll("first name", n) < 0.93:
            values["first_name"] = first
        if dice.roll("address", n) < 0.96:
            values["email"] = self._address(n, last, company)
        zone = dice.pick(_ZONES[person.language], "zone", n)
        if dice.roll("has zone", n) < 0.9:  # a few zones are wrong: they must not stop anybody
            values["time_zone"] = zone if dice.roll("bad zone", n) > 0.004 else "Mars/Olympus"
            values["country"] = _COUNTRIES.get(zone, "PL")
        if (owner := self._owner(person)) is not None:
            values["owner"] = owner
        if dice.roll("cups", n) < 0.6:
            values["cups_a_day"] = dice.between(1, 24, "cups a day", n) * 5
        stage = dice.weighted(_STAGES, (5, 4, 2, 1, 2), "stage", n)
        return values | {"lifecycle_stage": stage, "plan": "subscription" if stage == "customer" else "none"}

    def _address(self, n: int, last: str, company: int) -> str:
        """One in thirty shares it with the next one in the list: for exclusive sequences they are one person (X7)."""
        for first in (n, n - 1):
            if self.dice.roll("twice", first) < 0.03:
                return f"pair.{first}@lantern-guests.example"
        plain = unicodedata.normalize("NFKD", last.replace("ł", "l").replace("Ł", "L"))
        word = "".join(c for c in plain.lower() if "a" <= c <= "z") or "person"
        return f"{word}.{n}@office{company}.example"

    def _consents(self, person: Person) -> Iterator[InboxRow]:
        """Who is new and wants the letter signs up for it a little later, which is an event; the others have before."""
        n = person.number
        if self.dice.roll("letter", n) < 0.7:
            if person.joins > self.start:
                at = person.joins + HOUR
                values = self._values({"topic": "newsletter"})
                yield self._stamped(event_row("subscribed", person.id, f"demo letter {n}", values, at=at))
            else:
                yield self._consent(person, "newsletter", "opted_in", "signed up on the site")
        if self.dice.roll("shop", n) < 0.62:
            yield self._consent(person, "shop", "opted_in", "ticked the box at the till")
        elif self.dice.roll("no shop", n) < 0.1:
            yield self._consent(person, "shop", "opted_out", "asked not to be reminded")

    def _consent(self, person: Person, topic: str, state: str, words: str) -> InboxRow:
        row = consent_row(person.id, topic, state, at=person.joins, basis="consent", source="demo", words=words)
        return self._stamped(row)

    def _purchases(self, person: Person) -> Iterator[InboxRow]:
        """What customers bought before the demo begins."""
        n = person.number
        if person.joins >= self.start or self.dice.roll("bought before", n) >= 0.15:
            return
        for i in range(self.dice.between(1, 4, "purchases", n)):
            at = self.start - self.dice.between(1, 120, "bought", n, i) * DAY
            if at > person.joins:
                values = self._values({"product": "beans", "amount": self.dice.between(12, 90, "spent", n, i) * 100})
                yield self._stamped(event_row("purchased", person.id, f"demo past {n} {i}", values, at=at))

    def _tasting(self, person: Person) -> Iterator[InboxRow]:
        """A third of those who are no customers begin a tasting some time during the demo."""
        n = person.number
        customer = self.dice.weighted(_STAGES, (5, 4, 2, 1, 2), "stage", n) == "customer"
        if customer or self.dice.roll("tastes", n) >= 0.36:
            return
        first = max(self.start, person.joins) // DAY - self.start // DAY
        day = self.dice.between(first, max(self.days - 4, first), "tasting", n) + 1
        at = self.start + day * DAY + self.dice.between(1, 9, "tasting at", n) * HOUR
        values: dict[str, Storage] = {"plan": "tasting", "tasting_began_on": zones.iso_date(at // DAY)}
        yield self._record("contact", person.external_id, values, at)

    def _ticket(self, person: Person) -> Iterator[InboxRow]:
        first = max(self.start - 30 * DAY, person.joins)
        days = (self.start - first) // DAY + self.days
        for row in self.tickets.of(person.number, person.id, self._owner(person), first, days):
            yield self._stamped(row)

    def _owner(self, person: Person) -> str | None:
        owner = self.dice.pick(_OWNERS[person.language], "owner", person.number)
        return owner if owner in self.users and self.dice.roll("has owner", person.number) < 0.97 else None

    def _record(self, object_name: str, external_id: str, values: dict[str, Storage], at: int) -> InboxRow:
        return self._stamped(record_row(object_name, external_id, self._values(values), at=at))

    def _values(self, values: Values) -> dict[str, Storage]:
        texts = {f"{k}__n": folded(v) for k, v in values.items() if isinstance(v, str) and k not in _CHOSEN}
        return {**values, **texts}

    def _stamped(self, row: InboxRow) -> InboxRow:
        """Everything reached us when it happened; what did before the demo starts nothing (X2)."""
        return row._replace(received_at=row.at, live=row.at > self.start)


_CHOSEN = frozenset(("plan", "lifecycle_stage", "owner", "tasting_began_on"))  # no text: kept once
