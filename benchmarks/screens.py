"""How long the terminal app takes to open each room and to answer keys on a large store, beside the SQL of the same
figures written by hand and run alone.

python -m benchmarks.screens [--json] [--contacts 1000000] [--store FILE]

`--store` keeps the store; one that is there is used. Times are milliseconds of the clock: `seen`, until the first rows
of the room are drawn; `whole`, until every figure of it is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.pilot import Pilot

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.store.store import Store
from tui.app import SegueApp
from tui.desk_screen import DeskScreen
from tui.paged_table import PagedTable

ROOMS = {"home": (), "sequences": ("2",), "analyze": ("3",)}
PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")
KEYS = ("down", "pagedown", "end", "pageup", "home", "space")
SIZE = (200, 60)

# The same by hand, and nothing else: what a person would ask a database for.
BY_HAND = {
    "home": (
        "SELECT definition_id, status, count(*) FROM segue_enrollment GROUP BY 1, 2",
        "SELECT count(*) FROM contact",
        "SELECT count(*) FROM segue_task WHERE state = 'open'",
        "SELECT assignee, count(*), min(due_at) FROM segue_task WHERE state = 'open' GROUP BY 1",
    ),
    "sequences": (
        "SELECT definition_id, status, count(*) FROM segue_enrollment GROUP BY 1, 2",
        "SELECT definition_id, count(DISTINCT contact_id) FROM segue_enrollment GROUP BY 1",
        *(
            f"SELECT e.definition_id, count(DISTINCT e.contact_id) FROM event_{event} v CROSS JOIN segue_enrollment e"
            f" WHERE e.bucket = v.bucket AND e.id = v.enrollment_id AND coalesce(v.class, 'human') {of} GROUP BY 1"
            for event, of in (("opened_email", "<> 'machine'"), ("clicked_email", "= 'human'"))
        ),
        "SELECT e.definition_id, count(DISTINCT e.contact_id) FROM event_replied v CROSS JOIN segue_enrollment e"
        " WHERE e.bucket = v.bucket AND e.id = v.enrollment_id GROUP BY 1",
        "SELECT e.definition_id, count(DISTINCT e.contact_id) FROM event_booked_meeting v CROSS JOIN segue_enrollment e"
        " WHERE e.bucket = v.bucket AND e.contact_id = v.record_id AND v.at >= e.enrolled_at GROUP BY 1",
    ),
}


def measure(path: Path) -> dict[str, dict[str, float]]:
    found = {f"room {name}": asyncio.run(_opening(path, keys)) for name, keys in ROOMS.items()}
    with Store.open(f"sqlite:///{path}") as store, store.session() as session:
        for name, statements in BY_HAND.items():
            start = time.perf_counter()
            for sql in statements:
                session.run(sql)
            found[f"room {name}"]["by hand"] = _since(start)
    found["enrollments"] = asyncio.run(_keys(path))
    return found


async def _opening(path: Path, keys: tuple[str, ...]) -> dict[str, float]:
    app = SegueApp(f"sqlite:///{path}", live=False)
    start = time.perf_counter()
    async with app.run_test(size=SIZE) as pilot:
        if keys:
            await _settled(pilot)
            start = time.perf_counter()
            await pilot.press(*keys)
        while not _drawn(app):
            await asyncio.sleep(0.001)
        seen = _since(start)
        await _settled(pilot)
        return {"seen": seen, "whole": _since(start)}


async def _keys(path: Path) -> dict[str, float]:
    """Each key until what it brings into sight is drawn."""
    app, found = SegueApp(f"sqlite:///{path}", live=False), {}
    async with app.run_test(size=SIZE) as pilot:
        for key in PEOPLE:
            await pilot.press(key)
            await _settled(pilot)
        table = app.screen.query_one("#enrolled", PagedTable)
        for key in KEYS:
            start = time.perf_counter()
            await pilot.press(key)
            while table.row_at(table.cursor) is None:
                await asyncio.sleep(0.001)
            found[key] = _since(start)
    return found


def _drawn(app: SegueApp) -> bool:
    """Whether a table of the screen has its first row."""
    screen = app.screen
    return isinstance(screen, DeskScreen) and any(table.row_at(0) for table in screen.query(PagedTable))


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1_000, 1)


@contextmanager
def _store(contacts: int, kept: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "crm.db"
        if not path.exists():
            with Store.create(f"sqlite:///{path}", standard_schema()) as store, store.session() as session:
                fill(session, contacts)
        yield path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with _store(given.contacts, given.store) as path:
        found = measure(path)
    if given.json:
        print(json.dumps({"contacts": given.contacts, **found}))
        return
    for name, times in found.items():
        print(f"{name:<18}" + "  ".join(f"{what} {ms:,.1f} ms" for what, ms in times.items()))


if __name__ == "__main__":
    main()
