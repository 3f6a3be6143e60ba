"""Keys into the app, pictures out of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from runtime.project import Settings
from tui.app import SegueApp

SIZE = (124, 36)
TITLE = "Bright Bikes"


@asynccontextmanager
async def driven(
    store: str, *keys: str, size: tuple[int, int] = SIZE, settings: Settings | None = None, user: str = "amy"
) -> AsyncIterator[Pilot[None]]:
    """The app with these keys pressed, each when the one before has been dealt with. It beats when a test says so."""
    known = {"schema": settings.schema, "zone": settings.zone} if settings else {}
    app = SegueApp(store, title=TITLE, user=user, settings=settings, live=False, **known)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Until no question is open and all is drawn: a question's answer may ask the next, and what is drawn may lay out
    anew, so it has to be quiet twice."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        quiet += 1
        if any(not worker.is_finished for worker in pilot.app.workers):
            await pilot.app.workers.wait_for_complete()
            quiet = 0


def picture(pilot: Pilot[None]) -> str:
    """The screen as SVG without the names that Rich makes up anew each time."""
    svg = pilot.app.export_screenshot(title="segue")
    name = re.search(r"terminal-\d+", svg)
    return svg.replace(name.group(), "terminal") if name else svg
