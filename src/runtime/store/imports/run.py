"""Imports one file: rows to facts, facts to the inbox, ten thousand rows a transaction.

What a transaction has written stays written: interrupted at any moment, the next import of the file finds those facts
in the ledger and goes on behind them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dsl.diagnostics import did_you_mean
from dsl.schema.model import Schema

from ...errors import InvalidInput, StoreBusy
from ...times import zones
from .. import leases
from ..inbox import InboxRow, put_checked
from ..inbox import now as real_now
from ..ledger import news
from ..session import Session
from ..store import Store
from . import first_load
from .ahead import Part, parts
from .at_once import AtOnce
from .cells import BadRowError, Setting, composed
from .columns import Columns, suits
from .csv_file import CsvFile, CsvRow
from .entries import Entries, Maker
from .facts import Fact, User
from .lookups import Lookups
from .map import ImportMap
from .rejects import Reject, RejectFile

ROWS_AT_ONCE = 10_000
_NAMED = 100  # rejects that the result names; the file has them all

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ImportResult:
    """Counts of file rows. `skipped`: no entry of the map wanted the row. `facts`: inbox rows and users written.
    `first_rejects`: the first hundred; all of them are in the file `rejects`, None if there are none."""

    loaded: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    facts: int = 0
    rejects: Path | None = None
    first_rejects: list[Reject] = field(default_factory=list)


def import_file(
    store: Store,
    schema: Schema,
    path: str | Path,
    map_: ImportMap,
    *,
    zone: str = "UTC",
    now: int | None = None,
    live: bool = False,
    rejects: str | Path | None = None,
    progress: Progress | None = None,
    until: int | None = None,
) -> ImportResult:
    """Load `path` by a map. `zone`: the account's. `now` (µs, default the real clock): when facts without date hold.
    `until` (µs): new records of instants up to then are written into their table at once, where the map lets that be
    and no worker runs (decision 0022); else all facts wait in the inbox.

    `progress(read, total)` is called with bytes after each transaction. Raises InvalidInput for a file that cannot be
    read or lacks a column of the map, StoreError where the store fails; what was loaded until then stays.
    """
    source = Path(path)
    file = CsvFile(source, map_.format)
    rejected = Path(rejects) if rejects else source.with_name(source.name + ".rejects.csv")
    set_aside = RejectFile(rejected, file.columns, map_.format.delimiter, map_.format.encoding)
    result, complete = ImportResult(), False
    try:
        moment = real_now() if now is None else now
        with store.session() as session, _alone(store, session, until is not None and not live) as alone:
            setting = _setting(session, schema, file, map_, zone, moment)
            entries = Entries(schema, setting, live)
            load = _Load(
                session,
                file,
                [entries.maker(e) for e in map_.entries],
                set_aside,
                result,
                progress,
                session.transaction,
            )
            if alone and until is not None and suits(map_.entries):
                load.at_once = AtOnce(session, Columns(schema, map_.entries[0], setting, until), load.known)
            load.run()
        complete = True
    finally:
        file.close()
        set_aside.close(complete)
    result.rejects = set_aside.path if result.rejected else None
    return result


@contextmanager
def _alone(store: Store, session: Session, wanted: bool) -> Iterator[bool]:
    """Whether we are the one who writes the store's tables now: then nobody else is, until the end."""
    lease = None
    if wanted:
        with suppress(StoreBusy):
            lease = leases.take(store, session)
    try:
        yield lease is not None
    finally:
        if lease is not None:
            lease.release()


def _setting(session: Session, schema: Schema, file: CsvFile, map_: ImportMap, zone: str, now: int) -> Setting:
    columns = _as_named(file.columns, map_.columns)
    missing = [name for name in map_.columns if name not in columns]
    if missing:
        name = missing[0]
        known = did_you_mean(name, file.columns) or f"the file has {', '.join(file.columns)}"
        raise InvalidInput(f"{file.path}:1: there is no column `{name}` ({map_.place(map_.columns[name])})", known)
    return Setting(
        columns,
        map_.source,
        zones.resolve((map_.format.zone, zone)),
        frozenset(map_.format.empty),
        Lookups(session, schema),
        now,
        str(session.one("SELECT value FROM segue_meta WHERE key = 'store_id'")),
    )


