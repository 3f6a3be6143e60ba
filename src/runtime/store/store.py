"""The store: a database, opened with the right settings, that is known to be ours."""

from __future__ import annotations

import sqlite3
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from dsl.schema.model import Schema

from ..errors import InvalidInput, StoreError
from . import ledger, meta  # noqa: F401 # the ledger: its table is one of ours
from .failures import speak_plainly, spoken
from .ids import stable_hash
from .objects import crm_metadata, timeline_view
from .patterns import know_patterns
from .session import Session, connect
from .shape import schema_hash, schema_json
from .tables import metadata

FORMAT = 4  # of our own tables, one more with each revision in `upgrades`
_MEMORY = "sqlite://"
_STATEMENTS = 2_000  # kept prepared: the engine runs some hundred texts again and again, the driver's default is 128
_PATIENCE = 5.0  # seconds in which another process gives a file free, as `busy_timeout` has it
_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = OFF",
    # In memory up to 16 MB, what is more in a file that nobody sees: an edit may turn the verdict on everybody.
    "PRAGMA temp_store = FILE",
    "PRAGMA temp.cache_size = -16384",
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 2147418112",
)


class Store:
    """An open store. Sessions are connections of their own, but in memory, where all share the one there is."""

    def __init__(self, engine: Engine, url: str, readonly: bool = False) -> None:
        self.engine = engine
        self.url = url
        self.readonly = readonly

    @classmethod
    def open(cls, url: str, create: bool = False, readonly: bool = False) -> Self:
        """The store at `url`: `sqlite:///crm.db`, `sqlite:////var/crm.db`, `postgresql+psycopg://user@host/crm`.

        `create` makes an empty SQLite file where there is none and accepts a database without our tables, or with
        those of an older format (`segue migrate` then brings them up). Raises StoreError and its kinds.
        """
        store = cls(_engine(_parsed(url), create, readonly), url, readonly)
        try:
            store.check_format(create)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, url: str, schema: Schema) -> Self:
        """A new store with every table of `schema`: the fast way for tests; `migrate` is the careful one."""
        store = cls.open(url, create=True)
        create_all(store, schema)
        return store

    @classmethod
    def memory(cls, schema: Schema) -> Self:
        """A new store in memory; it is gone with `close`."""
        return cls.create(_MEMORY, schema)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @property
    def in_memory(self) -> bool:
        """Whether all sessions are on the one connection there is."""
        return isinstance(self.engine.pool, StaticPool)

    @property
    def name(self) -> str:
        """What people call it: the file, or the address without its password."""
        return _spoken_name(_parsed(self.url))

    def session(self) -> Session:
        """A session on a connection of its own; close it, or use it with `with`."""
        return connect(self.engine)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def format(self) -> int:
        """The format of our own tables, as `check_format` has found it to be a number."""
        return int(self.get("format") or 0)

    def get(self, key: str) -> str | None:
        """A value of segue_meta."""
        with self.session() as session:
            return meta.read(session, key)

    def check_format(self, create: bool = False) -> None:
        """Raises StoreError where these are no tables that this program knows: somebody may have changed them since it
        was opened. `create` as of `open`."""
        with self.engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
        if metadata.tables["segue_meta"].name not in tables:
            if create:
                return
            raise StoreError(f"{self.name} holds no store yet", "run `segue migrate` first")
        found = self.get("format") or "none"
        if not found.isdigit() or int(found) > FORMAT:
            raise StoreError(
                f"{self.name} has format {found}, this Segue reads formats up to {FORMAT}",
                "use the newer Segue that made it" if found.isdigit() else "this is no store of Segue's",
            )
        if int(found) < FORMAT and not create:
            raise StoreError(f"{self.name} was made by an older Segue (format {found})", "run `segue migrate`")


def create_all(store: Store, schema: Schema) -> None:
    """Every table of ours and of the schema, in one transaction."""
    # Our own BEGIN: Python's driver of SQLite would begin before an INSERT only, and each table stood for itself.
    with store.session() as session, session.transaction():
        alone(session)
        connection = session.connection
        if inspect(connection).has_table(metadata.tables["segue_meta"].name):
            return  # somebody else made it while we waited for the lock
        refuse_foreign(session, schema, store.name)
        metadata.create_all(connection)
        crm_metadata(schema).create_all(connection)
        connection.exec_driver_sql(timeline_view(schema).replace("%", "%%"))
        values = first_values(schema)
        rows = [{"key": key, "value": value} for key, value in values.items()]
        connection.execute(metadata.tables["segue_meta"].insert(), rows)


