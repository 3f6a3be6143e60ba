"""Operations: the machine, whose enrollments are behind, who holds the leases."""

from __future__ import annotations

import re

from textual.pilot import Pilot

from runtime.project.loading import Settings, load, open_store
from runtime.store import leases
from runtime.store.store import Store
from runtime.store.worker import only_worker
from tui.sequences.enrollments import Enrollments
from tui.sequences.sequence import SequenceScreen

from .driving import drive, press, rows, text

OPERATIONS = ("g", "o")


def test_errors_are_told_by_definition_and_opened(crm: str) -> None:
    async def then(pilot: Pilot[None]) -> list[tuple[str, ...]]:
        found = rows(pilot, "behind-table")
        await press(pilot, "home", "enter")
        assert isinstance(pilot.app.screen, SequenceScreen)
        assert pilot.app.screen.query_one(Enrollments).choice.statuses == ("errored",)
        return found

    found = drive(None, *OPERATIONS, "right_square_bracket", then=then, store=crm)
    with Store.open(crm) as store, store.session() as session:
        errors = session.one("SELECT count(*) FROM segue_enrollment WHERE status = 'errored'")
    assert errors and sum(int(row[4]) for row in found if row[4] != "–") == errors


def test_leases_stand_together_or_one_by_one(crm: str) -> None:
    async def then(pilot: Pilot[None]) -> tuple[list[tuple[str, ...]], int, str]:
        together = rows(pilot, "leases-table")
        await press(pilot, "v")
        return together, len(rows(pilot, "leases-table")), text(pilot, "#top")

    with Store.open(crm) as store, store.session() as session:
        lease = leases.take(store, session)
        (one,), each, head = drive(None, *OPERATIONS, "left_square_bracket", then=then, store=crm)
        assert one[0] == "0 – 255" and one[1].startswith("process ") and one[4].startswith("in time, ")
        assert each == 256 and "256 leases held" in head
        lease.release()


def test_since_when_a_worker_runs_is_told_by_the_clock_of_the_account(shop: Settings) -> None:
    """With its name, on Home and in Operations."""
    with open_store(load(shop.root)) as store, only_worker(store):
        home = drive(shop, then=_top, user="zofia")
        machine = drive(shop, *OPERATIONS, then=_standing, user="zofia")
    assert re.search(r"since 20\d\d-\d\d-\d\d \d\d:\d\d Europe/Warsaw", home), home
    assert re.search(r"since 20\d\d-\d\d-\d\d \d\d:\d\d Europe/Warsaw", machine), machine


async def _top(pilot: Pilot[None]) -> str:
    return text(pilot, "#top")


async def _standing(pilot: Pilot[None]) -> str:
    return text(pilot, "#standing")
