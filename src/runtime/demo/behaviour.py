"""What people do when mail comes, and without any: a model of behaviour that knows no engine.

It reads what was sent and which tasks were made, and answers with rows for the inbox, all dated in the future of the
clock. Every decision is a roll of the dice for that person and that mail, so the same seed gives the same figures
whatever else happens, and the model works for any rule set on the standard CRM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dsl.program.definitions import Program
from dsl.schema.model import Kind, TopicKind

from ..store.inbox import InboxRow, command_row, event_row
from ..store.names import folded, folded_column
from ..store.session import Session
from ..store.values import Storage
from ..times import zones
from .deals import Deals
from .dice import Dice
from .habits import Contact, Habits, Mail

HOUR = 60 * zones.MINUTE
DAY = 24 * HOUR
PAGES = ("/beans", "/machines", "/stories", "/prices", "/prices/offices")
GETS_UP, GOES_TO_BED = 7 * 60, 22 * 60  # minutes of the person's own day
Rows = Iterator[InboxRow]


class Behaviour:
    """`grid` (µs): acts happen at whole multiples of it, so that a virtual clock stops seldom."""

    def __init__(self, program: Program, seed: int, habits: Habits | None = None, grid: int = HOUR) -> None:
        self.program, self.dice, self.habits, self.grid = program, Dice(seed), habits or Habits(), grid
        self.zone = program.project.account.time_zone
        self.deals = Deals(program.schema, self.dice)
        self.now = 0

    def look(self, session: Session, since: int, until: int) -> list[InboxRow]:
        """What people will do after `until` because of what happened in (since, until], and of their own accord on
        each day that begins there. Gives rows for `inbox.put`."""
        self.now = until
        rows = [row for mail in self._mails(session, since, until) for row in self._mailed(mail)]
        rows += self._tasks(session, since, until)
        if until // DAY > since // DAY:
            rows += [row for person in self._people(session) for row in self._of_own_accord(person, until // DAY)]
        return [row._replace(received_at=row.at) for row in rows]

    # --- what there is to see -----------------------------------------------------------------

    def _mails(self, session: Session, since: int, until: int) -> Iterator[Mail]:
        found = session.run(
            "SELECT c.id, c.owner, c.time_zone, o.enrollment_id, o.ordinal, o.template, o.topic, o.sender, o.settled_at"
            " FROM segue_outbox o JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id"
            " WHERE o.state = 'sent' AND o.settled_at > :since AND o.settled_at <= :until"
            " ORDER BY o.settled_at, o.bucket, o.enrollment_id, o.ordinal",
            since=since,
            until=until,
        )
        for row in found:
            yield Mail(self._contact(*row[:3]), *row[3:])

    def _people(self, session: Session) -> Iterator[Contact]:
        for row in session.run("SELECT id, owner, time_zone FROM contact ORDER BY bucket, id"):
            yield self._contact(*row)

    def _contact(self, id_: int, owner: str | None, zone: str | None) -> Contact:
        return Contact(id_, owner, zones.resolve((zone,), self.zone))

    # --- mail ---------------------------------------------------------------------------------

    def _mailed(self, mail: Mail) -> Rows:
        """All that one person does about one mail."""
        me, roll = mail.contact, self._roller(mail)
        if self.dice.roll("dead", me.id) < self.habits.dead_address:
            yield from self._of_mail(mail, "bounced", {"kind": "hard"}, mail.at + HOUR)
            return
        if roll("full") < self.habits.mailbox_full:
            yield from self._of_mail(mail, "bounced", {"kind": "soft"}, mail.at + HOUR)
            return
        if roll("machine") < self.habits.machine_opens:
            yield from self._of_mail(mail, "opened_email", {"template": mail.template}, mail.at, "machine")
        yield from self._written_back(mail, roll)
        if roll("opens") < self._chance(self.habits.opens, me):
            yield from self._opened(mail, roll)

    def _opened(self, mail: Mail, roll: Callable[..., float]) -> Rows:
        me, at = mail.contact, mail.at + int(roll("read") ** 2 * 40 * HOUR)
        yield from self._of_mail(mail, "opened_email", {"template": mail.template}, at, "human")
        if roll("leaves") < self.habits.unsubscribes:
            yield from self._of_mail(mail, "unsubscribed", {"topic": mail.topic}, at + HOUR)
        elif roll("complains") < self.habits.complains:
            yield from self._of_mail(mail, "marked_spam", {}, at + HOUR)
        elif roll("clicks") < self._chance(self.habits.clicks, me):
            yield from self._clicked(mail, roll, at)

    def _clicked(self, mail: Mail, roll: Callable[..., float], at: int) -> Rows:
        template = self.program.templates.get(mail.template)
        if template is None or not template.links:
            return
        url, tags = template.links[int(roll("link") * len(template.links))]
        values: dict[str, Storage] = {"template": mail.template, "link_url": url}
        values |= {f"link_{name}": value for name, value in tags}
        yield from self._of_mail(mail, "clicked_email", values, at, "human")
        if roll("curious") < 0.5:
            yield from self._act(mail.contact, "viewed_page", {"path": "/prices"}, at + HOUR, "after", *mail[1:3])
        if roll("buys") < self.habits.buys_after_click:
            yield from self._buys(mail.contact, at + 2 * HOUR, "after", *mail[1:3])

    def _written_back(self, mail: Mail, roll: Callable[..., float]) -> Rows:
        topic = self.program.schema.topics.get(mail.topic)
        if topic is None or topic.kind is not TopicKind.ONE_TO_ONE:
            return
        if roll("replies") < self._chance(self.habits.replies, mail.contact):
            at = mail.at + int((2 + roll("writes") * 44) * HOUR)
            yield from self._of_mail(mail, "replied", {}, at)
            if roll("meets") < self.habits.meets_after_reply:
                yield from self._meets(mail.contact, mail.sender, at + DAY)

    def _roller(self, mail: Mail) -> Callable[..., float]:
        """Dice for one mail: named by the person and the mail's template, so that no other mail shifts them."""
        return lambda word: self.dice.roll(word, mail.contact.id, mail.template, mail.ordinal)

    # --- reps ---------------------------------------------------------------------------------

    def _tasks(self, session: Session, since: int, until: int) -> Rows:
        found = session.run(
            "SELECT c.id, c.owner, c.time_zone, k.enrollment_id, k.ordinal, k.kind, k.assignee, k.created_at"
            " FROM segue_task k JOIN contact c ON c.bucket = k.bucket AND c.id = k.contact_id"
            " WHERE k.created_at > :since AND k.created_at <= :until"
            " ORDER BY k.created_at, k.bucket, k.enrollment_id, k.ordinal",
            since=since,
            until=until,
        )
        for row in found:
            yield from self._task(self._contact(*row[:3]), *row[3:])

    def _task(self, about: Contact, enrollment: int, ordinal: int, kind: str, assignee: str | None, at: int) -> Rows:
        """Reps do most tasks within three days, skip some and leave a few."""
        fate = self.dice.roll("task", about.id, kind, ordinal)
        state = "done" if fate < self.habits.task_done else "skipped"
        if assignee is None or fate >= self.habits.task_done + self.habits.task_skipped:
            return
        done = self._worked(at + self.dice.between(1, 60, "does", about.id, kind, ordinal) * HOUR, about)
        yield command_row(
            "task", "contact", about.id, None, at=done, enrollment=enrollment, ordinal=ordinal, state=state
        )
        if kind == "call" and state == "done":
            yield from self._act(about, "was_called", {}, done, enrollment, ordinal)
            if self.dice.roll("meets", about.id, kind, ordinal) < self.habits.meets_after_call:
                yield from self._meets(about, assignee, done + HOUR)

    def _meets(self, person: Contact, host: str | None, at: int) -> Rows:
        """A meeting is booked, and a deal may come of it."""
        host = host or person.owner
        if host is None:
            return
        at = self._at(at, person)
        yield from self._act(person, "booked_meeting", {"host": host}, at)
        rows = list(self.deals.begun(person.id, person.owner or host, at + DAY))
        yield from rows
        if rows and self.deals.won(person.id):
            yield from self._buys(person, max(row.at for row in rows) + DAY, "first")

    # --- of their own accord ------------------------------------------------------------------

    def _of_own_accord(self, person: Contact, day: int) -> Rows:
        """What one person does on one day without being asked."""
        u = self.dice.roll("day", person.id, day)
        at = day * DAY + int(self.dice.roll("hour", person.id, day) * DAY) if u < 0.2 else 0
        if u < self.habits.leaves_cart:
            yield from self._leaves_cart(person, at, day)
        elif u < self.habits.leaves_cart + self.habits.shops:
            if self.dice.roll("regular", person.id) < self.habits.regular:
                yield from self._buys(person, at, day)
        elif u - self.habits.leaves_cart - self.habits.shops < self._chance(self.habits.looks_around, person):
            page = self.dice.pick(PAGES, "page", person.id, day)
            yield from self._act(person, "viewed_page", {"path": page}, at, day)

    def _leaves_cart(self, person: Contact, at: int, day: int) -> Rows:
        total = self.dice.between(8, 260, "cart", person.id, day) * 100
        yield from self._act(person, "abandoned_cart", {"total": total}, at, day)
        if self.dice.roll("comes back", person.id, day) < 0.3:
            later = self._at(at, person) + self.dice.between(1, 30, "back", person.id, day) * HOUR
            yield from self._buys(person, later, "back", day)

    def _buys(self, person: Contact, at: int, *why: object) -> Rows:
        amount = self.dice.between(9, 140, "spends", person.id, *why) * 100
        yield from self._act(person, "purchased", {"product": "beans", "amount": amount}, at, *why)

    # --- rows ---------------------------------------------------------------------------------

    def _chance(self, of: tuple[float, float], person: Contact) -> float:
        return of[0] + of[1] * self.dice.roll("interest", person.id)

    def _at(self, t: int, person: Contact) -> int:
        """After now, while the person is awake, on the grid."""
        t = max(t, self.now + 1)
        minute = zones.minute_of_day(t, person.zone)
        if not GETS_UP <= minute < GOES_TO_BED:
            t += ((GETS_UP - minute) % (24 * 60)) * zones.MINUTE
        return -(-t // self.grid) * self.grid

    def _worked(self, t: int, person: Contact) -> int:
        """The same, on a working day of the person: nobody is called at the weekend."""
        t = self._at(t, person)
        weekend = zones.weekday(zones.local_day(t, person.zone)) - 4
        return self._at(t + (3 - weekend) * DAY, person) if weekend > 0 else t

    def _of_mail(self, mail: Mail, kind: str, values: dict[str, Storage], at: int, class_: str | None = None) -> Rows:
        """An event about a mail carries the step that sent it."""
        at = self._at(at, mail.contact) if class_ != "machine" else -(-(self.now + 1) // self.grid) * self.grid
        mark: dict[str, Storage] = {"enrollment": mail.enrollment, "ordinal": mail.ordinal}
        source = f"{kind} {class_} {mail.contact.id} {mail.enrollment}/{mail.ordinal}"
        if kind in self.program.schema.events:
            yield event_row(kind, mail.contact.id, source, self._known(kind, values) | mark, at=at, class_=class_)

    def _act(self, person: Contact, kind: str, values: dict[str, Storage], at: int, *why: object) -> Rows:
        at = self._at(at, person)
        source = f"{kind} {person.id} {at} {why}"
        if kind in self.program.schema.events:
            yield event_row(kind, person.id, source, self._known(kind, values), at=at)

    def _known(self, kind: str, values: dict[str, Storage]) -> dict[str, Storage]:
        """The fields that the schema has, texts twice (X31)."""
        fields = self.program.schema.events[kind].fields
        found = {name: value for name, value in values.items() if name in fields}
        texts = {n: v for n, v in found.items() if isinstance(v, str) and fields[n].type.kind is Kind.TEXT}
        return found | {folded_column(name): folded(text) for name, text in texts.items()}
