"""What an editor may ask, one file each: `FEATURE`, `OPTIONS`, and `answer(server, params)`."""

from __future__ import annotations

from . import (
    changed,
    closed,
    files_changed,
    formatting,
    hover,
    initialized,
    opened,
    range_formatting,
    saved,
)

HANDLERS = (
    initialized,
    opened,
    changed,
    saved,
    closed,
    files_changed,
    hover,
    formatting,
    range_formatting,
)
