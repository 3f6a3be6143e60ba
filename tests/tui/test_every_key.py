"""Every key of every screen, pressed by who may not: nothing is written, and each refusal is told in words; by who may
some of it, each is asked for, done or refused in words; and by who may everything where there is nothing yet. The keys
that only show something are pressed by a viewer too where SEGUE_EVERY_KEY is set: that takes a minute."""

from __future__ import annotations

import importlib
import os
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import tui
from runtime.project.loading import Settings, load_settings
from runtime.store.store import Store
from tui.dialogs.dialog import Dialog
from tui.frame.desk_screen import DeskScreen
from tui.frame.guarded import Guarded
from tui.tables.paged_table import PagedTable

from .driving import STORE, drive, press, said, settled
from .shop import REP, VIEWER, screens, shown, sums

_ALL = "SEGUE_EVERY_KEY" in os.environ
_WITH_ACTS = (
    "deals", "tickets", "tasks", "playbooks", "hygiene", "operations", "page of a contact", "page of a company",
    "page of a deal", "sequence", "hygiene queue", "talks about", "saved talk",
)  # fmt: skip
_LEAVES = ("back", "quit", "going", "help", "search", "table", "picture", "theme", "help_quit", "go", "go_to")
_SIZE = (100, 16)


def _keys(screen: DeskScreen) -> dict[str, tuple[Any, str]]:
    """Those of our own classes that do something here: key -> (whose it is, the action)."""
    own = {}
    for key, active in screen.active_bindings.items():
        action = active.binding.action.split("(")[0]
        if active.node.__module__.startswith("tui.") and action not in _LEAVES:
            own[key] = (active.node, action)
    return own


def _takes(node: Any, action: str) -> bool:
    return isinstance(node, Guarded) and node.takes(action) is not None


async def _every_key(pilot: Pilot[None], seen: set[type]) -> None:
    """Acts wherever they are; of the other keys each once for each part that has them."""
    known: set[tuple[object, ...]] = set()
    for name, open_ in screens(pilot.app.desk).items():
        if not _ALL and name not in _WITH_ACTS:
            continue
        screen = await shown(pilot, open_)
        for _ in range(len(list(screen.query("TabPane"))) or 1):
            for key, (node, action) in _keys(screen).items():
                if _takes(node, action):
                    seen.update(type(node).__mro__)
                    await pilot.press(key)
                    assert pilot.app.screen is screen, (name, key)
                    assert said(pilot).startswith("Grace is a viewer and may not "), (name, key)
                    screen.say("")
                elif _ALL and (type(node), action) not in known and key in screen.active_bindings:
                    known.add((type(node), action))
                    screen = await _and_back(pilot, key, screen)
            if "right_square_bracket" in screen.active_bindings:
                await press(pilot, "right_square_bracket")


async def _and_back(pilot: Pilot[None], key: str, screen: DeskScreen) -> DeskScreen:
    kind = type(screen)
    await press(pilot, key)
    if not screen.is_attached:  # it leads to another room
        return await shown(pilot, lambda _: kind(screen.desk))
    while pilot.app.screen is not screen:
        pilot.app.pop_screen()
        await settled(pilot)
    return screen


def test_a_viewer_presses_every_key_and_nothing_is_written(shop: Settings) -> None:
    path, seen = Path("crm.db"), set[type]()
    before = sums(path)
    drive(shop, then=lambda pilot: _every_key(pilot, seen), user=VIEWER, size=_SIZE)
    assert sums(path) == before
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(tui.__path__, "tui.")]
    parts = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    acting = {one for one in parts if "takes" in vars(one) and one is not Guarded}
    assert acting <= seen, acting - seen


# --- who may some of it -----------------------------------------------------------------------------


async def _every_act(pilot: Pilot[None], done: set[str]) -> None:
    """Each act of a part once; what it asks for is answered by Enter. Whatever came of it is said in words."""
    known = set[tuple[type, str]]()
    for name in _WITH_ACTS:
        open_ = screens(pilot.app.desk)[name]
        screen = await shown(pilot, open_)
        for tab in range(len(list(screen.query("TabPane"))) or 1):
            for key, (node, action) in _keys(screen).items():
                if _takes(node, action) and (type(node), key) not in known:
                    known.add((type(node), key))
                    screen.say("")
                    await press(pilot, key)
                    done.add(await _answered(pilot, (name, key)))
                    screen = await shown(pilot, open_)
                    await press(pilot, *["right_square_bracket"] * tab)
            await press(pilot, "right_square_bracket")


async def _answered(pilot: Pilot[None], what: object) -> str:
    """What was said of it, the first word alone; `dialog` where it wants more than an Enter, or nothing."""
    asked = isinstance(pilot.app.screen, Dialog)
    for _ in range(3):
        if isinstance(pilot.app.screen, Dialog):
            await press(pilot, "enter")
    if isinstance(pilot.app.screen, Dialog):
        return "dialog"
    words = said(pilot)
    assert words or asked, what
    return "refused" if "may not" in words else words.partition(" ")[0] or "dialog"


def test_a_rep_presses_every_act_and_hears_what_came_of_it(shop: Settings) -> None:
    done = set[str]()
    drive(shop, then=lambda pilot: _every_act(pilot, done), user=REP, size=_SIZE)
    assert {"refused", "Asked", "dialog"} <= done, done


# --- where there is nothing yet ---------------------------------------------------------------------


async def _in_every_room(pilot: Pilot[None]) -> None:
    for room in pilot.app.desk.rooms:
        screen = await shown(pilot, room.screen)
        for tab in range(len(list(screen.query("TabPane"))) or 1):
            for key, (node, action) in _keys(screen).items():
                if "." in action or (isinstance(node, PagedTable) and not _takes(node, action)):
                    continue  # goes about in a list
                focused = pilot.app.focused
                await press(pilot, key)
                told = said(pilot) if isinstance(pilot.app.screen, DeskScreen) else "asked"
                assert told or not _takes(node, action), (room.name, key)
                assert "could not" not in told, (room.name, key, told)
                if pilot.app.screen is not screen or pilot.app.focused is not focused:
                    screen = await shown(pilot, room.screen)
                    await press(pilot, *["right_square_bracket"] * tab)
            await press(pilot, "right_square_bracket")


def test_an_admin_presses_every_key_where_nothing_was_ever_run(
    built_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("segue.yaml", "schema.yaml", "rules"):
        Path(name).symlink_to(built_shop / name)
    settings = load_settings(tmp_path)
    Store.create(STORE, settings.schema).close()
    drive(settings, then=_in_every_room, user="kenji", size=_SIZE)
