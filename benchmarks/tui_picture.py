"""Draws the README's picture of the terminal app, `docs/images/tui.svg`, from a seeded store with invented names.

python -m benchmarks.tui_picture [FILE]
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.store.store import Store
from tui.app import SegueApp

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "tui.svg"
KEYS = ("2", "down", "down", "enter")


async def _draw(store: str) -> str:
    app = SegueApp(store, title="Bright Bikes")
    async with app.run_test(size=(124, 36)) as pilot:
        for key in ("", *KEYS):
            if key:
                await pilot.press(key)
            while any(not worker.is_finished for worker in app.workers):
                await app.workers.wait_for_complete()
                await pilot.pause()
        return app.export_screenshot(title="segue tui")


def _without_fonts(picture: str) -> str:
    """The picture asks nobody for anything: the reader's own monospaced font will do."""
    return re.sub(r"@font-face\s*\{.*?\}\s*|<!-- Generated with Rich[^>]*-->\s*", "", picture, flags=re.S)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/crm.db"
        with Store.create(url, standard_schema()) as store, store.session() as session:
            fill(session, 2_400)
        picture = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
        picture.write_text(_without_fonts(asyncio.run(_draw(url))))


if __name__ == "__main__":
    main()
