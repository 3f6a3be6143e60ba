"""How long the terminal app takes to open each room and to answer keys on a large store; and its figures beside the SQL
that a person would write for them.

python -m benchmarks.screens [--json] [--contacts 1000000] [--store FILE|URL] [--runs 3] [--only figures]
    [--room home ..]

`--store` keeps the store, a file of SQLite or a database of PostgreSQL; one that is there is used. Of rooms,
milliseconds of the clock: `seen`, until the first rows of the room and its tiles are drawn; `whole`, until every figure
of it is; and what that took this process of the processor: on PostgreSQL without the server, and with figures of the
rooms on the way that were still worked out. A key: until the row that it leads to is drawn. Of figures, milliseconds of
the processor on SQLite, where other programs do not count, and of the clock on PostgreSQL; the best of the runs. Both
sides must find the same.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from sqlalchemy import NullPool, create_engine, inspect, make_url
from textual.pilot import Pilot
from textual.widgets import Input

from benchmarks.large_store import PROJECT, made
from benchmarks.screen_figures import every
from runtime.project.loading import load_settings
from runtime.store.store import Store
from tui.app import SegueApp
from tui.dialogs.going import GoScreen
from tui.frame.desk_screen import DeskScreen
from tui.frame.tabbed_screen import TabbedScreen
from tui.reports.dashboard import DashboardScreen
from tui.sequences.tiles import Tiles
from tui.tables.paged_table import PagedTable

NEXT_TAB = "right_square_bracket"
ROOMS = {
    "home": (),
    "sequences": ("2",),
    "analyze": ("3",),
    "one sequence": ("2", "down", "down", "enter"),
    **{name: ("g", key) for name, key in (("workflows", "w"), ("segments", "m"), ("contacts", "c"), ("companies", "y"),
       ("deals", "d"), ("tickets", "k"), ("tasks", "t"), ("playbooks", "p"), ("hygiene", "i"), ("reports", "b"),
       ("rules", "r"), ("operations", "o"), ("activity", "v"))},
    "one workflow": ("g", "w", "enter"),
    "one segment": ("g", "m", "enter"),
    "one segment, over time": ("g", "m", "enter", NEXT_TAB),
    "one contact": ("g", "c", "enter"),
    "one company": ("g", "y", "enter"),
    "one company, enrolled": ("g", "y", "enter", *[NEXT_TAB] * 3),
    "one company, people did": ("g", "y", "enter", *[NEXT_TAB] * 4),
    "one deal": ("g", "d", "enter"),
    "hygiene queue": ("g", "i", "down", "enter"),
    "dashboard": ("g", "b", "enter"),
    "dashboard of sequences": ("g", "b", "down", "enter"),
}  # fmt: skip
PEOPLE = ("2", "down", "down", "enter", NEXT_TAB)
# Where keys are pressed: the way to a list, and its keys.
KEYS = ("down", "pagedown", "end", "pageup", "home")
LISTS = {
    "enrollments": (PEOPLE, (*KEYS, "space")),
    "contacts": (("g", "c"), KEYS),
    "activity": (("g", "v"), KEYS),
    "members of a segment": (("g", "m", "enter"), KEYS),
    "hygiene queue": (("g", "i", "down", "enter"), (*KEYS, "space")),
}
SIZE = (200, 60)
Times = dict[str, float]  # milliseconds by what took them


def measure(address: str, runs: int, only: str = "", rooms: Sequence[str] = tuple(ROOMS)) -> dict[str, Times]:
    found: dict[str, Times] = {}
    if only in ("", "rooms"):
        found |= {f"room {name}": _alone(_opening(address, ROOMS[name])) for name in rooms}
    if only in ("", "keys"):
        found |= {name: _alone(_keys(address, *keys)) for name, keys in LISTS.items()}
    if only in ("", "figures"):
        with Store.open(address) as store, store.session() as session:
            schema = load_settings(PROJECT).schema
            found |= {f"figure {name}": times for name, times in every(session, schema, runs)}
    return found


def _alone(measured: Coroutine[None, None, Times]) -> Times:
    """As in a process of its own: the collector of garbage finds nothing of the apps before, and looks through nothing
    that was loaded (`tui.app.run`)."""
    gc.collect()
    gc.freeze()
    return asyncio.run(measured)


def _app(address: str) -> SegueApp:
    """For nobody of the project: its users see at first those whom they enrolled, this one everybody."""
    settings = load_settings(PROJECT)
    return SegueApp(address, settings.schema, settings.zone, user="operator", settings=settings, live=False)


async def _opening(address: str, keys: tuple[str, ...]) -> Times:
    """From the last key, which opens the room; before it one waits for the rows of lists on the way. The pilot's own
    `press` is of no use here: after each key it waits until the process rests from figures, for up to a second."""
    app = _app(address)
    start, worked = time.perf_counter(), time.process_time()
    async with app.run_test(size=SIZE) as pilot:
        if keys:
            await _settled(pilot)
            await _type(app, keys[:-1])
            start, worked = time.perf_counter(), time.process_time()
            await _turn(app, keys[-1])
        while not _drawn(app):
            await asyncio.sleep(0.001)
        seen = _since(start)
        while not _whole(app):
            await asyncio.sleep(0.001)
        whole, processor = _since(start), round((time.process_time() - worked) * 1_000, 1)
        await pilot.pause()  # so that no key waits any more when the app is left
        return {"seen": seen, "whole": whole, "processor": processor}


async def _type(app: SegueApp, keys: Sequence[str]) -> None:
    """The next tab may be asked for before the list of this one is there."""
    for key, following in pairwise((*keys, "")):
        await _turn(app, key)
        while not _ready(app, in_list=following != NEXT_TAB):
            await asyncio.sleep(0.001)


async def _turn(app: SegueApp, key: str) -> None:
    """Type a key that leads elsewhere: to another screen, or to another row of the list in focus. Where the question
    for the room is answered, the screen below it comes into sight for a moment: that is not yet the room."""
    before, below = _where(app), app.screen_stack[-2] if isinstance(app.screen, GoScreen) else None
    app.simulate_key(key)
    while _where(app) == before or app.screen is below:
        await asyncio.sleep(0.001)


def _where(app: SegueApp) -> tuple[object, ...]:
    focused = app.screen.focused
    return app.screen, focused, focused.cursor if isinstance(focused, PagedTable) else None


async def _keys(address: str, way: tuple[str, ...], keys: tuple[str, ...]) -> Times:
    """Each key until what it brings into sight is drawn; the figures of the screens on the way are still worked out
    meanwhile, as for somebody in a hurry."""
    app, found = _app(address), {}
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        await _type(app, way)
        table = app.screen.focused
        assert isinstance(table, PagedTable), "the way leads to a list"
        for key in keys:
            before, start = table.cursor, time.perf_counter()
            if before == _edge(key, table):  # it leads nowhere: a short list
                continue
            app.simulate_key(key)
            while table.cursor == before or table.row_at(table.cursor) is None:
                await asyncio.sleep(0.0005)
            found[key] = _since(start)
        await pilot.pause()
    return found


def _edge(key: str, table: PagedTable) -> int:
    """The row from which a key does not move."""
    return 0 if key in ("home", "pageup") else table.total - 1


def _ready(app: SegueApp, in_list: bool) -> bool:
    """Whether the next key has something to move in: a list with rows in focus, or a screen that has none."""
    screen, focused = app.screen, app.screen.focused
    if not screen.is_mounted or (focused is None and screen.focus_chain):
        return False
    if in_list and isinstance(focused, PagedTable) and not _filled(focused):
        return False
    # The first field that there is has the focus for a moment, then what the screen is meant for.
    if isinstance(screen, TabbedScreen):
        return focused is not None and screen.in_sight in focused.ancestors
    return not isinstance(focused, Input)


def _filled(table: PagedTable) -> bool:
    """Whether its first row is there, or it is known that there is none."""
    return table.known and (table.row_at(0) is not None or table.total == 0)


def _asking(app: SegueApp) -> bool:
    return isinstance(app.screen, DeskScreen) and app.screen.asking


def _drawn(app: SegueApp) -> bool:
    """Whether a table of the screen has its first row, or it is known that there is none: an operator without tasks. A
    screen with tiles has figures in them too, a dashboard its first report."""
    screen = app.screen
    if not isinstance(screen, DeskScreen) or not screen.is_mounted:
        return False
    if isinstance(screen, DashboardScreen):
        return any(tile.found is not None for tile in screen.tiles)
    if tiles := list(screen.query(Tiles)):
        return all(one.filled for one in tiles) or not screen.asking
    if isinstance(screen, TabbedScreen) and (lists := list(screen.in_sight.query(PagedTable))):
        return all(_filled(table) for table in lists) or (screen.in_sight.arrived and not screen.asking)
    return any(table.row_at(0) for table in screen.query(PagedTable)) or not screen.asking


def _whole(app: SegueApp) -> bool:
    screen = app.screen
    tiles = screen.tiles if isinstance(screen, DashboardScreen) else []
    return not _asking(app) and all(tile.found is not None for tile in tiles)


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1_000, 1)


@contextmanager
def _store(contacts: int, kept: str | None) -> Iterator[str]:
    """The address of the store, made if it is not there yet."""
    with tempfile.TemporaryDirectory() as folder:
        address = kept if kept and "://" in kept else f"sqlite:///{kept or Path(folder) / 'crm.db'}"
        if not _is_there(address):
            made(address, contacts)
        yield address


def _is_there(address: str) -> bool:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").exists()
    return bool(inspect(create_engine(url, poolclass=NullPool)).get_table_names())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--store", help="a file, or the address of a database")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("rooms", "keys", "figures"), default="")
    parser.add_argument("--room", choices=tuple(ROOMS), action="append", help="these rooms alone")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with _store(given.contacts, given.store) as address:
        found = measure(address, given.runs, given.only, given.room or tuple(ROOMS))
    if given.json:
        print(json.dumps({"contacts": given.contacts, **found}))
        return
    for name, times in found.items():
        print(f"{name:<32}" + "  ".join(f"{what} {ms:,.2f}" for what, ms in times.items()))


if __name__ == "__main__":
    main()
