"""Fills a store as `make_store` does, but as large as the terminal app shall stand: besides contacts and their
enrollments there are deals, tickets and notes linked to them, runs of workflows with their mails, and a log of what
people did. Its rules are those of the project in `large_project`.

    python -m benchmarks.large_store sqlite:///large.db --contacts 1000000

People come in the order of their ids and indexes are made at the end, as in a first load; that takes some minutes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.make_store import DAY, NOW, SEQUENCES, catalogue, person, record, write_each
from dsl.program.codec import encode
from dsl.program.definitions import Program
from runtime.project.loading import load
from runtime.store import seen
from runtime.store.ids import bucket_of, record_id, stable_hash
from runtime.store.names import folded
from runtime.store.session import Session
from runtime.store.statistics import analyse
from runtime.store.store import Store

OWNERS = ("amy", "kenji", "lena", "marek", "yuki", None)
STAGES = {
    "deal": ("appointment", "qualified", "proposal", "contract", "won", "lost"),
    "ticket": ("new", "waiting_on_contact", "waiting_on_us", "closed"),
}
PROJECT = Path(__file__).with_name("large_project")
WORKFLOWS = ("onboarding", "renewal")  # each sends, waits two days, sends
NUMBERS = {name: nr for nr, (name, *_) in enumerate(SEQUENCES, 1)} | {name: nr for nr, name in enumerate(WORKFLOWS, 11)}
_Row = tuple[str, Mapping[str, object]]


def made(url: str, contacts: int) -> None:
    """A new store at `url`."""
    project = load(PROJECT)
    with Store.create(url, project.schema) as store, store.session() as session:
        fill(session, project.program, contacts)


def fill(session: Session, program: Program, contacts: int, seed: int = 1) -> None:
    """One transaction. Of ten contacts two have a deal, three a ticket, two a note, two were in a workflow."""
    random = Random(seed)
    with session.transaction():
        with _without_indexes(session):
            catalogue(session)
            for table in ("segue_definition", "segue_version"):
                session.run(f"DELETE FROM {table}")
            write_each(session, _definitions(program))
            people = sorted(range(contacts), key=lambda i: _place(record_id("contact", f"c{i}")))
            write_each(session, (row for i in people for row in _with_all(random, i)))
            write_each(session, (row for nr in range(contacts // 10) for row in _doing(random, nr)))
        seen.keep(session)
    analyse(session)
    if session.dialect == "postgresql":
        session.run("VACUUM")  # as the server would, but in the middle of a measurement


def _place(id_: int) -> tuple[int, int]:
    return bucket_of(id_), id_


@contextmanager
def _without_indexes(session: Session) -> Iterator[None]:
    of_all = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE NOT i.indisprimary AND c.relnamespace = current_schema()::regnamespace",
    }
    indexes = session.run(of_all[session.dialect])
    for name, _ in indexes:
        session.run(f'DROP INDEX "{name}"')
    yield
    for _, made in indexes:
        session.run(made)


def _definitions(program: Program) -> Iterator[_Row]:
    """The rules' own programs, where `make_store` has graphs alone."""
    for (kind, name), of in program.definitions.items():
        known = {"id": NUMBERS[name], "kind": kind, "name": name, "label": of.label, "activated_at": NOW - 90 * DAY}
        yield "segue_definition", {**known, "program": encode(of)}
        version = {"id": NUMBERS[name], "definition_id": NUMBERS[name], "hash": of.version}
        yield "segue_version", {**version, "first_seen_at": NOW - 90 * DAY, "program": encode(of.pinned)}


def _with_all(random: Random, i: int) -> Iterator[_Row]:
    yield from person(random, i)
    if i % 5 == 0:
        yield from _piped(random, "deal", i, {"name": f"Deal {i}", "amount": random.randrange(1, 900) * 10_000})
    if i % 10 < 3:
        yield from _piped(random, "ticket", i, {"subject": f"Ticket {i}", "kind": random.choice(("bug", "question"))})
    if i % 5 == 1:
        yield from _note(random, i)
    if i % 5 == 2:
        yield from _run(random, i)