def _as_named(columns: Sequence[str], named: Iterable[str]) -> dict[str, int]:
    """The place of each column, under the name that the map writes: a letter beside its accent is that letter."""
    written = {composed(name): name for name in named if name not in columns}
    return {written.pop(composed(name), name): i for i, name in enumerate(columns)}


@dataclass(slots=True)
class _Load:
    session: Session
    file: CsvFile
    makers: Sequence[Maker]
    set_aside: RejectFile
    result: ImportResult
    progress: Progress | None
    part: Callable[[], AbstractContextManager[None]]
    at_once: AtOnce | None = None
    keys: first_load.Keys | None = None
    made: list[list[Fact]] = field(default_factory=list)

    def run(self) -> None:
        if self.at_once is None:
            self._through_inbox(self.file)
            self._write()
            return
        with ExitStack() as stack:
            stack.enter_context(_no_collector())
            if first_load.suits(self.session, self.at_once.columns.object, self.file.size):
                self.part = self.session.savepoint
                self.keys = stack.enter_context(first_load.first_load(self.session, self.at_once.columns.object))
                self.at_once.begin_first_load(self.keys)
            for part in stack.enter_context(closing(parts(self.file, self.at_once.columns, self.at_once.make))):
                self._through_inbox(part.left)
                self._at_once(self.at_once, part)
            self._write()

    def _at_once(self, at_once: AtOnce, part: Part) -> None:
        written = at_once.write(part.piece, part.rows) if part.piece else 0
        self.result.loaded += written
        self.result.facts += written
        if self.progress:
            self.progress(part.read, self.file.size)

    def known(self, rows: Iterable[CsvRow]) -> None:
        """Rows about records that are not new."""
        self._through_inbox(rows)
        self._write()

    def _through_inbox(self, rows: Iterable[CsvRow]) -> None:
        for row in rows:
            self._row(row)
            if len(self.made) >= ROWS_AT_ONCE:
                self._write()

    def _row(self, row: CsvRow) -> None:
        """All the facts of a row, or none: it is set aside whole."""
        facts: list[Fact] = []
        try:
            if row.fault:
                raise BadRowError("", row.fault)
            for make in self.makers:
                facts.extend(make(row.cells, row.line))
        except BadRowError as bad:
            self._reject(row, Reject(row.line, bad.column, bad.why))
            return
        if facts:
            self.made.append(facts)
        else:
            self.result.skipped += 1

    def _reject(self, row: CsvRow, reject: Reject) -> None:
        self.set_aside.add(row.cells, reject)
        self.result.rejected += 1
        if len(self.result.first_rejects) < _NAMED:
            self.result.first_rejects.append(reject)

    def _write(self) -> None:
        if not self.made:
            return
        latest = {fact.identity: fact for facts in self.made for fact in facts}
        if self.keys is not None:
            self.keys.bring_back()
        with self.part():
            new = news(self.session, [(f.bucket, f.identity, f.digest) for f in latest.values()])
            # In the order of the key: on a large inbox, writes scattered over it are several times slower.
            put_checked(
                self.session, sorted(f.what for k, f in latest.items() if k in new and isinstance(f.what, InboxRow))
            )
            _put_users(self.session, [f.what for k, f in latest.items() if k in new and isinstance(f.what, User)])
        loaded = sum(any(fact.identity in new for fact in facts) for facts in self.made)
        self.result.loaded += loaded
        self.result.unchanged += len(self.made) - loaded
        self.result.facts += len(new)
        self.made = []
        if self.progress:
            self.progress(self.file.read, self.file.size)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Many tuples and no circles among them: the collector would go over all of them again and again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _put_users(session: Session, users: Sequence[User]) -> None:
    session.many(
        "INSERT INTO segue_user (name, label, email, time_zone) VALUES (:name, :label, :email, :time_zone)"
        " ON CONFLICT (name) DO UPDATE SET label = excluded.label, email = coalesce(excluded.email, segue_user.email),"
        " time_zone = coalesce(excluded.time_zone, segue_user.time_zone)",
        [user._asdict() for user in users],
    )
