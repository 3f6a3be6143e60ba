"""Files out of the app: into the folder it was started in, or through the browser it is shown in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any, cast

from textual.app import App

_TYPES = {"csv": "text/csv", "svg": "image/svg+xml"}


def deliver(app: App[Any], file: IO[str], of: str, kind: str) -> None:
    """Never over a file that is there. Textual says where it is by `DeliveryComplete`; it closes the file."""
    folder = Path.cwd()
    name = re.sub(r"[^\w-]+", "-", of.lower()).strip("-")
    names = (f"segue-{name}{f'-{nr}' if nr > 1 else ''}.{kind}" for nr in range(1, 10_000))
    free = next(name for name in names if not (folder / name).exists())
    app.deliver_text(
        cast(Any, file), save_directory=folder, save_filename=free, encoding="utf-8", mime_type=_TYPES[kind]
    )
