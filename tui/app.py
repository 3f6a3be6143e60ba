"""The terminal app: reads through `runtime.metrics` and `runtime.reading`, acts through `runtime.operators`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import events, work
from textual.actions import ActionParseResult, parse
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.widgets import TextArea

from dsl.schema import standard_schema
from dsl.schema.model import Schema
from runtime.access.roles import ADMIN, Actor, actor
from runtime.errors import SegueError
from runtime.project.loading import Settings
from runtime.store.store import Store

from .dialogs.going import GoScreen
from .dialogs.help import HelpScreen
from .frame.desk import Desk
from .frame.desk_screen import DeskScreen
from .frame.guarded import Guarded
from .frame.opening import Opening
from .frame.room import Room
from .frame.sidebar import Sidebar
from .frame.typed_ahead import AGAIN, Dealt, TypedAhead
from .harmless import harmless_after
from .pages.which import page_of
from .records.search import SearchScreen
from .rooms import ROOMS
from .themes import DARK, LIGHT
from .unopened import UnopenedScreen
from .words import trouble

_MOST_IN_A_FIELD, _MOST_IN_A_TEXT = 10_000, 100_000  # characters that are pasted at once
_ASK_AGAIN = "; what was asked for meanwhile was refused: ask again"
_BEAT = 1.0  # seconds between two looks whether the store was written to


class SegueApp(App[None]):
    """`store` is an open store or its address; an address that cannot be opened is told on the screen.

    `zone` is the account's (X13); `user` is who asks for what is asked for, with the role that `settings` give them,
    the project's; without a project they may do everything. `live`: read again when somebody writes."""

    CSS_PATH = "segue.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "going", "Go to", tooltip="go to a room: `g` and its letter, or its number alone"),
        *(Binding(str(nr), f"go({nr})", show=False, tooltip="") for nr in range(1, 10)),
        Binding("slash", "search", "Search", key_display="/", tooltip="search a contact"),
        Binding("t", "counts", "% or count", tooltip="percentages or counts"),
        Binding("d", "theme", "Dark or light", show=False, tooltip="dark or light"),
        Binding("question_mark,f1", "help", "Help", key_display="?", tooltip="this page"),
    ]

    def __init__(
        self,
        store: Store | str,
        schema: Schema | None = None,
        zone: str = "UTC",
        user: str = "operator",
        title: str = "",
        dark: bool = True,
        settings: Settings | None = None,
        live: bool = True,
    ) -> None:
        super().__init__()
        self._given = store
        self._schema = schema or standard_schema()
        self._zone, self._user, self._title = zone, user, title
        self._dark, self._settings, self._live = dark, settings, live
        self._typed = TypedAhead(self, self._give_on)
        self._looking = False  # whether it is looked again soon
        self._gone = ""  # what keeps the store from being read, as it was said
        self._behind = False  # somebody wrote, and the screen has not read it yet
        self.desk: Desk | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours that a theme may set; `$text-muted` is blended while drawing, unfit for single cells."""
        return {"muted": "#808080", "quiet": "#606060"}

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = list(super().get_line_filters())
        last = filters.pop() if filters else None
        return [*filters, harmless_after(last)]

    def on_mount(self) -> None:
        for theme in (LIGHT, DARK):
            self.register_theme(theme)
        self.theme = DARK.name if self._dark else LIGHT.name
        try:
            store = Store.open(self._given) if isinstance(self._given, str) else self._given
        except SegueError as error:
            self.push_screen(UnopenedScreen(error))
            return
        title = self._title or store.name
        who = actor(self._settings.project, self._user) if self._settings else Actor(self._user, ADMIN)
        self.desk = Desk(store, self._schema, self._zone, who, title, settings=self._settings)
        self.desk.rooms = tuple(room for room in ROOMS if self.desk.open_to(room))
        self.desk.pulse.beat()  # what was written until now is read at once
        self.push_screen(self._screen(self.desk.rooms[0], self.desk))
        if self._live:
            self.set_interval(_BEAT, self.beat)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a store there is nothing to show and nothing to search; rates are turned where there are some."""
        if action == "counts" and not (isinstance(self.screen, DeskScreen) and self.screen.has_rates):
            return False
        return self.desk is not None or action not in ("going", "go", "search")

    # --- keys --------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """A key is given on when those before it have been dealt with; who takes the mouse goes another way. A book is
        pasted into no field: each key in it would take seconds from then on."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._typed.add(event)
            await self._give_on()
            return
        if isinstance(event, events.Paste) and self._is_a_book(event.text):
            return
        if isinstance(event, events.MouseDown) and not event.is_forwarded:
            self._typed.drop()
        await super().on_event(event)

    def _is_a_book(self, pasted: str) -> bool:
        most = _MOST_IN_A_TEXT if isinstance(self.focused, TextArea) else _MOST_IN_A_FIELD
        if len(pasted) > most:
            self.notify(f"What was pasted is longer than {most:,} characters: nothing of it was taken")
        return len(pasted) > most

    async def _give_on(self) -> None:
        while key := self._typed.next():
            await super().on_event(key)
            self._typed.follow(key)
        if self._typed and not self._looking:
            self._looking = True
            self.set_timer(AGAIN, self._look_again)

    async def _look_again(self) -> None:
        self._looking = False
        await self._give_on()

    def on_key(self, event: events.Key) -> None:
        """What was typed for a question that is closed by now is no key of the screen below."""
        if self._typed.is_late(event):
            event.prevent_default()

    async def on_dealt(self, message: Dealt) -> None:
        self._typed.dealt(message)
        await self._give_on()

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """A key that is grey for who sits here says why, and is nobody else's."""
        if await super().run_action(action, default_namespace, namespaces):
            return True
        if isinstance(default_namespace, Guarded) and isinstance(action, str):
            refused = default_namespace.refused(parse(action)[1])
            if refused and isinstance(self.screen, DeskScreen):
                self.screen.say_error(refused)
                return True
        return False

    def on_unmount(self) -> None:
        if self.desk:
            self.desk.pulse.close()
        if self.desk and isinstance(self._given, str):
            self.desk.store.close()

    # --- going about -------------------------------------------------------------------------------

    def action_going(self) -> None:
        self.push_screen(GoScreen(self.desk.rooms if self.desk else ()), lambda name: self.enter(name or ""))

    def action_go(self, nr: int) -> None:
        if self.desk and nr <= len(self.desk.rooms):
            self.enter(self.desk.rooms[nr - 1].name)

    def on_sidebar_gone(self, message: Sidebar.Gone) -> None:
        self.enter(message.room)

    def on_opening(self, message: Opening) -> None:
        if self.desk:
            self.push_screen(page_of(self.desk, message.of, message.id))

    def enter(self, name: str) -> None:
        """Leave what is open and go to that room."""
        room = self.desk.room(name) if self.desk else None
        if room and self.desk:
            self._leaving(partial(self._enter, room, self.desk))

    def _enter(self, room: Room, desk: Desk) -> None:
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(self._screen(room, desk))

    def _leaving(self, go: Callable[[], None]) -> None:
        """Go, once all is kept that was typed on the screens that are open."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, DeskScreen) and screen.keep_first(lambda: self._leaving(go)):
                return
        go()

    async def action_quit(self) -> None:
        self._leaving(self.exit)

    def _screen(self, room: Room, desk: Desk) -> DeskScreen:
        screen = room.screen(desk)
        screen.room = room.name
        return screen

    def action_search(self) -> None:
        if self.desk and not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen(self.desk))

    def action_help(self) -> None:
        self.push_screen(HelpScreen(self.screen, self.desk.rooms if self.desk else ()))

    # --- how it looks ------------------------------------------------------------------------------

    def action_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_counts(self) -> None:
        if self.desk:
            self.desk.counts = not self.desk.counts
            for screen in self.screen_stack:
                if isinstance(screen, DeskScreen):
                    screen.redraw()

    # --- files -------------------------------------------------------------------------------------

    def on_delivery_complete(self, event: events.DeliveryComplete) -> None:
        self._tell(f"Written to {event.path}" if event.path else "Given to the browser")

    def on_delivery_failed(self, event: events.DeliveryFailed) -> None:
        self._tell(f"The file could not be written: {event.exception}", "$error")

    def _tell(self, words: str, tone: str = "$success") -> None:
        """Who leaves while a file is written hears no more of it; it is written all the same."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, DeskScreen):
            screen.say(words, tone)

    # --- live --------------------------------------------------------------------------------------

    @work(thread=True, exit_on_error=False, exclusive=True, group="beat")
    def beat(self) -> None:
        """Look whether the store was written to; say so to the screen in sight. A store that is gone is told once, and
        once more when it is back."""
        if not self.desk:
            return
        try:
            moved = self.desk.pulse.beat()
        except Exception as error:  # the screen says it in a sentence and lives on
            self.call_from_thread(self._lost, error)
        else:
            if moved or self._behind:
                self.call_from_thread(self._moved)

    @property
    def _page(self) -> DeskScreen | None:
        """The screen in sight, or the one that a question is laid over."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

    def _lost(self, error: Exception) -> None:
        page, words = self._page, trouble(error)
        if page and words != self._gone:
            self._gone = words
            page.say_error(error)

    def _moved(self) -> None:
        page = self._page
        if page and self._gone:
            lost = self.desk is not None and self.desk.lost_an_act
            page.say("The store is back" + _ASK_AGAIN * lost, "$warning" if lost else "$success")
        self._gone = ""
        if self.desk:
            self.desk.lost_an_act = False
            self.desk.moves += 1
        self._behind = not (page is self.screen and page.store_changed())


def run(
    store: Store | str,
    schema: Schema | None = None,
    zone: str = "UTC",
    user: str = "operator",
    title: str = "",
    settings: Settings | None = None,
) -> None:
    """Open the app and come back when it is left."""
    gc.freeze()  # what was loaded stays: to look through it for garbage holds up a key for a fifth of a second
    SegueApp(store, schema, zone, user, title, settings=settings).run()
