"""One of several, chosen from a list; typing narrows a long one. What may not be chosen says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from .dialog import Dialog

_MANY = 8  # from so many on one may type


@dataclass(frozen=True, slots=True)
class Choice:
    """`why` it may not be chosen; "" where it may."""

    value: str
    label: str
    note: str = ""
    why: str = ""


class ChoiceScreen(Dialog[str | None]):
    """Gives back the value, None where nothing was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it", tooltip="leave it as it is"),
    ]

    def __init__(self, question: str, note: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.question, self.note, self.choices = question, note, choices

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="choosing"):
            yield Static(Content.assemble((self.question, "bold"), (f"\n{self.note}" if self.note else "", "$muted")))
            if len(self.choices) >= _MANY:
                narrow = Input(placeholder="type to narrow the list", id="narrowed", compact=True)
                narrow.cursor_blink = False  # calm
                yield narrow
            yield OptionList(id="choices", compact=True)
            yield Static(
                Content.assemble(("Enter", "bold $primary"), " choose    ", ("Esc", "bold $primary"), " leave it")
            )

    def on_mount(self) -> None:
        self._fill("")
        (self.query(Input).first() if self.query(Input) else self.query_one(OptionList)).focus()

    def _fill(self, wanted: str) -> None:
        """Those that may be chosen come first."""
        options = self.query_one(OptionList)
        options.clear_options()
        fitting = [c for c in self.choices if wanted.casefold() in f"{c.label} {c.value}".casefold()]
        for choice in sorted(fitting, key=lambda c: bool(c.why)):
            options.add_option(Option(_line(choice), disabled=bool(choice.why), id=f"c{self.choices.index(choice)}"))
        options.highlighted = 0 if any(not c.why for c in fitting) else None

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        self._fill(event.value.strip())

    @on(Input.Submitted)
    def take(self) -> None:
        self.query_one(OptionList).action_select()

    def on_key(self, event: events.Key) -> None:
        """The arrows go about the list while one types."""
        if self.query(Input) and event.key in ("up", "down"):
            options = self.query_one(OptionList)
            options.action_cursor_down() if event.key == "down" else options.action_cursor_up()
            event.prevent_default()

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[int((event.option_id or "c0")[1:])].value)


def _line(choice: Choice) -> Content:
    if choice.why:
        return Content.assemble((f"{choice.label}  ", "$muted"), (choice.why, "$muted italic"))
    return Content.assemble(choice.label, (f"  {choice.note}" if choice.note else "", "$muted"))
