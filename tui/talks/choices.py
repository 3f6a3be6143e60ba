"""Options in a row, chosen by arrows, by their number or with the mouse: one of them, or several. Of very many, such as
the users of a large account, one is looked for in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from ..dialogs.choosing import Choice, ChoiceScreen

_ROW = 12  # options that stand in a row


class Choices(Static, can_focus=True):
    """`value` is the text of the answer: an option, or several with commas between."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Left", show=False, tooltip="the option before"),
        Binding("right", "step(1)", "Right", show=False, tooltip="the next option"),
        Binding("space", "choose", "Choose", tooltip="choose the option or let it go"),
        Binding("backspace,delete", "clear", "None", show=False, tooltip="choose none"),
        Binding("enter", "next", "Next", show=False, tooltip="the next question"),
    ]
    at: reactive[int] = reactive(-1)

    class Changed(Message):
        def __init__(self, choices: Choices) -> None:
            super().__init__()
            self.choices = choices

    class Next(Message):
        """Enter."""

    def __init__(self, value: str = "", several: bool = False) -> None:
        super().__init__(classes="choices")
        self.options: tuple[str, ...] = ()
        self.several = several
        parts = value.split(",") if several else [value]
        self.chosen = [part.strip() for part in parts if part.strip()]

    def offer(self, options: Sequence[str]) -> None:
        """What there is to choose from. What was chosen and is not among it stays, for whoever asks to say so."""
        if tuple(options) != self.options:
            self.options = tuple(options)
            self.at = self.options.index(self.chosen[0]) if self._one in self.options else -1
            self._draw()

    @property
    def _one(self) -> str:
        """What is chosen where that is one."""
        return self.chosen[0] if len(self.chosen) == 1 and not self.several else ""

    @property
    def _many(self) -> bool:
        """Too many to stand in a row: they are looked for in a list."""
        return len(self.options) > _ROW and not self.several

    @property
    def value(self) -> str:
        return ", ".join(self.chosen)

    def on_mount(self) -> None:
        self._draw()

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def watch_at(self) -> None:
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        if self._many or not self.options:
            self.update(self._in_short())
            return
        self.update(Content("  ").join(self._option(i, option) for i, option in enumerate(self.options)))

    def _in_short(self) -> Content:
        """What is chosen alone, and how another is."""
        told = (f"● {self.value}", "bold $accent") if self.chosen else ("○ none", "")
        more = f"  Space chooses one of {len(self.options):,}" if self.has_focus else ""
        return Content.assemble(told, (more if self.options else "  there is nothing to choose from", "$muted"))

    def _option(self, i: int, option: str) -> Content:
        """Its mark tells it without colour; an option is not broken at its spaces."""
        on = option in self.chosen
        mark = ("■" if on else "□") if self.several else ("●" if on else "○")
        tone = "bold $accent" if on else ""
        here = " reverse" if self.has_focus and i == self.at else ""
        number = (f"{i + 1} ", "$muted") if self.has_focus and i < 9 else ""
        text = Content.assemble(number, (f"{mark}\u00a0{option.replace(' ', chr(160))}", f"{tone}{here}".strip()))
        return text.stylize(Style.from_meta({"@click": f"pick({i})"}))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters do nothing here, so no key of the screen is offered for them."""
        return character is not None and character.isprintable() and character not in " ?"

    def on_key(self, event: events.Key) -> None:
        """A number chooses; no other letter leads out of a form by mistake."""
        pressed = event.character or ""
        if not self._many and pressed.isdecimal() and pressed.isascii() and 0 < int(pressed) <= len(self.options):
            self.action_pick(int(pressed) - 1)
        if self.check_consume_key(event.key, event.character):
            event.stop()

    def action_step(self, by: int) -> None:
        """Of one option the arrows choose at once."""
        if not self.options:
            return
        self.at = (self.at + by) % len(self.options) if self.at >= 0 or by > 0 else len(self.options) - 1
        if not self.several:
            self._choose([self.options[self.at]])

    def action_choose(self) -> None:
        if self._many:
            options = [Choice(option, option) for option in self.options]
            self.app.push_screen(ChoiceScreen("Which one?", "", options), self._picked)
        elif self.options:
            self.action_pick(max(self.at, 0))

    def _picked(self, option: str | None) -> None:
        if option is not None:
            self.at = self.options.index(option)
            self._choose([option])

    def action_pick(self, i: int) -> None:
        option = self.options[i]
        self.at = i
        if not self.several:
            self._choose([] if self.chosen == [option] else [option])
        else:
            kept = {*self.chosen} ^ {option}
            self._choose([one for one in self.options if one in kept])

    def action_clear(self) -> None:
        self._choose([])

    def action_next(self) -> None:
        self.post_message(self.Next())

    def _choose(self, chosen: list[str]) -> None:
        self.chosen = chosen
        self._draw()
        self.post_message(self.Changed(self))
