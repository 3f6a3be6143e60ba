"""PostgreSQL databases that hold the tables of a schema and nothing in them, used by one test after the other.

Making a hundred tables takes PostgreSQL a second; emptying the few that were written, a hundredth of one. Their stores
stay open: a new connection has its temporary tables to make and the catalogue to read before it does anything."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy import QueuePool

from dsl.schema.model import Schema
from runtime.store.shape import schema_hash
from runtime.store.store import Store

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_KEPT_OPEN = "segue_tests"  # what the connections of the kept stores are called

# What a test that failed has left open holds its leases.
_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (application_name <> %s OR %s)
"""
_EMPTY = """
DO $$ DECLARE one text; filled boolean; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'segue_meta' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %I', one); END IF;
  END LOOP;
  DELETE FROM segue_meta WHERE key NOT IN ('format', 'store_id', 'schema', 'schema_hash');
END $$
"""


@dataclass
class _Database:
    store: Store
    admin: psycopg.Connection

    def holds(self, schema: Schema) -> bool:
        """Whether its tables are still those of this schema: a test may have migrated them."""
        return self.store.get("schema_hash") == schema_hash(schema)

    def close(self) -> None:
        self.store.close()
        self.admin.close()

    def empty(self) -> None:
        pool = self.store.engine.pool
        assert isinstance(pool, QueuePool)
        left_open = pool.checkedout() > 0
        if left_open:
            self.store.engine.dispose()
        self.admin.execute(_ALONE, [_KEPT_OPEN, left_open])
        self.admin.execute(_EMPTY)


@dataclass
class Databases:
    """Those of one server, by the folder of its socket."""

    socket: str
    _made: dict[tuple[str, int], _Database] = field(default_factory=dict)
    _count: int = 0

    def store(self, schema: Schema, number: int = 0) -> Store:
        """An empty store that stays open. `number`: of the stores that one test has at a time."""
        key = (schema_hash(schema), number)
        if key in self._made and not self._made[key].holds(schema):
            self._made.pop(key).close()
        if key not in self._made:
            self._count += 1
            self._made[key] = self._new(schema, f"segue_emptied_{self._count}")
        self._made[key].empty()
        return self._made[key].store

    def _new(self, schema: Schema, name: str) -> _Database:
        with psycopg.connect(host=self.socket, user="postgres", dbname="postgres", autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE segue_template".encode())
        url = f"postgresql+psycopg://postgres@/{name}?host={self.socket}"
        Store.create(url, schema).close()
        store = Store.open(f"{url}&application_name={_KEPT_OPEN}")
        store.url = url  # whoever opens it anew is no such connection
        admin = psycopg.connect(host=self.socket, user="postgres", dbname=name, autocommit=True)
        return _Database(store, admin)

    def close(self) -> None:
        for one in self._made.values():
            one.close()
