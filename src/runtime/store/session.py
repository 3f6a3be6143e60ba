"""One connection to the store and the one way statements are run on it.

Statements are SQL text with `:name` parameters, the same on SQLite and PostgreSQL but for what `dialect.py` words
differently. They are translated to the driver's own parameter style once and run as text: building an expression
anew costs twenty times as much as running it.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Self

from sqlalchemy import Connection, Engine

from .failures import spoken
from .names import quoted

_PARAMETER = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?<!:):([A-Za-z_][A-Za-z_0-9]*)|%")

_ROWS, _VALUES = 64, 32_000  # of one INSERT on SQLite: rows, and the values it takes at most
FOR_EVER = 1 << 62  # a LIMIT that is none, an instant that never comes
_IDLE = 0  # psycopg's TransactionStatus
_PATIENCE = 2.0  # seconds in which a server takes a word to break off
Row = tuple[Any, ...]


class AlreadyThere(Exception):  # noqa: N818 # no failure: the caller goes another way
    """A row of a bulk load has a key that is taken."""


class Session:
    """A connection with explicit transactions. `statements` counts what was run (tests read it), `tally` what the
    engine's phases did with it (its log tells)."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.statements = 0
        self.tally: Counter[str] = Counter()
        self.guard: Callable[[], None] | None = None  # what each transaction begins with: the check of a lease
        raw = connection.connection.driver_connection
        # On SQLite the driver is asked at once: a statement is as quick as what SQLAlchemy does around it.
        self._sqlite = raw if isinstance(raw, sqlite3.Connection) else None

    def run(self, sql: str, /, **values: object) -> list[Row]:
        """Run one statement; the rows it gives back, [] where it gives none."""
        return self.bound(sql, values)

    def bound(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        """`run` for parameters that come as a mapping."""
        self.statements += 1
        if self._sqlite is not None:
            return self._asked(self._sqlite, sql, values).fetchall()
        cursor = self.connection.exec_driver_sql(_driver_text(sql, self.dialect), dict(values))
        if not cursor.returns_rows:
            return []
        return [tuple(row) for row in cursor.fetchall()]

    def count(self, sql: str, values: Mapping[str, object]) -> int:
        """Run an INSERT, UPDATE or DELETE; how many rows it touched."""
        self.statements += 1
        if self._sqlite is not None:
            return max(self._asked(self._sqlite, sql, values).rowcount, 0)
        cursor = self.connection.execution_options(preserve_rowcount=True).exec_driver_sql(
            _driver_text(sql, self.dialect), dict(values)
        )
        return max(cursor.rowcount, 0)

    def _asked(self, raw: sqlite3.Connection, sql: str, values: Mapping[str, object]) -> sqlite3.Cursor:
        try:
            return raw.execute(sql, dict(values))
        except sqlite3.Error as error:
            raise self._spoken(error) from error

    def _spoken(self, error: sqlite3.Error) -> Exception:
        return spoken(error, self.connection.get_execution_options().get("store", "the store")) or error

    def many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run one statement for each of many parameter sets."""
        if not rows:
            return
        self.statements += 1
        if self._sqlite is None:
            self.connection.exec_driver_sql(_driver_text(sql, self.dialect), [dict(row) for row in rows])
            return
        try:
            self._sqlite.executemany(sql, [dict(row) for row in rows])
        except sqlite3.Error as error:
            raise self._spoken(error) from error

    def load(self, table: str, names: Sequence[str], rows: bytes | Sequence[Sequence[Any]]) -> None:
        """Add rows to a table in bulk: on SQLite column by column, on PostgreSQL as COPY reads them. Raises
        AlreadyThere where one of them breaks a key: then the transaction, or the savepoint, has to be rolled back."""
        self.statements += 1
        into = f"{quoted(table)} ({', '.join(map(quoted, names))})"
        if isinstance(rows, bytes):
            return self._copy(f"COPY {into} FROM STDIN", rows)
        assert self._sqlite is not None, "columns for SQLite"
        try:
            self._insert(self._sqlite, f"INSERT OR FAIL INTO {into} VALUES ", rows)
        except sqlite3.IntegrityError as error:
            raise AlreadyThere from error
        except sqlite3.Error as error:
            raise self._spoken(error) from error

    def _insert(self, raw: sqlite3.Connection, sql: str, columns: Sequence[Sequence[Any]]) -> None:
        """Many rows a statement: that takes half the time of one statement for each."""
        row, rows = f"({', '.join('?' * len(columns))})", zip(*columns, strict=True)
        many = max(1, min(_ROWS, _VALUES // len(columns)))
        values, size = chain.from_iterable(rows), many * len(columns)
        whole = len(columns[0]) // many
        raw.executemany(sql + ", ".join([row] * many), (tuple(islice(values, size)) for _ in range(whole)))
        raw.executemany(sql + row, rows)

    def _copy(self, sql: str, rows: bytes) -> None:
        import psycopg

        raw: Any = self.connection.connection.driver_connection
        try:
            with raw.cursor() as cursor, cursor.copy(sql) as copy:
                copy.write(rows)
        except psycopg.errors.UniqueViolation as error:
            raise AlreadyThere from error
        except psycopg.Error as error:
            raise spoken(error, self.connection.get_execution_options().get("store", "the store")) or error from error

    def one(self, sql: str, /, **values: object) -> Any:
        """The first column of the first row, None where there is none."""
        rows = self.bound(sql, values)
        return rows[0][0] if rows else None

    def raw_sqlite(self) -> sqlite3.Connection:
        """The driver's own connection, to copy a whole store in memory; only there on SQLite."""
        assert self._sqlite is not None, "a store on SQLite"
        return self._sqlite

    def look_up(self) -> None:
        """From now on single rows are looked up and written, and nothing is walked over: on SQLite such pages are kept
        by the connection, and not looked at in the file where they lie (decision 0021)."""
        if self._sqlite is not None:
            self._sqlite.execute("PRAGMA mmap_size = 0").close()

    def break_off(self) -> None:
        """From another thread: the statement that runs on it now fails; nothing happens where none runs."""
        if self._sqlite is not None:
            self._sqlite.interrupt()
        else:
            raw: Any = self.connection.connection.driver_connection
            raw.cancel_safe(timeout=_PATIENCE)

    @property
    def lost(self) -> bool:
        """Whether its connection is no more; the temporary tables went with it."""
        return self.connection.closed or self.connection.invalidated

    def close(self) -> None:
        """Give the connection back; what was not committed is undone. Closing again does nothing."""
        if self.connection.closed:
            return
        self.rollback()
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. On SQLite it takes the write lock at once, so that it never fails half way."""
        self.begin()
        try:
            yield
            self.commit()
        except BaseException:
            self.rollback()
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction: all of it or nothing, the rest of the transaction stands."""
        self._say("SAVEPOINT part")
        try:
            yield
        except Exception:
            self._say("ROLLBACK TO SAVEPOINT part")
            self._say("RELEASE SAVEPOINT part")
            raise
        self._say("RELEASE SAVEPOINT part")

    def begin(self) -> None:
        self._say("BEGIN IMMEDIATE" if self.dialect == "sqlite" else "BEGIN ISOLATION LEVEL READ COMMITTED")
        if self.guard is None:
            return
        counted = self.statements  # without the guard's: how many transactions there are is a matter of time
        try:
            self.guard()
            self.statements = counted
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        self._say("COMMIT")

    def rollback(self) -> None:
        if self._sqlite is None and self.connection.invalidated:
            self.connection.rollback()  # a Ctrl-C in the middle of a statement: the server has undone it
        elif self._in_transaction():
            self._say("ROLLBACK")

    def _say(self, sql: str) -> None:
        """SQLAlchemy gives a connection up when a Ctrl-C meets it in a statement; the driver of SQLite does not."""
        if self._sqlite is not None:
            self._asked(self._sqlite, sql, {})
        else:
            self.connection.exec_driver_sql(sql)

    def _in_transaction(self) -> bool:
        if self._sqlite is not None:
            return self._sqlite.in_transaction
        raw: Any = self.connection.connection.driver_connection
        return raw is not None and raw.info.transaction_status != _IDLE


@lru_cache(maxsize=4096)
def _driver_text(sql: str, dialect: str) -> str:
    """SQLite knows `:name` itself; psycopg wants `%(name)s` and a doubled per cent sign."""
    if dialect == "sqlite":
        return sql

    def replace(found: re.Match[str]) -> str:
        if found.group(1):
            return f"%({found.group(1)})s"
        return found.group(0).replace("%", "%%")

    return _PARAMETER.sub(replace, sql)


def placeholders(prefix: str, values: Iterable[object], into: dict[str, object]) -> str:
    """`:p0, :p1, ..` for a list of values, which are put `into` the parameters."""
    names = []
    for i, value in enumerate(values):
        into[f"{prefix}{i}"] = value
        names.append(f":{prefix}{i}")
    return ", ".join(names)


def connect(engine: Engine) -> Session:
    """A session on a connection of its own. The driver's implicit transactions are off: we say BEGIN ourselves."""
    return Session(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
