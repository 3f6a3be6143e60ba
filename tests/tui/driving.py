"""Keys into the app, pictures out of it."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import textual.pilot
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import WorkerCancelled

from runtime.project.loading import Settings, load_settings
from tui.app import SegueApp
from tui.tables.paged_table import PagedTable

SIZE = (124, 36)
TITLE = "Bright Bikes"
STORE = "sqlite:///crm.db"  # of a project that was `copied`
Then = Callable[[Pilot[None]], Awaitable[Any]]


def copied(project: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A project with its store that a test may change, which is the folder it runs in: the store's name is on the
    screen."""
    shutil.copytree(project, to, dirs_exist_ok=True)
    monkeypatch.chdir(to)
    return load_settings(to)


def drive(
    settings: Settings | None,
    *keys: str,
    then: Then | None = None,
    user: str = "amy",
    size: tuple[int, int] = SIZE,
    store: str = STORE,
) -> Any:
    """What `then` gives back once these keys are pressed; without it what the screen says."""

    async def driving() -> Any:
        async with driven(store, *keys, settings=settings, user=user, size=size) as pilot:
            return await then(pilot) if then else said(pilot)

    return asyncio.run(driving())


@asynccontextmanager
async def driven(
    store: str, *keys: str, size: tuple[int, int] = SIZE, settings: Settings | None = None, user: str = "amy"
) -> AsyncIterator[Pilot[None]]:
    """The app with these keys pressed, each when the one before has been dealt with. It beats when a test says so."""
    known = {"schema": settings.schema, "zone": settings.zone} if settings else {}
    app = SegueApp(store, title=TITLE, user=user, settings=settings, live=False, **known)
    app.animation_level = "none"  # nothing slides: what is drawn is where it ends
    with pytest.MonkeyPatch.context() as waiting:
        waiting.setattr("textual.app.wait_for_idle", idle)
        waiting.setattr("textual.pilot.wait_for_idle", idle)
        for patience in ("_PATIENT", "_STUCK"):  # a busy machine changes nothing
            waiting.setattr(f"tui.frame.typed_ahead.{patience}", 60.0)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await press(pilot, *keys)
            yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Until no question is open and all is drawn: a question's answer may ask the next, and what is drawn may lay out
    anew, so it has to be quiet twice."""
    app, quiet = pilot.app, 0
    # So often: what rings again and again is not waited for. Where Textual waits by the clock it has waited already.
    put_off = 20 if textual.pilot.wait_for_idle is idle else 0
    while quiet < 2:
        await pilot.pause()
        await idle()
        quiet += 1
        if any(not worker.is_finished for worker in app.workers):
            with suppress(WorkerCancelled):  # of a screen that is left
                await app.workers.wait_for_complete()
            quiet = 0
        elif any("save_file" in thread.name for thread in threading.enumerate()):
            await asyncio.sleep(0.001)  # Textual writes files in a thread that is no worker
            quiet = 0
        elif getattr(app, "_typed", None):  # keys that wait
            await asyncio.sleep(0.001)
            quiet = 0
        elif app._resize_timer is not None:  # a terminal that is drawn larger is heard a moment later
            app._check_resize()
            quiet = 0
        elif app.screen._update_timer._active.is_set() or app.screen._callbacks:
            quiet = 0  # to be drawn, or to be done once it is
        elif put_off and _due_soon():
            await asyncio.sleep(0.002)
            put_off, quiet = put_off - 1, 0


def _due_soon() -> bool:
    """Whether a timer of the event loop is about to ring, as those do that put off drawing and scrolling for a moment;
    a cursor that blinks is slower."""
    loop: Any = asyncio.get_running_loop()
    return any(not one.cancelled() and one.when() < loop.time() + 0.1 for one in loop._scheduled)


async def idle(*_: float) -> None:
    """Until nothing is due in the event loop. Textual's own waits by the clock, 20 ms and more for each key, until the
    process needs little time: on a machine with other work that tells nothing."""
    due = asyncio.get_running_loop()._ready
    await asyncio.sleep(0)
    while due:
        await asyncio.sleep(0)


def text(pilot: Pilot[None], of: str) -> str:
    return str(pilot.app.screen.query_one(of, Static).content)


def said(pilot: Pilot[None]) -> str:
    return text(pilot, "#said").strip()


def rows(pilot: Pilot[None], table: str) -> list[tuple[str, ...]]:
    """The words of a table's rows."""
    shown = pilot.app.screen.query_one(f"#{table}", PagedTable)
    return [tuple(str(c if isinstance(c, str) else c[0]) for c in row.cells) for row in shown.every_row()]


def picture(pilot: Pilot[None]) -> str:
    """The screen as SVG without the names that Rich makes up anew each time."""
    svg = pilot.app.export_screenshot(title="segue")
    name = re.search(r"terminal-\d+", svg)
    return svg.replace(name.group(), "terminal") if name else svg
