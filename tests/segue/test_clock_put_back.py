"""A machine whose clock is put back (NTP, somebody's hand, a virtual machine that was restored): under a running worker
and between two runs. Nothing is done twice, nothing is lost, and it is told (X12)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from runtime.errors import InvalidInput
from runtime.project import loading as projects
from runtime.service.orders import Order
from runtime.service.running import run as run_project
from runtime.store import inbox
from runtime.store.ids import record_id

from .conftest import Segue

MINUTE = 60_000_000
START = 1_772_445_600_000_000  # 2026-03-02 10:00 UTC
RULES = """
workflow seen "Seen" of contact {
  when: viewed_page
  again: always
  wait 7 minutes
  clear contact.phone
}
"""
Steps = list[tuple[int, str]]


def worked(project: Path, jumps: Mapping[int, int], minutes: int) -> tuple[Steps, list[str], int | None]:
    """What was done in which minute by a worker on the real clock whose machine's clock jumps by so many minutes in
    the n-th; what it warned of; where the store stands. Somebody looks at a page every five minutes of true time."""
    loaded = projects.load(project)
    now, passed, warned = START, 0, list[str]()

    def sleep(seconds: float) -> None:
        nonlocal now, passed
        passed += 1
        now += round(seconds * 1_000_000) + jumps.get(passed, 0) * MINUTE
        if passed % 5 == 0:
            event = inbox.event_row("viewed_page", record_id("contact", "c"), f"e{passed}", {"path": "/"}, at=now)
            with store.session() as session, session.transaction():
                inbox.put(session, [event])
        if passed > minutes:
            raise KeyboardInterrupt

    def log(level: str, event: str, **_: object) -> None:
        if level == "warning" and "clock went back" in event:
            warned.append(event)

    with projects.open_store(loaded) as store:
        with store.session() as session, session.transaction():
            inbox.put(session, [inbox.record_row("contact", "c", {}, at=START - MINUTE)])
        channel = projects.open_channel(loaded)
        outcome = run_project(loaded, store, channel, Order(), log=log, now=lambda: now, sleep=sleep)
        with store.session() as session:
            steps = session.run("SELECT at, what FROM segue_step ORDER BY at, enrollment_id, ordinal")
    return [((at - START) // MINUTE, what) for at, what in steps], warned, outcome.ended_at


@pytest.fixture
def ready(segue: Segue, project: Path) -> Path:
    (project / "rules" / "clock.segue").write_text(RULES)
    return project


def test_x12_a_clock_put_back_under_a_worker_repeats_and_loses_nothing(ready: Path) -> None:
    """Three looks are dated before where the store stands: they are taken in when the clock is past it. Who looks while
    inside is not let in once more (X5)."""
    steps, warned, ended = worked(ready, {22: -15}, 60)
    assert len(warned) == 13, "each minute until the machine's clock is past the store's again"
    assert "until it is past 2026-03-02 11:21" in warned[0]
    assert ended == START + 45 * MINUTE
    done = {what: [at for at, did in steps if did == what] for what in ("entered", "clear")}
    assert done == {"entered": [5, 15, 25, 35, 45], "clear": [12, 22, 32, 42]}


def test_x12_a_clock_put_back_between_two_runs_is_refused(ready: Path) -> None:
    worked(ready, {}, 10)
    loaded = projects.load(ready)
    with projects.open_store(loaded) as store:
        before = store.get("clock")
        with pytest.raises(InvalidInput, match="is ahead of this machine's"):
            run_project(loaded, store, projects.open_channel(loaded), Order(once=True), now=lambda: START)
        assert store.get("clock") == before
