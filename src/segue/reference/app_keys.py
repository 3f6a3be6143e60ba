"""The keys of the terminal app, from its bindings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from .markdown import code, table
from .markdown import page as joined

# Not rooms: what stands behind all of them, and the short questions asked above a screen.
_EVERYWHERE = ("SegueApp", "DeskScreen", "PagedTable")
_CALLED = {"SegueApp": "In the whole app", "DeskScreen": "On every screen", "PagedTable": "In every table"}


def page() -> str:
    from tui.rooms import ROOMS

    found = {one.__name__: one for one in classes()}
    first = [part for name in _EVERYWHERE for part in (f"## {_CALLED[name]}", _keys(found.pop(name)))]
    rooms = [
        (code(str(nr)) if nr < 10 else "", code(f"g {room.key}"), room.title, room.role)
        for nr, room in enumerate(ROOMS, 1)
    ]
    rest = [part for name in sorted(found, key=_title) for part in (f"### {_title(name)}", _keys(found[name]))]
    return joined(
        "# The keys of the app",
        "`?` shows the keys of the screen one is on. [The terminal app](../terminal-app.md) tells what rooms are for.",
        "## Rooms",
        table(("number", "keys", "room", "from which role on"), rooms),
        *first,
        "## By screen and part",
        *rest,
    )


def classes() -> Iterator[type]:
    """Every class of the app that has keys of its own, by module."""
    tui = import_module("tui")
    for path in sorted(Path(next(iter(tui.__path__))).glob("*.py")):
        module = import_module(f"tui.{path.stem}")
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == module.__name__ and one.__dict__.get("BINDINGS"):
                yield one


def _keys(of: type) -> str:
    from textual.binding import Binding

    from tui.help import acts

    own = [one for one in Binding.make_bindings(of.__dict__["BINDINGS"]) if one.tooltip or one.description]
    return table(("keys", "what they do"), [(" ".join(map(code, keys)), words) for keys, words in acts(own)])


def _title(name: str) -> str:
    """`SegmentDaysTab` -> `Segment days`."""
    words = re.findall(r"[A-Z][a-z]*", re.sub(r"(Screen|Tab|Pane)$", "", name))
    return " ".join(words).capitalize()
