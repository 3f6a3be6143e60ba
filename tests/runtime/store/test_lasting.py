"""What a worker commits is on disk before it goes on (decision 0029)."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from runtime.errors import StoreError
from runtime.store import lasting
from runtime.store.store import Store
from runtime.store.worker import only_worker
from tests.runtime.engine.harness import compiled

RULES = "segment all of contact { plan = trial }"
_ASKED = "SELECT current_setting('synchronous_commit')"


@pytest.mark.postgres
@pytest.mark.parametrize(("told", "kept"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_a_worker_on_postgresql_waits_for_the_disk(postgres_url: str, told: str, kept: str) -> None:
    """Where it was told not to wait, and no less than it was told."""
    name = make_url(postgres_url).database
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = {told}".encode())
    with Store.create(postgres_url, compiled(RULES).schema) as store, store.session() as session:
        assert session.one(_ASKED) == told
        lasting.make_lasting(store, session)
        assert session.one(_ASKED) == kept


def test_the_folder_of_a_store_is_brought_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.create(f"sqlite:///{tmp_path}/crm.db", compiled(RULES).schema) as store:
        synced: list[int] = []
        monkeypatch.setattr(lasting.os, "fsync", synced.append)
        with only_worker(store):
            assert len(synced) == 1


def test_a_folder_that_cannot_be_synced_ends_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with Store.create(f"sqlite:///{tmp_path}/crm.db", compiled(RULES).schema) as store:
        with monkeypatch.context() as patched, pytest.raises(StoreError, match=r"crm\.db failed: Input/output error"):
            patched.setattr(lasting.os, "fsync", failing)
            with only_worker(store):
                pass
        with only_worker(store):
            pass  # nothing is left of the failed one