def _piped(random: Random, of: str, i: int, facts: dict[str, object]) -> Iterator[_Row]:
    """A deal or ticket in some stage, which it came to on some day."""
    row = record(of, f"{of[0]}{i}")
    created = NOW - random.randrange(1, 85) * DAY
    stage = random.choice(STAGES[of])
    texts = {f"{name}__n": folded(str(facts[name])) for name in ("name", "subject", "kind") if name in facts}
    where = {"pipeline": {"deal": "sales", "ticket": "support"}[of], "stage": stage, "owner": random.choice(OWNERS)}
    yield of, {**row, "created_at": created, **facts, **texts, **where}
    if stage != STAGES[of][0]:
        change = {"bucket": row["bucket"], "object": of, "id": row["id"], "property": "stage", "seq": 1}
        at = created + random.randrange(1, 86_400) * 1_000_000
        yield "segue_property_history", {**change, "at": at, "old": STAGES[of][0], "new": stage, "cause": "import"}
    yield from _linked(of, row, i, created)


def _note(random: Random, i: int) -> Iterator[_Row]:
    row, at, body = record("note", f"n{i}"), NOW - random.randrange(1, 85) * DAY, f"They asked about offer {i}"
    yield "note", {**row, "created_at": at, "body": body, "body__n": folded(body), "owner": random.choice(OWNERS)}
    yield from _linked("note", row, i, at)


def _linked(of: str, row: Mapping[str, object], i: int, at: int) -> Iterator[_Row]:
    me = record("contact", f"c{i}")
    pairs = ((f"link_contact_{of}", me, row), (f"link_{of}_contact", row, me))
    for table, here, there in pairs:
        ends = {"bucket": here["bucket"], "id": here["id"], "to_bucket": there["bucket"], "to_id": there["id"]}
        yield table, {**ends, "at": at}


def _run(random: Random, i: int) -> Iterator[_Row]:
    me = record("contact", f"c{i}")
    id_, at, over = stable_hash(f"run {i}"), NOW - random.randrange(1, 85) * DAY, random.random() < 0.8
    of = 11 + i % len(WORKFLOWS)
    goal = over and random.random() < 0.3
    status, reason = ("unenrolled", "goal") if goal else ("finished", None) if over else ("active", None)
    key = {"bucket": me["bucket"], "id": id_, "contact_id": me["id"], "definition_id": of, "version_id": of}
    who = {"by_hand": False, "zone": "UTC", "person_zone": "UTC", "nr": 1}
    state = {"status": status, "reason": reason, "block": 3 if over else 1, "ordinal": 5}
    times = {"enrolled_at": at, "entered_at": at, "ended_at": at + 2 * DAY if over else None, "last_step_at": at}
    yield "segue_enrollment", {**key, **who, **state, **times, "last_step": "send news"}
    mine = {"bucket": me["bucket"], "enrollment_id": id_}
    of_whom = {"contact_id": me["id"], "definition_id": of}
    yield from _mailed({**mine, "ordinal": 2}, of_whom, 0, at, "news")
    if over:
        yield "segue_step", {**mine, "ordinal": 3, "at": at + 2 * DAY, "block": 1, "what": "wait", "outcome": "done"}
    if status == "finished":
        yield from _mailed({**mine, "ordinal": 4}, of_whom, 2, at + 2 * DAY, "more_news")
        if i % 3 == 0:  # met the goal afterwards
            yield "segue_step", {**mine, "ordinal": 5, "at": at + 3 * DAY, "what": "goal", "outcome": "met"}


def _mailed(key: dict[str, object], of: dict[str, object], block: int, at: int, template: str) -> Iterator[_Row]:
    yield "segue_step", {**key, "at": at, "block": block, "what": "send", "name": template, "outcome": "sent"}
    mail = {"kind": "email", "template": template, "topic": "news", "due": at, "state": "sent", "settled_at": at}
    yield "segue_outbox", {**key, **of, **mail, "automated": False}


def _doing(random: Random, nr: int) -> Iterator[_Row]:
    act = random.choice(("pause", "resume", "unenroll", "move"))
    done = {"id": nr + 1, "at": NOW - (1_000_000 - nr) * 1_000_000, "by_user": random.choice(OWNERS[:-1]), "act": act}
    yield "segue_audit", {**done, "role": "operator", "refused": 0, "object": "contact"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("store", help="sqlite:///FILE (made) or an empty PostgreSQL database")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    arguments = parser.parse_args()
    began = time.perf_counter()
    made(arguments.store, arguments.contacts)
    print(f"{arguments.contacts} contacts in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
