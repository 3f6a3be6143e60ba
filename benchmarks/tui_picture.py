"""Draws the pictures of the terminal app in `docs/images`, dark and light, from the demo's made-up shop.

    python -m benchmarks.tui_picture [FOLDER] [--contacts 1500] [--only home]

All of them are made anew: the shop is filled, its 60 days run, and the app is driven by keys.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from runtime.project.loading import Settings, load_settings, open_store
from runtime.store.store import Store
from segue.main import main as segue
from tui.app import SegueApp

PICTURES = Path(__file__).parents[1] / "docs" / "images"
SIZE = (124, 36)


@dataclass(frozen=True, slots=True)
class Picture:
    """`keys` lead from Home to what is shown."""

    name: str
    keys: tuple[str, ...]


ALL = (
    Picture("home", ()),
    Picture("sequence", ("2", "enter", "m")),
    Picture("board", ("g", "k")),
    Picture("playbook", ("g", "p", "down", "enter", *"Le", "enter", "enter", *"12", "tab", "2", "tab", "1")),
    Picture("dashboard", ("g", "b", "enter")),
)


def draw(folder: Path, contacts: int, wanted: tuple[Picture, ...] = ALL) -> None:
    """Write `NAME-dark.svg` and `NAME-light.svg` of each into `folder`."""
    with tempfile.TemporaryDirectory() as place:
        shop = Path(place) / "shop"
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            segue(["demo", str(shop), "--contacts", str(contacts)])
        settings = load_settings(shop)
        with open_store(settings) as store:
            for one in wanted:
                for dark in (True, False):
                    picture = asyncio.run(_drawn(store, settings, one, dark))
                    (folder / f"{one.name}-{'dark' if dark else 'light'}.svg").write_text(_steady(picture), "utf-8")


async def _drawn(store: Store, settings: Settings, picture: Picture, dark: bool) -> str:
    user = next(iter(settings.project.users))
    name = settings.project.name
    app = SegueApp(store, settings.schema, settings.zone, user, name, dark=dark, settings=settings, live=False)
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        for key in picture.keys:
            await pilot.press(key)
            await _settled(pilot)
        return app.export_screenshot(title="segue tui")


async def _settled(pilot: Pilot[None]) -> None:
    """Until no question to the store is open and all is drawn, twice over: an answer may ask the next."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        quiet += 1
        if any(not worker.is_finished for worker in pilot.app.workers):
            await pilot.app.workers.wait_for_complete()
            quiet = 0


def _steady(picture: str) -> str:
    """It asks nobody for anything, the reader's own monospaced font will do; and the same screen is the same text."""
    plain = re.sub(r"@font-face\s*\{.*?\}\s*|<!-- Generated with Rich[^>]*-->\s*", "", picture, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "terminal", plain)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURES)
    parser.add_argument("--contacts", type=int, default=1_500, help="of the shop")
    parser.add_argument("--only", choices=[one.name for one in ALL], help="one of them alone")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    draw(asked.folder, asked.contacts, tuple(one for one in ALL if asked.only in (None, one.name)))


if __name__ == "__main__":
    main()
