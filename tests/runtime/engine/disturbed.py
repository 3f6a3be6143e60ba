"""The engine over a whole history, undisturbed, or cut into random pieces by a worker that dies and is begun anew."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from dsl.program.definitions import Program
from runtime.channels.base import Result
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.errors import InvalidInput
from runtime.service.vacuuming import vacuum
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.imports import import_file
from runtime.store.seen import differences
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.times.zones import MINUTE
from tests.runtime.engine.as_rows import begun, fact_rows, micros
from tests.runtime.engine.figures import FIGURES, in_words
from tests.runtime.engine.whole import Act, Whole, compiled
from tests.runtime.store.imported import map_of


class Killed(BaseException):
    """The worker died here."""


class Letters(MemoryChannel):
    """Outside: it outlives every worker. `gone` counts how often each message left; a webhook may be called again, it
    says by its key that it is the same (X24)."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: Counter[str] = Counter()

    def publish(self, keys: Sequence[str]) -> dict[str, Result]:
        leaving = [self.staged[key] for key in keys if key in self.staged]
        self.gone.update(m.key for m in leaving if m.kind != "webhook" or m.key not in self.gone)
        return dict(super().publish(keys))


@dataclass(frozen=True)
class Death:
    """At the `n`-th statement, or at the `n`-th after the first commit: what was committed then stays."""

    n: int
    committed: bool


@contextmanager
def dying(session: Session, death: Death | None) -> Iterator[None]:
    """From its death on the worker says nothing any more, not even by what cleans up."""
    if death is None:
        yield
        return
    said, counted = 0, not death.committed
    methods = ("bound", "count", "many", "load", "commit")

    def mortal(name: str, method: Callable[..., object]) -> Callable[..., object]:
        def say(*args: object, **values: object) -> object:
            nonlocal said, counted
            said += counted
            if said >= death.n:
                raise Killed
            found = method(*args, **values)
            counted = counted or name == "commit"
            return found

        return say

    for name in methods:
        setattr(session, name, mortal(name, getattr(session, name)))
    try:
        yield
    finally:
        for name in methods:
            delattr(session, name)


