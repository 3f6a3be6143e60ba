"""Fills a store in bulk with invented contacts and enrollments, for benchmarks and pictures: no engine runs.

    python benchmarks/make_store.py sqlite:///big.db --contacts 100000

The same arguments give the same store. Facts are plausible, not simulated: use `segue demo` for a true run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from random import Random

from dsl.program import blocks
from dsl.program.blocks import Graph, Text
from dsl.program.codec import encode
from dsl.program.conditions import Const, Duration, EventMatch, Unit
from dsl.program.definitions import Pinned
from dsl.schema import standard_schema
from dsl.schema.model import Kind, Type
from runtime.store import seen
from runtime.store.copying import copy_lines
from runtime.store.ids import bucket_of, record_id, stable_hash
from runtime.store.names import folded
from runtime.store.session import Session
from runtime.store.store import Store

DAY = 86_400_000_000
NOW = 1_772_452_800_000_000  # 2026-03-02 12:00 UTC
FIRST = ("Anna", "Zofia", "Grace", "Wojciech", "Liam", "Małgorzata", "Oliver", "陽菜", "蓮", "さくら", "Ewa", "Noah")
LAST = ("Kowalska", "Nowak", "Hughes", "Wójcik", "Baker", "Zielińska", "Clark", "佐藤", "髙橋", "田中", "Lis", "Reid")
COMPANIES = (
    "Acme Rail",
    "Bluebird Foods",
    "株式会社ひかり",
    "Kraków Glass",
    "Northwind Tools",
    "山本製作所",
    "Delta Optics",
)
_Rows = list[Mapping[str, object]]


def _days(n: int) -> Duration:
    return Duration(n, Unit.BUSINESS_DAYS)


def _mails(names: tuple[str, ...], call: str) -> Graph:
    """A mail, three business days, the next mail, ..; at last a call."""
    found: list[blocks.Block] = []
    for name in names:
        found += [blocks.Send(name, len(found) + 1), blocks.Wait(_days(3), len(found) + 2)]
    return Graph((*found, blocks.Task("call", Text((call,)), len(found) + 1), blocks.Finish()))


_WARM = Graph(
    (
        blocks.Send("pricing_news", 1),
        blocks.Wait(_days(3), 2),
        blocks.Send("customer_story", 3),
        blocks.Finish(),
        blocks.Task("call", Text(("Call while they are warm",)), 5),
        blocks.WaitEvent((EventMatch("replied"),), _days(5), 6, 7),
        blocks.Notify(blocks.UserRef(Const("amy", Type(Kind.USER))), Text(("They wrote back",)), 7),
        blocks.Finish(),
    ),
    rep_led=4,
)
SEQUENCES: tuple[tuple[str, str, Graph], ...] = (
    ("trial_follow_up", "Trial follow-up", _mails(("welcome", "three_tips", "last_chance"), "Ask how the trial went")),
    ("pricing_interest", "Pricing interest", _WARM),
    ("win_back", "Win back dormant customers", _mails(("we_miss_you", "whats_new"), "Offer a review")),
    ("event_invitation", "Event invitation", _mails(("invitation",), "Invite by phone")),
)
SEGMENTS = (
    ("warm_leads", "Warm leads", 0.22),
    ("customers", "Customers", 0.31),
    ("dormant", "Dormant for 60 days", 0.12),
    ("press_list", "Press list", 0.01),
)
_ENDS = (("finished", "no_reply", 46), ("unenrolled", "reply", 16), ("unenrolled", "meeting", 7),
         ("unenrolled", "bounce", 3), ("unenrolled", "unsubscribed", 3), ("unenrolled", "manual", 2))  # fmt: skip
_GOING = (("active", None, 70), ("waiting_task", None, 18), ("paused", "manual", 5), ("pending", "exclusive", 3),
          ("errored", "never_open", 1))  # fmt: skip

_EVERY = [(s, r) for s, r, _ in _ENDS[:2] + _GOING]


def fill(session: Session, contacts: int, seed: int = 1) -> None:
    """Write it in one transaction; some eight rows per contact."""
    with session.transaction():
        catalogue(session)
        random = Random(seed)
        write_each(session, (row for i in range(contacts) for row in person(random, i)))
        seen.keep(session)


def write_each(session: Session, rows: Iterable[tuple[str, Mapping[str, object]]]) -> None:
    """Rows of any tables, some tens of thousands at a time."""
    left = iter(rows)
    while some := list(islice(left, 40_000)):
        by_table: dict[str, _Rows] = {}
        for table, row in some:
            by_table.setdefault(table, []).append(row)
        _write(session, by_table)


def _write(session: Session, rows: Mapping[str, _Rows]) -> None:
    for table, of_table in rows.items():
        for shape in {tuple(row) for row in of_table}:
            columns = list(zip(*(row.values() for row in of_table if tuple(row) == shape), strict=True))
            of_copy = session.dialect == "postgresql"
            session.load(table, shape, "".join(copy_lines(columns)).encode() if of_copy else columns)


def catalogue(session: Session) -> None:
    rows: dict[str, _Rows] = {"segue_meta": [{"key": "clock", "value": str(NOW)}]}
    for i, (name, label, graph) in enumerate(SEQUENCES, 1):
        known = {
            "id": i,
            "kind": "sequence",
            "name": name,
            "label": label,
            "activated_at": NOW - 90 * DAY,
            "program": "{}",
        }
        version = {"id": i, "definition_id": i, "hash": name, "first_seen_at": NOW - 90 * DAY}
        rows.setdefault("segue_definition", []).append(known)
        rows.setdefault("segue_version", []).append(
            {**version, "program": encode(Pinned("sequence", "contact", graph))}
        )
    for i, (name, label, _) in enumerate(SEGMENTS, 1):
        kind = "static" if name == "press_list" else "segment"
        segment = {"id": i, "kind": kind, "name": name, "label": label, "object": "contact", "hash": name}
        rows.setdefault("segue_segment", []).append(segment)
    for name in COMPANIES:
        row = record("company", name) | {"created_at": NOW - 200 * DAY, "name": name, "name__n": folded(name)}
        rows.setdefault("company", []).append(row)
    _write(session, rows)


def record(object_name: str, external_id: str) -> dict[str, object]:
    id_ = record_id(object_name, external_id)
    return {"bucket": bucket_of(id_), "id": id_, "external_id": external_id}


def person(random: Random, i: int) -> Iterator[tuple[str, Mapping[str, object]]]:
    me = record("contact", f"c{i}")
    bucket, id_ = bucket_of(record_id("contact", f"c{i}")), record_id("contact", f"c{i}")
    first, last, mail = random.choice(FIRST), random.choice(LAST), f"person{i}@example.com"
    stage = random.choice(("lead", "mql", "sql", "customer"))
    created = NOW - random.randrange(90, 400) * DAY
    names = {"first_name": first, "first_name__n": folded(first), "last_name": last, "last_name__n": folded(last)}
    yield "contact", {**me, "created_at": created, **names, "email": mail, "email__n": mail, "lifecycle_stage": stage}
    if random.random() < 0.85:
        to = record_id("company", random.choice(COMPANIES))
        here, there = (bucket, id_), (bucket_of(to), to)
        for name, one, other in (("contact_company", here, there), ("company_contact", there, here)):
            ends = dict(zip(("bucket", "id", "to_bucket", "to_id"), one + other, strict=True))
            yield f"link_{name}", {**ends, "at": created}
    for segment, (_, _, share) in enumerate(SEGMENTS, 1):
        if random.random() < share:
            yield "segue_membership", {"bucket": bucket, "segment_id": segment, "id": id_, "joined_at": NOW - 9 * DAY}
    change = {"bucket": bucket, "object": "contact", "id": id_, "property": "lifecycle_stage", "seq": 1}
    yield (
        "segue_property_history",
        {**change, "at": created + DAY, "old": "subscriber", "new": stage, "cause": "import"},
    )
    yield from _enrollment(random, i, bucket, id_)


def _enrollment(random: Random, i: int, bucket: int, contact: int) -> Iterator[tuple[str, Mapping[str, object]]]:
    definition = random.choices((1, 2, 3, 4), (45, 25, 20, 10))[0]
    if i < len(SEQUENCES) * len(_EVERY):
        definition = i % len(SEQUENCES) + 1
    graph = SEQUENCES[definition - 1][2]
    id_ = stable_hash(f"enrollment {i}")
    at = NOW - random.randrange(1, 85) * DAY - random.randrange(0, 480) * 60_000_000
    over = NOW - at > 14 * DAY and random.random() < 0.85
    status, reason = _pick(random, _ENDS if over else _GOING)
    if i < len(SEQUENCES) * len(_EVERY):  # no status is missing from any sequence, however small the store
        status, reason = _EVERY[i // len(SEQUENCES)]
        over = status in ("errored", "finished", "unenrolled")
    path = [n for n, b in enumerate(graph.blocks) if graph.rep_led is None or n < graph.rep_led]
    days = (NOW - at) // DAY
    engaged = graph.rep_led is not None and days > 1 and random.random() < 0.4
    if engaged:
        path = [0, *range(graph.rep_led or 0, len(graph.blocks) - 2), len(graph.blocks) - 1]
    last = path[-1] if status == "finished" else path[min(random.randrange(len(path) - 1), days)]
    steps = [n for n in path if n <= last]
    mine = {"bucket": bucket, "enrollment_id": id_}
    key = {"bucket": bucket, "id": id_, "contact_id": contact, "definition_id": definition, "version_id": definition}
    state = {
        "nr": 1,
        "status": status,
        "reason": reason,
        "block": last,
        "ordinal": 2 * len(steps),
        "enrolled_at": at,
        "entered_at": at,
    }
    by = random.choice(("amy", "kenji"))
    who = {"enrolled_by": by, "by_hand": False, "sender": by, "zone": "UTC", "person_zone": "UTC"}
    done_at = at + (len(steps) - 1) * DAY
    ended = {"ended_at": done_at + DAY if over else None, "last_step_at": done_at, "last_step": _last(graph, steps)}
    switched = at + 7_200_000_000 if engaged and len(steps) > 1 else None
    if switched:
        ended["engaged_at"] = switched
        yield "segue_step", {**mine, "ordinal": 3, "at": switched, "what": "switch", "outcome": "done"}
    yield "segue_enrollment", {**key, **state, **who, **ended}
    for nr, n in enumerate(steps):  # even ordinals: the switch stands between the first and the second
        yield from _step(random, graph.blocks[n], n, 2 * nr + 2, at + nr * DAY, mine, key, status, last)
    if reason == "reply":
        yield (
            "event_replied",
            {"bucket": bucket, "record_id": contact, "at": done_at + DAY, "id": id_, "enrollment_id": id_},
        )
    if reason == "meeting":
        yield "event_booked_meeting", {"bucket": bucket, "record_id": contact, "at": done_at, "id": id_, "host": by}


def _step(
    random: Random, block: object, n: int, ordinal: int, at: int, mine: dict[str, int], key: dict[str, int],
    status: str, last: int,
) -> Iterator[tuple[str, Mapping[str, object]]]:  # fmt: skip
    step = {**mine, "ordinal": ordinal, "at": at, "block": n}
    of = {"contact_id": key["contact_id"], "definition_id": key["definition_id"]}
    match block:
        case blocks.Send(template):
            yield "segue_step", {**step, "what": "send", "name": template, "outcome": "sent"}
            mail = {
                "kind": "email",
                "template": template,
                "topic": "product",
                "due": at,
                "state": "sent",
                "settled_at": at,
            }
            yield "segue_outbox", {**mine, "ordinal": ordinal, **of, **mail, "automated": key["definition_id"] == 2}
            yield from _answers(random, template, ordinal, at, mine, key["contact_id"])
        case blocks.Wait():
            if n != last:
                yield "segue_step", {**step, "what": "wait", "outcome": "done"}
        case blocks.Task(kind):
            done = status != "waiting_task" or n != last
            yield "segue_step", {**step, "what": "task", "name": kind, "outcome": "done" if done else "created"}
            task = {
                "kind": kind,
                "title": "Call them",
                "assignee": "amy",
                "created_at": at,
                "due_at": at + DAY,
                "block": n,
            }
            state = {"waits": True, "state": "done" if done else "open", "done_at": at + DAY if done else None}
            yield "segue_task", {**mine, "ordinal": ordinal, **of, **task, **state}


def _answers(
    random: Random, template: str, ordinal: int, at: int, mine: dict[str, int], contact: int
) -> Iterator[tuple[str, Mapping[str, object]]]:
    id_ = stable_hash(f"{mine['enrollment_id']}/{ordinal}")
    event = {"bucket": mine["bucket"], "record_id": contact, "id": id_, "enrollment_id": mine["enrollment_id"]}
    shown = {"ordinal": ordinal, "template": template, "template__n": template}
    if random.random() < 0.42:
        class_ = random.choices(("human", "machine"), (4, 1))[0]
        yield "event_opened_email", {**event, "at": at + 3_600_000_000, "class": class_, **shown}
        if random.random() < 0.3:
            link = {"link_url": "https://example.com/pricing", "link_url__n": "https://example.com/pricing"}
            yield "event_clicked_email", {**event, "at": at + 3_700_000_000, "class": "human", **shown, **link}


def _pick(random: Random, options: tuple[tuple[str, str | None, int], ...]) -> tuple[str, str | None]:
    status, reason, _ = random.choices(options, [o[2] for o in options])[0]
    return status, reason


def _last(graph: Graph, steps: list[int]) -> str | None:
    words = [f"send {b.template}" for n in steps if isinstance(b := graph.blocks[n], blocks.Send)]
    return words[-1] if words else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("store", help="sqlite:///FILE (made) or an empty PostgreSQL database")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.perf_counter()
    with Store.create(arguments.store, standard_schema()) as store, store.session() as session:
        fill(session, arguments.contacts, arguments.seed)
    print(f"{arguments.contacts} contacts in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
