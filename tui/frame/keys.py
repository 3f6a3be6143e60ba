"""The line of keys at the bottom: as many as there is room for, the nearest first, and Help always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, Input, TextArea
from textual.widgets._footer import FooterKey  # the one thing a footer is made of

NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "space": "Space", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab",
    "slash": "/", "question_mark": "?", "f1": "F1", "f5": "F5", "left_square_bracket": "[", "right_square_bracket": "]",
    "ctrl+s": "Ctrl+S", "ctrl+x": "Ctrl+X",
}  # fmt: skip
_IN_FULL = ("space", "ctrl+s")
_HELP = "help"


@dataclass(frozen=True)
class _Offered:
    key: str
    shown: str
    does: str
    action: str
    enabled: bool
    tooltip: str

    @property
    def width(self) -> int:
        return cell_len(self.shown) + cell_len(self.does) + 3

    def widget(self) -> FooterKey:
        side = "-command-palette" if self.action == _HELP else ""  # Textual's own class for the right end
        made = FooterKey(self.key, self.shown, self.does, self.action, not self.enabled, self.tooltip, side)
        made.set_reactive(FooterKey.compact, False)  # watched, each would be styled twice more
        return made


class Keys(Footer):
    """While one writes into a field, letters are no keys: what has another key is offered by that.

    Its dozen widgets are made anew only when others are to be shown."""

    _drawn: tuple[_Offered, ...] = ()

    def compose(self) -> ComposeResult:
        self._drawn = self._fitting()
        for key in self._drawn:
            yield key.widget()

    def bindings_changed(self, screen: Screen[object]) -> None:
        if not (self.is_attached and screen is self.screen and self._fitting() == self._drawn):
            super().bindings_changed(screen)

    def on_resize(self) -> None:
        if self._fitting() != self._drawn:
            self.call_after_refresh(self.recompose)

    def _fitting(self) -> tuple[_Offered, ...]:
        keys = list(self._offered())
        helping = [key for key in keys if key.action == _HELP]
        room = self.app.size.width - sum(key.width + 1 for key in helping)
        fitting = []
        for key in keys:
            if key.action != _HELP and key.width <= room:
                room -= key.width
                fitting.append(key)
            elif key.action != _HELP:
                break
        return (*fitting, *helping)

    def _offered(self) -> Iterator[_Offered]:
        """One key an act, of those that do something now."""
        writing = isinstance(self.screen.focused, (Input, TextArea))
        seen = set()
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            if not binding.show or binding.action in seen or (writing and _typed(binding)):
                continue
            seen.add(binding.action)
            name = NAMES.get(binding.key) if writing or binding.key in _IN_FULL else None
            shown = name or self.app.get_key_display(binding)
            yield _Offered(binding.key, shown, binding.description, binding.action, enabled, tooltip)


def _typed(binding: Binding) -> bool:
    """Whether a text field takes the key as a letter."""
    name = NAMES.get(binding.key, binding.key)
    return len(name) == 1 and name.isascii()
