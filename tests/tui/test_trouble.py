"""A store that is gone, locked, read-only or of another format while the app is open: told in a sentence in every room
and in every dialog, nothing that was typed or selected is lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy import event, make_url
from textual.pilot import Pilot
from textual.widgets import Input, Static

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.errors import StoreBusy, StoreError
from runtime.project.loading import Settings
from runtime.store import store as stores
from runtime.store.store import Store
from tui.app import SegueApp
from tui.dialogs.confirm import ConfirmScreen
from tui.dialogs.long_text import LongText
from tui.frame.desk import Desk
from tui.frame.desk_screen import DeskScreen
from tui.frame.sidebar import Sidebar
from tui.tables.paged_table import PagedTable
from tui.today.tasks import TasksScreen
from tui.words import trouble as in_words

from .driving import drive, driven, press, said, settled
from .shop import screens, shown, sums

_STORE = Path("crm.db")
_SIZE = (100, 24)
WORDS = {
    "gone": "is not there any more",
    "strange": "has format 999",
    "locked": "is locked by another process",
    "read-only": "is read-only",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_PRAGMAS", ("PRAGMA busy_timeout = 20", *stores._PRAGMAS[1:]))


@contextmanager
def trouble(kind: str, store: Store) -> Iterator[None]:
    """The store of the app is like that, for a while."""
    match kind:
        case "gone":
            away = _STORE.rename("away.db")
            yield
            away.rename(_STORE)
        case "strange":
            before = _format("999")
            yield
            _format(before)
        case "locked":
            with sqlite3.connect(_STORE, isolation_level=None) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
        case _:
            event.listen(store.engine, "checkout", _only_read)
            yield
            event.remove(store.engine, "checkout", _only_read)
            store.engine.dispose()


def _only_read(raw: sqlite3.Connection, *_: object) -> None:
    raw.execute("PRAGMA query_only = ON")


def _format(number: str) -> str:
    with sqlite3.connect(_STORE) as other:
        ((before,),) = other.execute("SELECT value FROM segue_meta WHERE key = 'format'")
        other.execute("UPDATE segue_meta SET value = ? WHERE key = 'format'", (number,))
    return str(before)


async def _beat(pilot: Pilot[None]) -> None:
    cast(SegueApp, pilot.app).beat()
    await settled(pilot)


def _desk(pilot: Pilot[None]) -> Desk:
    return cast(Desk, cast(SegueApp, pilot.app).desk)


def _below(pilot: Pilot[None]) -> str:
    """What the page says that a dialog is laid over."""
    page = next(one for one in reversed(pilot.app.screen_stack) if isinstance(one, DeskScreen))
    return str(page.query_one("#said", Static).content).strip()


# --- rooms -----------------------------------------------------------------------------------------


def test_in_every_room_a_store_that_is_gone_or_strange_is_told_and_read_again_when_it_is_back(shop: Settings) -> None:
    async def rooms(pilot: Pilot[None]) -> None:
        await _beat(pilot)
        for nr, (name, open_) in enumerate(screens(_desk(pilot)).items()):
            screen = await shown(pilot, open_)
            before = [table.total for table in screen.query(PagedTable)]
            kind = ("gone", "strange")[nr % 2]
            with trouble(kind, _desk(pilot).store):
                await _beat(pilot)
                assert WORDS[kind] in said(pilot), name
                await press(pilot, "f5")
                assert WORDS[kind] in said(pilot) or name in ("rules", "source", "search"), (name, said(pilot))
                assert pilot.app.screen is screen
            await _beat(pilot)
            assert said(pilot) == "The store is back", name
            assert [table.total for table in screen.query(PagedTable)] == before, name

    drive(shop, then=rooms, user="zofia", size=_SIZE)


# --- dialogs ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialog:
    """`keys` open it in a screen, `send` sends what stands there; `typed` is what must not be lost. `asks`: the kind of
    row that is asked for in the end. Without anything `typed` it closes, and is opened anew."""

    on: str
    keys: tuple[str, ...]
    send: tuple[str, ...]
    asks: str
    typed: Callable[[Pilot[None]], object] | None = None


def _field(pilot: Pilot[None]) -> object:
    return [field.value for field in pilot.app.screen.query(Input)]


def _words(pilot: Pilot[None]) -> object:
    return _field(pilot), [area.text for area in pilot.app.screen.query(LongText)]


def _chosen(pilot: Pilot[None]) -> object:
    return [len(table.chosen) for table in pilot.app.screen.query(PagedTable)]


DIALOGS: Mapping[str, Dialog] = {
    "pause": Dialog("sequence", ("space", "space"), ("p",), "pause", _chosen),
    "unenroll": Dialog("sequence", ("u",), ("y",), "unenroll"),
    "enroll": Dialog("sequence", ("n", *"person0"), ("enter",), "enroll", _field),
    "task": Dialog("tasks", ("m", "m", "space"), ("x",), "task", _chosen),
    "note": Dialog("page of a contact", ("n", *"mail", "tab", *"they"), ("ctrl+s",), "record", _words),
    "new card": Dialog("deals", ("n", *"Big"), ("ctrl+s",), "record", _field),
    "move": Dialog("deals", ("s",), ("enter",), "move"),
    "assign": Dialog("deals", ("a",), ("enter",), "set"),
    "fix": Dialog("hygiene queue", ("X",), ("enter",), "set"),
    "settle": Dialog("operations", ("R",), ("enter",), "settle"),
}


def _waiting(kind: str) -> int:
    with sqlite3.connect(_STORE) as store:
        ((n,),) = store.execute("SELECT count(*) FROM segue_inbox WHERE kind = ?", (kind,))
    return int(n)


@pytest.mark.parametrize("kind", WORDS)
def test_in_every_dialog_nothing_is_lost_and_it_is_done_when_the_store_is_back(shop: Settings, kind: str) -> None:
    mine = list(DIALOGS)[list(WORDS).index(kind) :: len(WORDS)]  # each kind of trouble has some of them

    async def dialogs(pilot: Pilot[None]) -> None:
        await _beat(pilot)
        for name in mine:
            dialog = DIALOGS[name]
            await shown(pilot, screens(_desk(pilot))[dialog.on])
            await press(pilot, *dialog.keys)
            typed, waiting, before = dialog.typed and dialog.typed(pilot), _waiting(dialog.asks), sums(_STORE)
            with trouble(kind, _desk(pilot).store):
                await _beat(pilot)
                await press(pilot, *dialog.send)
                told = [str(one.content) for one in pilot.app.screen.query("#refused").results(Static)]
                assert any(WORDS[kind] in words for words in (*told, _below(pilot))), (name, told, _below(pilot))
                assert dialog.typed is None or dialog.typed(pilot) == typed, name
            assert sums(_STORE) == before, name
            await _beat(pilot)
            await press(pilot, *(() if dialog.typed else dialog.keys), *dialog.send)
            assert _below(pilot).startswith("Asked"), (name, _below(pilot))
            assert _waiting(dialog.asks) > waiting, name

    drive(shop, then=dialogs, user="zofia", size=_SIZE)


def test_p5_a_form_is_left_by_no_way_before_it_is_kept(shop: Settings) -> None:
    """By the rooms at the side, by Ctrl+Q: where it cannot be put aside, one is asked."""

    def drafts() -> list[str]:
        with sqlite3.connect(_STORE) as store:
            return [text for (text,) in store.execute("SELECT answers FROM segue_draft WHERE by_user = 'zofia'")]

    async def leave(pilot: Pilot[None]) -> None:
        form = await shown(pilot, screens(_desk(pilot))["form"])
        await press(pilot, "3", "1")
        with trouble("locked", _desk(pilot).store):
            for go in (lambda: form.post_message(Sidebar.Gone("tasks")), lambda: pilot.app.run_worker(_quit(pilot))):
                go()
                await settled(pilot)
                question = pilot.app.screen
                assert isinstance(question, ConfirmScreen) and WORDS["locked"] in question.note
                await press(pilot, "n")
                assert pilot.app.screen is form and "31" in cast(list[str], _field(pilot))
        assert drafts() == []
        form.post_message(Sidebar.Gone("tasks"))
        await settled(pilot)
        assert isinstance(pilot.app.screen, TasksScreen)

    async def _quit(pilot: Pilot[None]) -> None:
        await pilot.app.run_action("quit")

    drive(shop, then=leave, user="zofia", size=_SIZE)
    assert drafts() == ['{"cups":"31"}']


def test_the_address_of_a_store_stands_as_it_is_and_nobody_is_told_to_run_anything() -> None:
    assert in_words(StoreBusy("/tmp/Crm.db is locked", "run again")) == "/tmp/Crm.db is locked: try again in a moment"
    assert in_words(StoreError("postgresql+psycopg://u@/crm cannot be reached", "is it running?")) == (
        "postgresql+psycopg://u@/crm cannot be reached: is it running?"
    )
    assert in_words(StoreError("crm.db is read-only")) == "Crm.db is read-only"


# --- a server --------------------------------------------------------------------------------------


@pytest.fixture
def served(postgres_url: str) -> str:
    with Store.create(postgres_url, standard_schema()) as store, store.session() as session:
        fill(session, 60)
    return postgres_url


def test_a_server_that_is_gone_is_told_and_the_app_goes_on_when_it_is_back(served: str, postgres_server: str) -> None:
    name = make_url(served).database

    def server(*statements: str) -> None:
        with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement.encode())

    async def gone(pilot: Pilot[None]) -> None:
        people = pilot.app.screen.query_one("#enrolled", PagedTable)
        total = people.total
        await _beat(pilot)
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", end)
        await _beat(pilot)
        assert "the connection" in said(pilot)
        await press(pilot, "p")
        assert "cannot be reached" in said(pilot)
        server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await _beat(pilot)
        assert said(pilot) == "The store is back; what was asked for meanwhile was refused: ask again"
        assert people.total == total
        server(end)  # for a moment only: nothing is noticed but by who asks in it
        await _beat(pilot)
        await _beat(pilot)
        await press(pilot, "p")
        assert said(pilot).startswith("Asked to pause 1 enrollment")

    async def driving() -> None:
        keys = ("2", "down", "down", "enter", "right_square_bracket", "shift+tab", "down", "down", "tab")
        async with driven(served, *keys) as pilot:
            await gone(pilot)

    asyncio.run(driving())
