"""The terminal app: reads through `runtime.metrics` and `runtime.reading`, acts through `runtime.commands`."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from dsl.schema import standard_schema
from dsl.schema.model import Schema
from runtime.errors import SegueError
from runtime.store.store import Store

from .desk import Desk
from .desk_screen import DeskScreen
from .help import HelpScreen
from .search import SearchScreen
from .segments import SegmentsScreen
from .sequences import SequencesScreen
from .themes import DARK, LIGHT
from .unopened import UnopenedScreen


class SegueApp(App[None]):
    """`store` is an open store or its address; an address that cannot be opened is told on the screen.

    `zone` is the account's (X13); `user` is who asks for pauses and ends; `title` names the project."""

    CSS_PATH = "segue.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "segments", "Segments"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("t", "counts", "% or count"),
        Binding("d", "theme", "Dark or light", show=False),
        Binding("question_mark", "help", "Help", key_display="?"),
    ]

    def __init__(
        self,
        store: Store | str,
        schema: Schema | None = None,
        zone: str = "UTC",
        user: str = "operator",
        title: str = "",
        dark: bool = True,
    ) -> None:
        super().__init__()
        self._given = store
        self._schema = schema or standard_schema()
        self._zone, self._user, self._title = zone, user, title
        self._dark = dark
        self.desk: Desk | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours that a theme may set; `$text-muted` is blended while drawing, unfit for single cells."""
        return {"muted": "#808080", "quiet": "#606060"}

    def on_mount(self) -> None:
        for theme in (LIGHT, DARK):
            self.register_theme(theme)
        self.theme = DARK.name if self._dark else LIGHT.name
        try:
            store = Store.open(self._given) if isinstance(self._given, str) else self._given
        except SegueError as error:
            self.push_screen(UnopenedScreen(error))
            return
        self.desk = Desk(store, self._schema, self._zone, self._user, self._title or store.name)
        self.push_screen(SequencesScreen(self.desk))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a store there is nothing to show and nothing to search."""
        return self.desk is not None or action not in ("segments", "search", "counts")

    def on_unmount(self) -> None:
        if self.desk and isinstance(self._given, str):
            self.desk.store.close()

    def action_segments(self) -> None:
        self._go(SegmentsScreen)

    def action_search(self) -> None:
        self._go(SearchScreen)

    def _go(self, screen: type[DeskScreen]) -> None:
        if self.desk and not isinstance(self.screen, screen):
            self.push_screen(screen(self.desk))

    def action_help(self) -> None:
        self.push_screen(HelpScreen())

    def action_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_counts(self) -> None:
        if self.desk:
            self.desk.counts = not self.desk.counts
            for screen in self.screen_stack:
                if isinstance(screen, DeskScreen):
                    screen.redraw()


def run(
    store: Store | str, schema: Schema | None = None, zone: str = "UTC", user: str = "operator", title: str = ""
) -> None:
    """Open the app and come back when it is left."""
    SegueApp(store, schema, zone, user, title).run()
