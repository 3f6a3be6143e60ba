"""How long the terminal app takes to open each room and to answer keys on a large store; and its figures beside the SQL
that a person would write for them.

python -m benchmarks.screens [--json] [--contacts 1000000] [--store FILE] [--runs 3] [--only figures]
    [--room home ..]

`--store` keeps the store; one that is there is used. Of rooms, milliseconds of the clock: `seen`, until the first rows
of the room and its tiles are drawn; `whole`, until every figure of it is. A key: until the row that it leads to is
drawn. Of figures, milliseconds of the processor, the best of the runs: other programs do not count. Both sides must
find the same.
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
from pathlib import Path

from textual.pilot import Pilot

from benchmarks.large_store import fill
from benchmarks.screen_figures import every
from dsl.schema import standard_schema
from runtime.store.store import Store
from tui.app import SegueApp
from tui.frame.desk_screen import DeskScreen
from tui.sequences.tiles import Tiles
from tui.tables.paged_table import PagedTable

ROOMS = {
    "home": (),
    "sequences": ("2",),
    "analyze": ("3",),
    "one sequence": ("2", "down", "down", "enter"),
    **{name: ("g", key) for name, key in (("workflows", "w"), ("segments", "m"), ("contacts", "c"), ("companies", "y"),
       ("deals", "d"), ("tickets", "k"), ("tasks", "t"), ("operations", "o"), ("activity", "v"))},
}  # fmt: skip
PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")
# Where keys are pressed: the way to a list, and its keys.
KEYS = ("down", "pagedown", "end", "pageup", "home")
LISTS = {
    "enrollments": (PEOPLE, (*KEYS, "space")),
    "contacts": (("g", "c"), KEYS),
    "activity": (("g", "v"), KEYS),
}
SIZE = (200, 60)
Times = dict[str, float]  # milliseconds by what took them


def measure(path: Path, runs: int, only: str = "", rooms: Sequence[str] = tuple(ROOMS)) -> dict[str, Times]:
    found: dict[str, Times] = {}
    if only in ("", "rooms"):
        found |= {f"room {name}": _alone(_opening(path, ROOMS[name])) for name in rooms}
    if only in ("", "keys"):
        found |= {name: _alone(_keys(path, *keys)) for name, keys in LISTS.items()}
    if only in ("", "figures"):
        with Store.open(f"sqlite:///{path}") as store, store.session() as session:
            found |= {f"figure {name}": times for name, times in every(session, standard_schema(), runs)}
    return found


def _alone(measured: Coroutine[None, None, Times]) -> Times:
    """As in a process of its own: the collector of garbage finds nothing of the apps before, and looks through nothing
    that was loaded (`tui.app.run`)."""
    gc.collect()
    gc.freeze()
    return asyncio.run(measured)


async def _opening(path: Path, keys: tuple[str, ...]) -> Times:
    """From the last key, which opens the room; before it one waits for the rows of lists on the way. The pilot's own
    `press` is of no use here: after each key it waits until the process rests from figures, for up to a second."""
    app = SegueApp(f"sqlite:///{path}", live=False)
    start = time.perf_counter()
    async with app.run_test(size=SIZE) as pilot:
        if keys:
            await _settled(pilot)
            await _type(app, keys[:-1])
            start = time.perf_counter()
            await _turn(app, keys[-1])
        while not _drawn(app):
            await asyncio.sleep(0.001)
        seen = _since(start)
        while isinstance(app.screen, DeskScreen) and app.screen.asking:
            await asyncio.sleep(0.001)
        return {"seen": seen, "whole": _since(start)}


async def _type(app: SegueApp, keys: Sequence[str]) -> None:
    for key in keys:
        await _turn(app, key)
        while not _ready(app):
            await asyncio.sleep(0.001)


async def _turn(app: SegueApp, key: str) -> None:
    """Type a key that leads elsewhere: to another screen, or to another row of the list in focus."""
    before = _where(app)
    app.simulate_key(key)
    while _where(app) == before:
        await asyncio.sleep(0.001)


def _where(app: SegueApp) -> tuple[object, ...]:
    focused = app.screen.focused
    return app.screen, focused, focused.cursor if isinstance(focused, PagedTable) else None


async def _keys(path: Path, way: tuple[str, ...], keys: tuple[str, ...]) -> Times:
    """Each key until what it brings into sight is drawn; the figures of the screens on the way are still worked out
    meanwhile, as for somebody in a hurry."""
    app, found = SegueApp(f"sqlite:///{path}", live=False), {}
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        await _type(app, way)
        while not isinstance(table := app.screen.focused, PagedTable) or table.row_at(0) is None:
            await asyncio.sleep(0.001)
        for key in keys:
            before, start = table.cursor, time.perf_counter()
            if before == _edge(key, table):  # it leads nowhere: a short list
                continue
            app.simulate_key(key)
            while table.cursor == before or table.row_at(table.cursor) is None:
                await asyncio.sleep(0.0005)
            found[key] = _since(start)
    return found


def _edge(key: str, table: PagedTable) -> int:
    """The row from which a key does not move."""
    return 0 if key in ("home", "pageup") else table.total - 1


def _ready(app: SegueApp) -> bool:
    """Whether the next key has something to move in: a list with rows in focus, or a screen without one."""
    focused = app.screen.focused
    return app.screen.is_mounted and (not isinstance(focused, PagedTable) or focused.row_at(0) is not None)


def _drawn(app: SegueApp) -> bool:
    """Whether a table of the screen has its first row, or it is known that there is none: an operator without tasks. A
    screen with tiles has figures in them too."""
    screen = app.screen
    if not isinstance(screen, DeskScreen) or not screen.is_mounted:
        return False
    if tiles := list(screen.query(Tiles)):
        return all(one.filled for one in tiles) or not screen.asking
    return any(table.row_at(0) for table in screen.query(PagedTable)) or not screen.asking


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
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("rooms", "keys", "figures"), default="")
    parser.add_argument("--room", choices=tuple(ROOMS), action="append", help="these rooms alone")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with _store(given.contacts, given.store) as path:
        found = measure(path, given.runs, given.only, given.room or tuple(ROOMS))
    if given.json:
        print(json.dumps({"contacts": given.contacts, **found}))
        return
    for name, times in found.items():
        print(f"{name:<32}" + "  ".join(f"{what} {ms:,.2f}" for what, ms in times.items()))


if __name__ == "__main__":
    main()