class Played:
    """A whole history on one store. With `rng` the worker goes in random steps, by batches in random order, and dies
    again and again; `kills` counts how often."""

    def __init__(self, store: Store, whole: Whole, folder: Path, rng: Random | None = None) -> None:
        self.store, self.whole, self.folder, self.rng = store, whole, folder, rng
        self.letters, self.kills = Letters(), 0
        self.refused: list[tuple[int | None, str]] = []
        self.edits: list[tuple[datetime, Program]] = []  # those that were not refused
        self.vacuumed: Counter[str] = Counter()
        self.forgotten = 0  # refusals up to this instant were vacuumed
        self.program = self._program(whole.rules)
        with store.session() as session, session.transaction():
            session.run("UPDATE segue_meta SET value = 'whole' WHERE key = 'store_id'")
        self.engine = self._worker()
        try:
            self._live()
            for seen, acts in whole.instants():
                self._run(micros(seen) - MINUTE)
                self._tell([a for a in acts if not a.alone], seen)
                for act in acts:
                    if act.alone:
                        self._run(micros(seen))
                        self._edit(act) if act.what == "edit" else self._vacuum()
            self._run(micros(whole.until))
            self.words = in_words(self.engine.session, whole.names)
            self.figures = {name: Counter(self.engine.session.run(sql)) for name, sql in FIGURES.items()}
            self.figures["steps"] = Counter(_in_any_order(self.figures["steps"].elements()))
            assert [one for one in differences(self.engine.session, 5) if one[1]] == []
        finally:
            self.engine.close()
        self.figures["letters"] = Counter(dict(self.letters.gone))
        self.figures["refused edits"] = Counter(self.refused)
        self.figures["vacuumed"] = self.vacuumed

    def _program(self, rules: str) -> Program:
        program = compiled(rules, self.whole.zone)
        assert program is not None
        return program

    # --- the worker ---------------------------------------------------------------------------

    def _worker(self) -> Engine:
        batch = self.rng.choice([3, 7, 100_000]) if self.rng is not None else 100_000
        return Engine(self.store, self.program, self.letters, batch=batch, order=self.rng)

    def _until_done(self, what: Callable[[], object]) -> None:
        """Dead workers are followed by new ones."""
        while True:
            try:
                with dying(self.engine.session, self._death()):
                    return what() and None
            except Killed:
                self.kills += 1
                self._anew()

    def _death(self) -> Death | None:
        if self.rng is None or self.rng.random() < 0.6:
            return None
        if self.rng.random() < 0.7:
            return Death(self.rng.randint(1, 40), committed=True)
        return Death(int(math.exp(self.rng.uniform(0, math.log(700)))), committed=False)

    def _anew(self) -> None:
        """A new process; it may die while it takes up what the last one left."""
        self.engine.close()
        self.engine = self._worker()
        self._live()

    def _live(self) -> None:
        self._until_done(lambda: self.engine.go_live(micros(self.whole.start)))

    def _run(self, until: int) -> None:
        while (clock := self.engine.clock or 0) < until:
            step = self.rng.choice([1, 9, 60, 500, 3000]) * MINUTE if self.rng is not None else until
            self._until_done(lambda: self.engine.run(min(until, clock + step)))  # noqa: B023 # called at once

    def _edit(self, act: Act) -> None:
        before, self.program = self.program, self._program(act.value[0])
        self.engine.close()
        self.engine = self._worker()
        try:
            self._live()
            self.edits.append((act.seen, self.program))
        except InvalidInput as needed:  # somebody inside needs what is gone (X26)
            self.refused.append((self.engine.clock, str(needed)))
            self.program = before
            self._anew()

    def _vacuum(self) -> None:
        self.engine.close()
        gone = {one.what: one for one in vacuum(self.store, self.program)}
        self.vacuumed.update({what: one.rows for what, one in gone.items()})
        self.forgotten = max(self.forgotten, gone["refusals"].until or 0)
        self.engine = self._worker()
        self._live()

    # --- what is told -------------------------------------------------------------------------

    def _tell(self, acts: list[Act], seen: datetime) -> None:
        rows = [row for act in acts for row in self._rows(act)]
        for act in acts:
            if act.what == "import":
                self._import(act)
        with self.store.session() as session, session.transaction():
            inbox.put(session, rows)

    def _rows(self, act: Act) -> Iterator[inbox.InboxRow]:
        match act.what, act.value:
            case "create", (name, props):
                yield from begun(name, props, act.seen)
            case "fact", (number, at, kind, values):
                yield from fact_rows(number, at, kind, values)
            case "delete", (name,):
                yield inbox.delete_row("contact", record_id("contact", name), at=micros(act.seen))
            case "task", (name, state):
                for _, enrollment, ordinal in self._open_task(name):
                    yield self._command("task", act, None, enrollment=enrollment, ordinal=ordinal, state=state)
            case "enroll", (_, definition):
                yield self._command("enroll", act, definition, by="rep", hand=True)
            case "unenroll" | "pause" | "resume", (_, definition):
                yield self._command(act.what, act, definition, by="rep")

    def _command(self, kind: str, act: Act, definition: str | None, **payload: object) -> inbox.InboxRow:
        id_ = record_id("contact", act.value[0])
        return inbox.command_row(kind, "contact", id_, definition, at=micros(act.seen), **payload)

    def _open_task(self, name: str) -> list[tuple[str, int, int]]:
        """The oldest one."""
        return self.engine.session.run(
            "SELECT d.name, t.enrollment_id, t.ordinal FROM segue_task t JOIN segue_enrollment e ON"
            " e.bucket = t.bucket AND e.id = t.enrollment_id JOIN segue_definition d ON d.id = e.definition_id"
            " WHERE t.contact_id = :id AND t.state = 'open' ORDER BY t.created_at, d.name, t.ordinal LIMIT 1",
            id=record_id("contact", name),
        )

    def _import(self, act: Act) -> None:
        name, named, value, live = act.value
        file, schema = self.folder / "people.csv", self.program.schema
        file.write_text(f"id,at,value\n{name},{act.seen:%Y-%m-%d %H:%M},{value}\n")
        entries = f"rows: [{{record: contact, id: id, at: at, set: {{{named}: value}}}}]"
        now = micros(act.seen) - MINUTE
        result = import_file(self.store, schema, file, map_of(entries, schema), zone="UTC", now=now, live=live)
        assert result.loaded + result.unchanged == 1, result


def _in_any_order(steps: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """What became of the mails of one step without its place: after a crash some are settled before others (X20)."""
    for person, definition, nr, ordinal, at, what, name, outcome, *rest in steps:
        place = None if what == "send" and outcome != "planned" else ordinal
        yield person, definition, nr, place, at, what, name, outcome, *rest
