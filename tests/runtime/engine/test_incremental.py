"""Memberships kept incrementally are those of a full recompute, and join and leave at the minutes a plain-Python oracle
says: random conditions of every form, over random histories, in zones with odd days, at random tick instants."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from dsl.schema.model import Kind
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.service.verifying import verify
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.store.values import stored_pair
from tests.examples import examples
from tests.runtime.engine.conditions import SCHEMA, program_of
from tests.runtime.engine.crm import MINUTE, UTC, Crm, Fact, Stay, micros, settled
from tests.runtime.engine.harness import in_memory
from tests.runtime.engine.histories import DAYS, case

SEEDS = st.integers(0, 2**62)


def moment(t: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=t)


def row(program, number: int, f: Fact) -> inbox.InboxRow:
    """A fact as a row of the inbox."""
    at, id_ = micros(f.at), record_id(f.object, f.name)
    properties = program.schema.objects[f.object].properties

    def stored(name: str, value: object) -> object:
        return micros(value) if properties[name].type.kind is Kind.DATETIME and value is not None else value

    match f.what:
        case "record":
            values = {}
            for name, value in f.value[0].items():
                values |= stored_pair(name, properties[name].type, stored(name, value))
            return inbox.record_row(f.object, f.name, values, at=at)
        case "set":
            return inbox.set_row(f.object, id_, f.value[0], stored(*f.value), at=at)
        case "link" | "unlink":
            target = program.schema.objects[f.object].associations[f.value[0]].target
            to = record_id(target, f.value[1])
            return inbox.link_row(f.object, id_, f.value[0], to, at=at, unlink=f.what == "unlink")
        case "event":
            kind, number, fields, class_ = f.value
            types = program.schema.events[kind].fields
            given_ = {}
            for name, value in fields.items():
                given_ |= stored_pair(name, types[name].type, value)
            return inbox.event_row(kind, id_, f"e{number}", given_, at=at, class_=class_)
        case "consent":
            return inbox.consent_row(id_, f.value[0], f.value[1], at=at)
        case command:
            return inbox.command_row(command, f.object, id_, " ".join(f.value[0]), at=at, by="rep", hand=True)


def numbered(facts: list[Fact]) -> list[Fact]:
    """Each event has an id of its own; one that is delivered again keeps it."""
    numbers: dict[tuple[object, ...], int] = {}
    found = []
    for f in facts:
        if f.what == "event":
            kind, _, fields, class_ = f.value
            number = numbers.setdefault((f.at, f.name, kind), len(numbers))
            f = Fact(f.at, f.what, f.object, f.name, (kind, number, fields, class_), f.seen)
        found.append(f)
    return found


def kept(store: Store, program, facts: list[Fact], start: datetime, stops: list[datetime]) -> set[Stay]:
    """The memberships the engine keeps, compared with a full recompute at each stop."""
    engine = Engine(store, program, MemoryChannel())
    try:
        _deliver(engine, program, [f for f in facts if f.seen <= start])
        engine.go_live(micros(start))
        _verified(store, program)
        for before, stop in zip([start, *stops], stops, strict=False):
            engine.run(micros(stop))
            _deliver(engine, program, [f for f in facts if before < f.seen <= stop])
            _verified(store, program)
        rows = engine.session.run(
            "SELECT m.id, g.name, m.joined_at, m.left_at FROM segue_membership m JOIN segue_segment g"
            " ON g.id = m.segment_id WHERE g.kind = 'segment'"
        )
    finally:
        engine.close()
    names = {record_id(f.object, f.name): f.name for f in facts}
    return settled([(names[i], s, moment(a), moment(z) if z is not None else None) for i, s, a, z in rows])


def _deliver(engine: Engine, program, facts: list[Fact]) -> None:
    if facts:
        with engine.session.transaction():
            inbox.put(engine.session, [row(program, i, f) for i, f in enumerate(facts)])


def _verified(store: Store, program) -> None:
    with store.session() as session:
        found = verify(session, program)
    assert not found.differences, found


def told(program, facts: list[Fact], start: datetime, until: datetime) -> set[Stay]:
    """What the oracle says, which looks at everybody whenever anything could turn: each half hour, since all clocks of
    our zones show full or half hours then, the minute after (`5 hours ago` has passed a minute later), and when
    something that was late is seen."""
    crm = Crm(program, facts, start)
    halves = int((until - start) / timedelta(minutes=30))
    moments = {start + timedelta(minutes=30 * n + after) for n in range(halves + 1) for after in (0, 1)}
    moments |= {f.visible(start) for f in facts}
    for t in sorted(m for m in moments if m <= until):
        crm.at(t)
    return crm.all_stays()


def wrong(make_store, given_, seed: int) -> str:
    """What the engine and the oracle do not agree on; "" where they do."""
    rules, zone, start, facts = given_
    program, facts = program_of(rules, zone), numbered(facts)
    if not program.segments:
        return ""
    until, rng = start + timedelta(days=DAYS), Random(seed)
    # The worker looks whenever something comes late or early, and now and then.
    stops = {f.seen for f in facts if start < f.seen < until} | {until}
    stops |= {start + MINUTE * rng.randint(1, DAYS * 24 * 60 - 1) for _ in range(4)}
    with make_store(program) as store:
        try:
            found = kept(store, program, facts, start, sorted(stops))
        except AssertionError as error:
            return str(error)
    wanted = told(program, facts, start, until)
    lost, extra = sorted(wanted - found, key=repr), sorted(found - wanted, key=repr)
    if not lost and not extra:
        return ""
    return "\n".join(["the engine lacks", *map(_read, lost), "and has", *map(_read, extra)])


def compare(make_store, seed: int) -> None:
    """Fails with the smallest case found: segments and facts are left out as long as something stays wrong."""
    given_ = case(Random(seed))
    if not wrong(make_store, given_, seed):
        return
    rules, zone, start, facts = given_
    rules = smallest(rules, lambda r: wrong(make_store, (tuple(r), zone, start, facts), seed))
    facts = smallest(facts, lambda f: wrong(make_store, (rules, zone, start, list(f)), seed))
    words = wrong(make_store, (rules, zone, start, facts), seed)
    raise AssertionError("\n".join([f"seed {seed}: {zone} from {start}", *rules, *map(repr, facts), words]))


def smallest(parts, fails):
    """Without whatever may go while `fails`."""
    left, size = list(parts), max(len(parts) // 2, 1)
    while size:
        at = 0
        while at < len(left):
            fewer = left[:at] + left[at + size :]
            try:
                gone = bool(fails(fewer))
            except AssertionError:  # a segment that names one that is gone
                gone = False
            left, at = (fewer, at) if gone else (left, at + size)
        size //= 2
    return type(parts)(left)


def _read(stay: Stay) -> str:
    name, segment, joined, left = stay
    return f"  {name} in {segment} {joined:%m-%d %H:%M} to {f'{left:%m-%d %H:%M}' if left else 'now'}"


@examples(100, phases=[Phase.generate])
@given(SEEDS)
def test_incremental_is_full_and_turns_to_the_minute(seed):
    compare(lambda program: in_memory(program, SCHEMA), seed)


@pytest.mark.postgres
@examples(8, phases=[Phase.generate])
@given(SEEDS)
def test_incremental_is_full_on_postgresql(databases, seed):
    compare(lambda program: nullcontext(databases.store(program.schema)), seed)
