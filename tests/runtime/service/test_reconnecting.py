"""A server that starts anew under a worker on the real clock: it goes on, unless the store is another one by then."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.errors import SchemaMismatch, StoreError
from runtime.project.loading import load, open_store
from runtime.service.orders import Order
from runtime.service.running import run
from runtime.store import inbox, migrate
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.times.zones import MINUTE

pytestmark = pytest.mark.postgres
NOW = 1_772_712_000_000_000  # 2026-03-05 12:00 UTC
SCHEMA = "extends: standard\ntopics:\n  account: {label: Account, kind: transactional}\n"
RULES = """template hello { topic: account subject: "Hi" body: "Hello" }
workflow w of contact { when: manually send hello }
"""


@pytest.fixture
def project(tmp_path: Path, postgres_url: str) -> Path:
    (tmp_path / "a.segue").write_text(RULES)
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "segue.yaml").write_text(f'name: again\nstore: "{postgres_url}"\n')
    loaded = load(tmp_path)
    with Store.create(postgres_url, loaded.schema) as store, store.session() as session, session.transaction():
        ann = {"email": "a@x.example", "email__n": "a@x.example"}
        inbox.put(session, [inbox.record_row("contact", "ann", ann, at=NOW - MINUTE)])
    return tmp_path


def worked(project: Path, meanwhile: Callable[[Store], object], minutes: int = 4) -> tuple[list[str], MemoryChannel]:
    """A worker of some minutes; after its first its server ends all connections and `meanwhile` is done. What it
    warned of, and what left."""
    loaded, channel, warned = load(project), MemoryChannel(), []
    passed = count(1)

    def sleep(_: float) -> None:
        match next(passed):
            case 1:
                with open_store(loaded) as other:
                    _end_others(other)
                    meanwhile(other)
            case n if n >= minutes:
                raise KeyboardInterrupt

    def log(level: str, event: str, /, **_: object) -> None:
        if level == "warning":
            warned.append(event)

    clock = count(NOW, MINUTE)
    with open_store(loaded) as store:
        run(loaded, store, channel, Order(), log=log, now=lambda: next(clock), sleep=sleep)
    return warned, channel


def _end_others(store: Store) -> None:
    with store.session() as session:
        session.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def _asks(store: Store) -> None:
    with store.session() as session, session.transaction():
        ann = record_id("contact", "ann")
        row = inbox.command_row("enroll", "contact", ann, "workflow w", at=NOW + MINUTE, by="rep", hand=True)
        inbox.put(session, [row])


def test_it_goes_on_where_it_stopped(project: Path) -> None:
    warned, channel = worked(project, _asks)
    assert len(warned) == 1 and warned[0].endswith("; trying again in a minute")
    assert len(channel.sent) == 1


def test_a_store_that_a_newer_segue_migrated_meanwhile_is_left_alone(project: Path) -> None:
    def newer(store: Store) -> None:
        with store.session() as session, session.transaction():
            session.run("UPDATE segue_meta SET value = '99' WHERE key = 'format'")

    with pytest.raises(StoreError, match="has format 99, this Segue reads formats up to"):
        worked(project, newer)


def test_a_store_that_does_not_fit_the_rules_any_more_is_left_alone(project: Path) -> None:
    """A property was renamed while nobody was connected."""
    (project / "schema.yaml").write_text(SCHEMA + "objects: {contact: {properties: {tel: {type: text}}}}\n")
    loaded = load(project)
    with Store.open(f"{loaded.project.store}", create=True) as store:
        migrate.apply(migrate.plan(store, loaded.schema))

    def renamed(store: Store) -> None:
        text = SCHEMA + "objects: {contact: {properties: {mobile: {type: text, was: tel}}}}\n"
        (project / "schema.yaml").write_text(text)
        migrate.apply(migrate.plan(store, load(project).schema))

    with pytest.raises(SchemaMismatch, match=r"add property contact\.tel"):
        worked(project, renamed)
