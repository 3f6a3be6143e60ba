"""The line of keys at the bottom: as many as there is room for, the nearest first, and Help always."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Footer, Input, TextArea
from textual.widgets._footer import FooterKey  # the one thing a footer is made of

NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "space": "Space", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab",
    "slash": "/", "question_mark": "?", "f1": "F1", "f5": "F5", "left_square_bracket": "[", "right_square_bracket": "]",
    "ctrl+s": "Ctrl+S",
}  # fmt: skip
_HELP = "help"


class Keys(Footer):
    """While one writes into a field, letters are no keys: what has another key is offered by that."""

    def compose(self) -> ComposeResult:
        room = self.app.size.width
        keys = list(self._offered())
        helping = [key for key in keys if key.action == _HELP]
        room -= sum(_width(key) + 1 for key in helping)
        for key in keys:
            if key.action != _HELP and _width(key) <= room:
                room -= _width(key)
                yield key
            elif key.action != _HELP:
                break
        yield from helping

    def _offered(self) -> Iterator[FooterKey]:
        """One key an act, of those that do something now."""
        writing = isinstance(self.screen.focused, (Input, TextArea))
        seen = set()
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            if not binding.show or binding.action in seen or (writing and _typed(binding)):
                continue
            seen.add(binding.action)
            name = NAMES.get(binding.key) if writing else None
            shown = name or self.app.get_key_display(binding)
            side = "-command-palette" if binding.action == _HELP else ""  # Textual's own class for the right end
            key = FooterKey(binding.key, shown, binding.description, binding.action, not enabled, tooltip, side)
            yield key.data_bind(compact=Footer.compact)

    def on_resize(self) -> None:
        self.call_after_refresh(self.recompose)


def _typed(binding: Binding) -> bool:
    """Whether a text field takes the key as a letter."""
    name = NAMES.get(binding.key, binding.key)
    return len(name) == 1 and name.isascii()


def _width(key: FooterKey) -> int:
    return cell_len(key.key_display) + cell_len(key.description) + 3
