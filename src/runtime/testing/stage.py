"""Where a test is played: an empty store in memory, the real engine on it, and a clock that only goes when told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from dsl.program.conditions import Duration, Field
from dsl.program.definitions import Program
from dsl.program.tests import Person, Test
from dsl.schema.model import Schema

from ..access.roles import ADMIN, Actor
from ..channels.memory import MemoryChannel
from ..engine import work
from ..engine.tick import Engine
from ..project.loading import Loaded
from ..project.unrun import LeftOut
from ..reading.values import instant as written
from ..store import inbox
from ..store.ids import record_id
from ..store.session import Session
from ..store.store import Store
from ..times.calendars import working_calendar
from ..times.durations import after
from ..times.zones import parse_local
from .live import Parts, live_program, parts_of
from .outcome import Seen

PAGE = Actor("page", ADMIN)  # whoever fills in a form or looks something up is no user of the project
MOMENT = 1_000  # µs between two acts of a test: they come one after the other, and the clock shows the same minute


class Rehearsed(Session):
    """Its transactions are savepoints inside one that is never committed: whatever a test does can be taken back."""

    _open = False

    def begin(self) -> None:
        self._say("SAVEPOINT work")
        self._open = True

    def commit(self) -> None:
        self._say("RELEASE work")
        self._open = False

    def rollback(self) -> None:
        if self._open:
            self._say("ROLLBACK TO work")
            self.commit()

    def close(self) -> None:
        """The connection stays: giving it back would take back everything."""
        self.rollback()


class EmptyStore(Store):
    """A store in memory that takes back what was done: making its tables takes longer than a test."""

    _session: Rehearsed

    @classmethod
    def of(cls, schema: Schema, image: bytes | None = None) -> Self:
        """`image`: of a store with the tables of `schema`, from `image_of`."""
        store = cls.open("sqlite://", create=True)
        store._session = session = Rehearsed(store.engine.connect())
        session.raw_sqlite().deserialize(image or image_of(schema))
        session.run("PRAGMA temp_store = MEMORY")
        work.prepare(session)  # before anything that is taken back: they stay
        session.run("BEGIN")
        return store

    def session(self) -> Session:
        """The one there is: another connection would see nothing of it."""
        return self._session

    def keep(self) -> None:
        """Remember how all stands now."""
        self._session.run("SAVEPOINT kept")

    def back(self) -> None:
        """As it stood at `keep`."""
        self._session.run("ROLLBACK TO kept")

    def empty(self) -> None:
        """As it was made. A new transaction: in an old one each statement costs more than in the one before."""
        self._session.run("ROLLBACK")
        self._session.run("BEGIN")


def image_of(schema: Schema) -> bytes:
    """A new store with all its tables, as bytes."""
    with Store.memory(schema) as made, made.session() as session:
        return session.raw_sqlite().serialize()


class Stages:
    """Stages on one store, one after the other. The rules go live anew only where the next test has other ones, or
    another clock; what tests do is taken back."""

    def __init__(self, program: Program, left_out: Sequence[LeftOut] = (), image: bytes | None = None) -> None:
        self.program, self.left_out = program, left_out
        self.store = EmptyStore.of(program.schema, image)
        self._engine: Engine | None = None
        self._stands: tuple[Parts, int] | None = None
        self._live: dict[Parts, Program] = {}

    def close(self) -> None:
        self.store.close()

    def open(self, test: Test) -> Stage:
        """The definitions go live just before the clock: a record given at it is new to them and may start (X3)."""
        began, parts = parse_local(test.clock, test.zone), parts_of(test)
        if self._engine is not None and self._stands == (parts, began):
            self.store.back()
            self._engine.begin_again()
            return Stage(self._live[parts], test, self._engine)
        self._stands = None
        self.store.empty()
        if parts not in self._live:
            self._live[parts] = live_program(self.program, parts, self.left_out)
        self._engine = Engine(self.store, self._live[parts], MemoryChannel(), step=MOMENT)
        self._engine.go_live(began - MOMENT)
        self.store.keep()
        self._stands = (parts, began)
        return Stage(self._live[parts], test, self._engine)


@dataclass(slots=True)
class Stage:
    """One test being played. `program` is what is live in it; `people` are its records by their ids, `given` the ids of
    those it began with, `ids` those of records that were made meanwhile and got a name; `noted` is what coverage could
    not read from the store."""

    program: Program
    test: Test
    engine: Engine
    people: dict[int, Person] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)
    ids: dict[str, int] = field(default_factory=dict)
    noted: set[Seen] = field(default_factory=set)
    acts: int = 0

    @property
    def loaded(self) -> Loaded:
        """What is live as a project, for what asks for one. It lies nowhere on disk."""
        return Loaded(Path(), self.program.project, self.program.schema, self.program, (), (), {})

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
        id_ = self.ids.get(who.name) or record_id(who.object, who.name)
        self.people[id_] = who
        return id_

    def field(self, of: str, name: str) -> Field:
        return Field((), of, name, self.program.schema.objects[of].properties[name].type)

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

    def go_on(self) -> None:
        """To the next moment: what waits in the inbox is taken in, and what follows from it at once."""
        self.engine.run(self.now + MOMENT)

    def advance(self, length: Duration) -> None:
        self.engine.run(self.later(self.now, length))

    def _put(self, rows: Iterable[inbox.InboxRow]) -> None:
        with self.session.transaction():
            inbox.put(self.session, rows)
