"""The log of a worker on the real clock: what it did, structured, one line an event.

Lines for people on a terminal, JSON elsewhere: what stands in a service's journal is read by machines. `SEGUE_LOG`
names the least severe level that is told: debug, info (the default), warning, error. No address and no text of a mail
is ever logged.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any, TextIO

from dsl.diagnostics.columns import shown

from ..errors import InvalidInput

LEVELS = ("debug", "info", "warning", "error")
Log = Callable[..., None]  # (level, event, **fields)


def nowhere(level: str, event: str, **fields: object) -> None:
    """The log of who wants none."""


def journal(to: TextIO | None = None) -> Log:
    """The log on `to`, stderr unless told otherwise. Raises InvalidInput where SEGUE_LOG names no level."""
    least = os.environ.get("SEGUE_LOG", "info").lower()
    if least not in LEVELS:
        raise InvalidInput(f"SEGUE_LOG is `{least}`, which is no level of the log", f"write {', '.join(LEVELS)}")
    logger = cache(lambda: _logger(to if to is not None else sys.stderr, least))

    def log(level: str, event: str, **fields: object) -> None:
        getattr(logger(), level)(event, **fields)

    return log


def _logger(stream: TextIO, least: str) -> Any:
    """Made at the first line: structlog takes a tenth of a second, and most runs log nothing."""
    import structlog

    people = structlog.dev.ConsoleRenderer(colors=not os.environ.get("NO_COLOR"), pad_event_to=0)
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([_visible, people] if stream.isatty() else [structlog.processors.JSONRenderer()]),
        ],
    )


def _visible(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What a server answered may stand in it, and must move no cursor; JSON does so by itself."""
    return {name: shown(value) if isinstance(value, str) else value for name, value in line.items()}
