"""Stores filled at random for the tests of figures. What was put in stays here as plain rows, for the oracle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from sqlalchemy import MetaData

from dsl.program import blocks
from dsl.program.blocks import Graph, Text
from dsl.program.codec import encode
from dsl.program.conditions import Duration, Unit
from dsl.program.definitions import Pinned
from dsl.schema import standard_schema
from dsl.schema.model import Pipeline, Schema, Stage
from runtime.store import seen
from runtime.store.ids import bucket_of
from runtime.store.objects import crm_metadata
from runtime.store.session import Session
from runtime.store.tables import metadata as engine_tables

DAY = 86_400_000_000
START = 1_740_787_200_000_000  # 2025-03-01
NOW = START + 100 * DAY
STATUSES = ("pending", "active", "waiting_task", "paused", "errored", "finished", "unenrolled")
REASONS = ("reply", "meeting", "bounce", "unsubscribed", "manual", "goal")
Row = dict[str, Any]


def schema() -> Schema:
    """The standard CRM, its deals in two pipelines: `done` is won in one and open in the other."""
    won, lost = Stage("won", "", closed=True, won=True), Stage("lost", "", closed=True)
    stages = {
        "sales": (Stage("open", ""), Stage("done", ""), won, lost),
        "renewal": (Stage("open", ""), Stage("done", "", closed=True, won=True), won, lost),
    }
    pipelines = {("deal", name): Pipeline("deal", name, "", of) for name, of in stages.items()}
    return replace(standard_schema(), pipelines=pipelines)


THREE_DAYS = Duration(3, Unit.BUSINESS_DAYS)
PLAIN = Pinned(
    "sequence",
    "contact",
    Graph(
        (
            blocks.Send("intro", 1),
            blocks.Wait(THREE_DAYS, 2),
            blocks.Send("intro", 3),
            blocks.Task("call", Text(("Call them",)), 4),
            blocks.Finish(),
        )
    ),
)
OLD_PLAIN = Pinned("sequence", "contact", Graph((blocks.Send("intro", 1), blocks.Send("gone", 2), blocks.Finish())))
DYNAMIC = Pinned(
    "sequence",
    "contact",
    Graph(
        (
            blocks.Send("warm", 1),
            blocks.Wait(THREE_DAYS, 2),
            blocks.Send("warmer", 3),
            blocks.Finish(),
            blocks.Send("call_me", 5, as_task=True),
            blocks.Finish(),
        ),
        rep_led=4,
    ),
)


@dataclass
class World:
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **row: Any) -> Row:
        self.rows[table].append(row)
        return row

    def write(self, session: Session) -> None:
        everything = MetaData()
        for source in (engine_tables, crm_metadata(standard_schema())):
            for table in source.sorted_tables:
                table.to_metadata(everything)
        with session.transaction():
            for name, rows in self.rows.items():
                for row in rows:
                    session.connection.execute(everything.tables[name].insert().values(row))
            seen.keep(session)


def definitions(world: World) -> None:
    for id_, name, versions in (
        (1, "outbound", (OLD_PLAIN, PLAIN)),
        (2, "warm_up", (DYNAMIC,)),
        (3, "quiet", (PLAIN,)),
    ):
        common = {"kind": "sequence", "label": name.title(), "activated_at": START, "program": "{}"}
        world.add("segue_definition", id=id_, name=name, **common)
        for nr, pinned in enumerate(versions):
            version = {"hash": f"h{id_}{nr}", "program": encode(pinned), "first_seen_at": START + nr}
            world.add("segue_version", id=id_ * 10 + nr, definition_id=id_, **version)
    world.add("segue_meta", key="clock", value=str(NOW))


def random_world(seed: int, people: int = 14, enrollments: int = 40) -> World:
    """Everything may coincide: instants fall on whole days, so that edges are met often."""
    random, world = Random(seed), World()
    definitions(world)
    contacts = [random.getrandbits(62) + 1 for _ in range(people)]
    for i, id_ in enumerate(contacts):
        _contact(random, world, i, id_)
    nrs: dict[tuple[int, int], int] = defaultdict(int)
    for _ in range(enrollments):
        contact, definition = random.choice(contacts), random.choice((1, 1, 2))
        nrs[contact, definition] += 1
        _enrollment(random, world, contact, definition, nrs[contact, definition], contacts)
    for contact in contacts:
        for _ in range(random.randrange(3)):
            _event(world, "booked_meeting", contact, _day(random), host="amy")
        if random.random() < 0.3:
            _event(world, "bounced", contact, _day(random), kind=random.choice(("hard", "soft")))
    for number in range(people):
        _deal(random, world, contacts, number)
    return world


def _deal(random: Random, world: World, contacts: list[int], number: int) -> None:
    """One to three contacts each; some of the contacts were deleted since, then a tombstone tells. `schema()` has two
    pipelines that share the names of stages."""
    deal, created = random.getrandbits(62) + 1, _day(random)
    where = {"bucket": bucket_of(deal), "id": deal}
    held = {"pipeline": random.choice(("sales", "renewal")), "stage": random.choice(("open", "won", "lost"))}
    turns = {(created + random.randrange(1, 40) * DAY, random.choice(("pipeline", "stage", "stage"))) for _ in "abc"}
    for at, name in sorted(turns):
        old = held[name]
        held[name] = random.choice(("sales", "renewal") if name == "pipeline" else ("open", "won", "lost", "done"))
        if old != held[name]:
            change = {"object": "deal", "property": name, "at": at, "seq": 0, "old": old, "new": held[name]}
            world.add("segue_property_history", **where, **change)
    amount = random.choice((None, 100, 1001, 99_999))
    world.add("deal", **where, external_id=f"d{number}", created_at=created, amount=amount, **held)
    for contact in random.sample(contacts, random.randrange(1, 4)):
        link = {"bucket": bucket_of(contact), "id": contact, "to_bucket": bucket_of(deal), "to_id": deal, "at": created}
        if random.random() < 0.2:
            world.add("segue_tombstone", name="deal", **link)
        else:
            world.add("link_contact_deal", **link)


def _contact(random: Random, world: World, i: int, id_: int) -> None:
    where = {"bucket": bucket_of(id_), "id": id_}
    names = random.choice(({"first_name": "Ann", "last_name": f"B{i}"}, {"email": f"c{i}@example.com"}, {}))
    if random.random() < 0.9:  # the others were deleted; their figures stay (M24)
        world.add("contact", **where, external_id=f"c{i}", created_at=START, **names)
    if random.random() < 0.7:
        company = random.choice((501, 502))
        world.add("link_contact_company", **where, to_bucket=bucket_of(company), to_id=company, at=START)
        back = {"to_bucket": bucket_of(id_), "to_id": id_}
        world.add("link_company_contact", bucket=bucket_of(company), id=company, **back, at=START)


def _day(random: Random) -> int:
    return START + random.randrange(101) * DAY


def _event(world: World, kind: str, contact: int, at: int, /, **fields: Any) -> None:
    """What lies ahead of the clock waits in the inbox: it is no event yet (X2)."""
    name = f"event_{kind}"
    if at > NOW:
        return
    world.add(name, bucket=bucket_of(contact), record_id=contact, at=at, id=len(world.rows[name]) + 1, **fields)


def _enrollment(random: Random, world: World, contact: int, definition: int, nr: int, people: list[int]) -> None:
    at = START + random.randrange(60) * DAY
    status = random.choice(STATUSES)
    over = status in ("errored", "finished", "unenrolled")
    reason = {
        "errored": "never_open",
        "finished": random.choice(("no_reply", "no_engagement")),
        "unenrolled": random.choice(REASONS),
    }.get(status)
    engaged = definition == 2 and random.random() < 0.6
    row = world.add(
        "segue_enrollment",
        bucket=bucket_of(contact),
        id=random.getrandbits(62) + 1,
        contact_id=contact,
        nr=nr,
        definition_id=definition,
        version_id=definition * 10 + (random.randrange(2) if definition == 1 else 0),
        status=status,
        reason=reason,
        block=random.randrange(3),
        ordinal=9,
        enrolled_at=at,
        entered_at=at,
        enrolled_by=random.choice(("amy", "bob")),
        by_hand=False,
        zone="UTC",
        person_zone="UTC",
        ended_at=at + random.randrange(12) * DAY if over else None,
        engaged_at=at + DAY if engaged else None,
        last_step="send intro",
    )
    _steps(random, world, row, engaged)
    _mail(random, world, row, people)


def _steps(random: Random, world: World, row: Row, engaged: bool) -> None:
    key = {"bucket": row["bucket"], "enrollment_id": row["id"]}
    at = row["enrolled_at"]
    for block in range(random.randrange(4)):
        outcome = random.choice(("done", "sent", "planned", "skipped", "refused", "cancelled"))
        what = random.choice(("send", "wait"))
        world.add("segue_step", **key, ordinal=block, at=at + block * DAY, block=block, what=what, outcome=outcome)
    if engaged:
        world.add("segue_step", **key, ordinal=20, at=at + DAY, what="switch", outcome="done")
        if random.random() < 0.7:
            outcome = random.choice(("done", "sent", "skipped"))
            what = random.choice(("task", "wait"))
            world.add("segue_step", **key, ordinal=21, at=at + 2 * DAY, block=4, what=what, outcome=outcome)


def _mail(random: Random, world: World, row: Row, people: list[int]) -> None:
    """Some of the mails go to somebody else (X20)."""
    key = {"bucket": row["bucket"], "enrollment_id": row["id"]}
    common = {"contact_id": row["contact_id"], "definition_id": row["definition_id"]}
    for ordinal in range(1, random.randrange(1, 5)):
        at = row["enrolled_at"] + random.randrange(3) * DAY * ordinal
        template = random.choice(("intro", "warm"))
        if random.random() < 0.8:
            state = random.choice(("sent", "sent", "sent", "unknown", "planned", "refused"))
            mail = {"kind": "email", "template": template, "topic": "sales", "due": at, "state": state}
            settled = at if state in ("sent", "unknown", "refused") else None
            automated = row["definition_id"] == 2 and random.random() < 0.7
            other = random.choice(people) if not automated and random.random() < 0.4 else row["contact_id"]
            whose = {**common, "contact_id": other, "automated": automated, "settled_at": settled}
            world.add("segue_outbox", **key, ordinal=ordinal, **whose, **mail)
            _answers(random, world, other, row["id"], ordinal, at)
        else:
            done = random.random() < 0.6
            task = {"kind": random.choice(("email", "email", "call")), "title": "Write", "template": template}
            state = {"state": "done" if done else "open", "done_at": at if done else None}
            world.add(
                "segue_task",
                **key,
                ordinal=ordinal,
                **common,
                **task,
                **state,
                created_at=at,
                waits=True,
                block=ordinal,
            )
            _answers(random, world, row["contact_id"], row["id"], ordinal, at)


def _answers(random: Random, world: World, contact: int, enrollment: int, ordinal: int, at: int) -> None:
    mine = {"enrollment_id": enrollment, "ordinal": ordinal}

    def later() -> int:
        return at + random.randrange(60) * DAY

    for kind, chance in (("opened_email", 0.6), ("clicked_email", 0.4)):
        for _ in range(3):
            if random.random() < chance:
                class_ = random.choice(("human", "human", "unknown", "machine", None))
                url = {"link_url": "https://example.com"} if kind == "clicked_email" else {}
                _event(world, kind, contact, later(), **mine, **{"class": class_}, **url)
    for kind, chance in (("replied", 0.15), ("unsubscribed", 0.1), ("bounced", 0.1)):
        if random.random() < chance:
            more = {"kind": "hard"} if kind == "bounced" else {}
            _event(world, kind, contact, later(), **(mine if random.random() < 0.8 else {}), **more)