def alone(session: Session) -> None:
    """Of two who make or change tables at once the second waits here, and then sees what the first one did: on SQLite
    its transaction waits. Raises StoreBusy where the first one takes long."""
    if session.dialect == "postgresql":
        session.run(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
        session.run("SELECT pg_advisory_xact_lock(:tables)", tables=stable_hash("tables"))


def refuse_foreign(session: Session, schema: Schema, name: str) -> None:
    """Raises StoreError where a database that is no store has tables of the names that ours would have: what
    is in them is not ours to use or to change."""
    ours = {*metadata.tables, *crm_metadata(schema).tables}
    taken = sorted(ours.intersection(inspect(session.connection).get_table_names()))
    if taken:
        more = f" and {len(taken) - 3} more" if len(taken) > 3 else ""
        raise StoreError(
            f"{name} holds another program's tables: {', '.join(taken[:3])}{more}", "name a database of its own"
        )


def first_values(schema: Schema) -> dict[str, str]:
    """segue_meta of a new store. `clock` is not among them: the first tick sets it."""
    return {
        "format": str(FORMAT),
        "store_id": uuid.uuid4().hex,
        "schema": schema_json(schema),
        "schema_hash": schema_hash(schema),
    }


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        kind, slashes, _ = url.partition("://")  # what is behind may be a password
        shown = f"{kind}://.." if slashes else url
        hint = (
            "write `sqlite:///crm.db` or `postgresql+psycopg://..`; in a password `/`, `@` and `#` are %2F, %40 and %23"
        )
        raise InvalidInput(f"`{shown}` is no address of a store", hint) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise InvalidInput(
            f"`{parsed.drivername}` is no kind of store", "write `sqlite:///crm.db` or `postgresql+psycopg://..`"
        )
    return parsed


def _spoken_name(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or "the store in memory"
    return url.set(query={}).render_as_string(hide_password=True)  # a query may hold a password, too


def _engine(url: URL, create: bool, readonly: bool) -> Engine:
    name = _spoken_name(url)
    if url.get_backend_name() != "sqlite":
        options = "-c jit=off" + (" -c default_transaction_read_only=on" if readonly else "")
        engine = create_engine(url, connect_args=_postgres_arguments(options))
    elif not url.database or url.database == ":memory:":
        engine = create_engine(_MEMORY, creator=_open_memory, poolclass=StaticPool)
    else:
        path = Path(url.database)
        _refuse_what_is_no_file(path, create)
        opener = partial(_open_file, path, create, readonly, name)
        engine = create_engine("sqlite://", creator=opener, poolclass=QueuePool)
    speak_plainly(engine, name)
    return engine


def _postgres_arguments(options: str) -> dict[str, object]:
    """Values are bound by the driver as literals, so that PostgreSQL infers their types from where they stand: the
    statements are the same text on both databases. To compile one (jit) takes longer than most of them run."""
    from psycopg import ClientCursor

    return {"cursor_factory": ClientCursor, "options": options}


def _refuse_what_is_no_file(path: Path, create: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a store", "name the file: `sqlite:///folder/crm.db`")
    if not path.exists() and not create:
        raise StoreError(f"there is no store {path}", "run `segue migrate` first")
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent} for the store", "create the folder first")


def _open_memory() -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None, cached_statements=_STATEMENTS)
    know_patterns(memory)
    return memory


def _open_file(path: Path, create: bool, readonly: bool, name: str) -> sqlite3.Connection:
    """A connection with our settings. Readonly may still read a log that another process writes."""
    mode = "rwc" if create else "rw"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    try:
        connection = sqlite3.connect(
            address, uri=True, timeout=5, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
        )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        know_patterns(connection)
        if readonly:
            connection.execute("PRAGMA query_only = ON")
        elif connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _write_ahead(connection)
        return connection
    except sqlite3.Error as error:
        raise spoken(error, name) or error from error


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of those who come to a new file at once each asks for this, and for it alone SQLite does not wait by itself."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
