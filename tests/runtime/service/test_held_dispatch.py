"""A store far behind its clock with messages on their way, such as a backup put back, sends nothing until told."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.channels.base import Result
from runtime.channels.memory import MemoryChannel
from runtime.errors import InvalidInput
from runtime.project.loading import load, open_store
from runtime.service.orders import Order
from runtime.service.running import run
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.times.zones import DAY, HOUR, MINUTE

NOW = 1_772_712_000_000_000  # 2026-03-05 12:00 UTC
RULES = """template hello { topic: account subject: "Hi" body: "Hello" }
workflow w of contact { when: manually send hello }
"""


class Down(MemoryChannel):
    def publish(self, keys):
        return {key: Result("later", "no answer") for key in keys}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/a.segue").write_text(RULES)
    (tmp_path / "schema.yaml").write_text(
        "extends: standard\ntopics:\n  account: {label: Account, kind: transactional}\n"
    )
    (tmp_path / "segue.yaml").write_text("name: held\n")
    return tmp_path


def at_work(project: Path, now: int, channel: MemoryChannel, **order: bool) -> None:
    loaded = load(project)
    with open_store(loaded) as store:
        run(loaded, store, channel, Order(once=True, **order), now=lambda: now)


def test_a_backup_with_open_mail_is_held_until_told(project: Path) -> None:
    loaded = load(project)
    with Store.create(f"sqlite:///{project / 'crm.db'}", loaded.schema) as store, store.session() as session:
        ann = record_id("contact", "ann")
        rows = [
            inbox.record_row("contact", "ann", {"email": "a@x.example", "email__n": "a@x.example"}, at=NOW - HOUR),
            inbox.command_row("enroll", "contact", ann, "workflow w", at=NOW + 1, by="rep", hand=True),
        ]
        with session.transaction():
            inbox.put(session, rows)
    for minute in range(3):
        at_work(project, NOW + minute * MINUTE, Down())
    later = MemoryChannel()
    with pytest.raises(InvalidInput, match="more than a day behind, with messages on their way"):
        at_work(project, NOW + 3 * DAY, later)
    assert later.messages == {}
    at_work(project, NOW + 3 * DAY, later, resume_dispatch=True)
    at_work(project, NOW + 3 * DAY + HOUR, later)
    assert len(later.messages) == 1
