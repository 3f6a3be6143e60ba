"""Keys in the order in which they were typed, however fast: each is dealt with before the next, what is typed for a
screen that is still to come waits for it, and what is about a row of a list for that row."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple
from weakref import WeakSet

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from ..tables.paged_table import PagedTable
from .desk_screen import DeskScreen
from .guarded import Guarded
from .tab_body import TabBody

AGAIN = 0.01  # seconds until it is looked again whether a key may be given on
_STUCK = 5.0  # seconds after which nobody says any more that a key was dealt with
_PATIENT = 3.0  # seconds; a key that acts later than that surprises


class Dealt(Message):
    """Goes behind a key, the way it bubbles, and then behind what the key had a part say: back at the app for the
    second time, it says that the key was dealt with."""

    def __init__(self, key: Key, again: bool = False) -> None:
        super().__init__()
        self.key, self.again = key, again


class UnderWay(NamedTuple):
    key: Key
    to: Widget
    on: Screen[object]
    # It closed its screen: how many keys waited when that was seen. Who opened that is told before the next key.
    behind: int | None = None


class TypedAhead:
    """The keys that wait, and the one that is under way."""

    def __init__(self, app: App[None], give_on: Callable[[], Awaitable[None]]) -> None:
        """`give_on` takes the keys that may be given on now."""
        self._app, self._give_on = app, give_on
        self._keys: deque[Key] = deque()
        self._under_way: UnderWay | None = None
        self._there: WeakSet[Screen[object]] = WeakSet()  # screens that have placed their focus
        self._coming: Screen[object] | None = None  # one that is about to
        self._since = 0.0  # when the key under way was given on, or the first one began to wait

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, key: Key) -> None:
        """Who leaves a list does not want done what still waits for its rows."""
        self._see_closed()
        if self._keys and self._row_is_to_come(self._keys[0]) and self._leaves(key):
            self.drop()
        if not self._keys and self._under_way is None:
            self._since = monotonic()
        self._keys.append(key)

    def drop(self) -> None:
        self._keys.clear()

    def next(self) -> Key | None:
        """The key to be given on now; None while none may be."""
        if not self._keys or not self._app.screen_stack or self._at_work() or self._to_come(self._keys[0]):
            return None
        key = self._keys.popleft()
        screen = self._app.screen
        self._under_way, self._since = UnderWay(key, self._app.focused or screen, screen), monotonic()
        return key

    def follow(self, key: Key) -> None:
        """It was given on: what says that it was dealt with goes behind it."""
        self._send(Dealt(key))

    def dealt(self, told: Dealt) -> None:
        if told.again:
            self._end(told.key)
        else:
            self._send(Dealt(told.key, again=True))

    def is_late(self, key: Key) -> bool:
        """Whether the screen it was given to is not in sight any more."""
        given = self._under_way
        return given is not None and given.key is key and given.on is not self._app.screen

    def _send(self, behind: Dealt) -> None:
        if self._under_way is not None and self._under_way.key is behind.key:
            self._under_way.to.post_message(behind)

    def _end(self, key: Key) -> None:
        if self._under_way is not None and self._under_way.key is key:
            self._done(self._under_way)

    def _done(self, given: UnderWay) -> None:
        """A key that closed a question and was pressed twice is not for the screen below it; what was pressed once that
        was in sight is."""
        self._under_way, self._since = None, monotonic()
        behind = len(self._keys) if given.behind is None else given.behind
        if isinstance(given.on, ModalScreen) and given.on not in self._app.screen_stack:
            while behind and self._keys and self._keys[0].key == given.key.key:
                self._keys.popleft()
                behind -= 1

    # --- what a key waits for -----------------------------------------------------------------------

    def _at_work(self) -> bool:
        """Whether the key before is still on its way."""
        given = self._under_way
        if given is not None and monotonic() - self._since > _STUCK:
            self._done(given)
        self._see_closed()
        return self._under_way is not None

    def _see_closed(self) -> None:
        """A screen that a key closed tells no more. What it was asked for is done in one of these two, before this."""
        given = self._under_way
        if given is not None and given.behind is None and self._is_closed(given) and self._app.screen_stack:
            self._under_way = given._replace(behind=len(self._keys))
            self._app.screen.call_next(self._app.call_next, self._closed, given.key)

    async def _closed(self, key: Key) -> None:
        self._end(key)
        await self._give_on()

    def _is_closed(self, given: UnderWay) -> bool:
        return not given.to.is_attached or given.on not in self._app.screen_stack

    def _to_come(self, key: Key) -> bool:
        if not self._is_there(self._app.screen):
            return True
        return monotonic() - self._since < _PATIENT and self._row_is_to_come(key)

    def _is_there(self, screen: Screen[object]) -> bool:
        """Whether it has placed its focus: with the first it was sent, by itself or by the app."""
        if screen.is_mounted and screen not in self._there and self._coming is not screen:
            self._coming = screen
            screen.call_later(self._app.call_later, self._placed, screen)
        return screen in self._there

    async def _placed(self, screen: Screen[object]) -> None:
        self._there.add(screen)
        await self._give_on()

    def _row_is_to_come(self, key: Key) -> bool:
        """Whether it is about a row, and there is none under the cursor yet. Where a list is read anew, what stands in
        it meanwhile is what a key is about."""
        screen, focused = self._app.screen, self._app.focused
        if not isinstance(screen, DeskScreen):
            return False
        if isinstance(focused, PagedTable):
            reading = focused.reading and (focused.known or screen.asking)
        else:
            reading = focused is None and screen.asking
        return reading and self._about_a_row(key)

    def _about_a_row(self, key: Key) -> bool:
        node, action = self._bound(key)
        if isinstance(node, DeskScreen | TabBody) and action in node.about_a_row:
            return True
        return isinstance(node, PagedTable) or (isinstance(node, Guarded) and node.takes(action) is not None)

    def _leaves(self, key: Key) -> bool:
        node, action = self._bound(key)
        return node is self._app or action == "back"

    def _bound(self, key: Key) -> tuple[DOMNode | None, str]:
        """Whose key it is now, and the name of what it does."""
        bound = self._app.screen.active_bindings.get(key.key)
        return (bound.node, bound.binding.action.partition("(")[0]) if bound else (None, "")
