"""Where a test is played: an empty store in memory, the real engine on it, and a clock that only goes when told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dsl.program.conditions import Duration
from dsl.program.definitions import Program
from dsl.program.tests import Person, Test
from dsl.schema.model import Schema

from ..channels.memory import MemoryChannel
from ..engine.tick import Engine
from ..reading.values import instant as written
from ..store import inbox
from ..store.ids import record_id
from ..store.names import quoted
from ..store.session import Session
from ..store.store import Store
from ..times.calendars import working_calendar
from ..times.durations import after
from ..times.zones import parse_local

MOMENT = 1_000  # µs between two acts of a test: they come one after the other, and the clock shows the same minute


class EmptyStore:
    """A store in memory that is emptied between tests: making its tables takes longer than a test."""

    def __init__(self, schema: Schema, image: bytes | None = None) -> None:
        """`image`: of a store with the tables of `schema`, from `image_of`."""
        self.store = Store.open("sqlite://", create=True)
        with self.store.session() as session:
            raw = session.raw_sqlite()
            raw.deserialize(image or image_of(schema))
            self._tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self._first = raw.execute("SELECT key, value FROM segue_meta").fetchall()

    def emptied(self) -> Store:
        with self.store.session() as session, session.transaction():
            for table in self._tables:
                session.run(f"DELETE FROM {quoted(table)}")
            session.many(
                "INSERT INTO segue_meta (key, value) VALUES (:key, :value)",
                [{"key": key, "value": value} for key, value in self._first],
            )
        return self.store

    def close(self) -> None:
        self.store.close()


def image_of(schema: Schema) -> bytes:
    """A new store with all its tables, as bytes."""
    with Store.memory(schema) as made, made.session() as session:
        return session.raw_sqlite().serialize()


@dataclass(slots=True)
class Stage:
    """One test being played. `program` is what is live in it; `people` are its records by their ids."""

    program: Program
    test: Test
    engine: Engine
    channel: MemoryChannel
    people: dict[int, Person] = field(default_factory=dict)
    acts: int = 0

    @classmethod
    def open(cls, store: Store, program: Program, test: Test) -> Stage:
        """The definitions go live just before the clock: a record given at it is new to them and may start (X3)."""
        channel = MemoryChannel()
        engine = Engine(store, program, channel, step=MOMENT)
        engine.go_live(parse_local(test.clock, test.zone) - MOMENT)
        return cls(program, test, engine, channel)

    @property
    def session(self) -> Session:
        return self.engine.session

    @property
    def began(self) -> int:
        return parse_local(self.test.clock, self.test.zone)

    @property
    def now(self) -> int:
        return self.engine.clock or self.began

    def local(self, at: int) -> str:
        """`2026-03-02 10:00` on the test's clock."""
        return written(at, self.test.zone)

    def id_of(self, who: Person) -> int:
        id_ = record_id(who.object, who.name)
        self.people[id_] = who
        return id_

    def later(self, at: int, length: Duration, back: bool = False) -> int:
        """`length` after or before `at`, on the test's clock; business days by the account's calendar (X13, X15)."""
        project = self.program.project
        calendar = working_calendar(project.calendars.get(project.account.calendar or ""))
        length = Duration(-length.n, length.unit) if back else length
        return after(at, length, self.test.zone, calendar)

    def begin(self, rows: Iterable[inbox.InboxRow]) -> None:
        """Everything given is there at the clock, and what follows from it at once has happened."""
        self._put(rows)
        self.engine.run(self.began)

    def act(self, row: inbox.InboxRow) -> None:
        """Something happens at the next moment, and what follows from it at once."""
        self._put([row])
        self.engine.run(row.at)

    def advance(self, length: Duration) -> None:
        self.engine.run(self.later(self.now, length))

    def _put(self, rows: Iterable[inbox.InboxRow]) -> None:
        with self.session.transaction():
            inbox.put(self.session, rows)
