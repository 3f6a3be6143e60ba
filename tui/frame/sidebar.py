"""The rooms at the left, with their keys. A narrow terminal folds it away: `g` lists the same."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from .room import Room


class Sidebar(OptionList, can_focus=False):
    """A click goes there; keys do without it."""

    class Gone(Message):
        def __init__(self, room: str) -> None:
            super().__init__()
            self.room = room

    def __init__(self, rooms: Sequence[Room], here: str) -> None:
        super().__init__(*(Option(_line(i, room, room.name == here), id=room.name) for i, room in enumerate(rooms, 1)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Gone(event.option.id or ""))


def _line(nr: int, room: Room, here: bool) -> Content:
    number = str(nr) if nr < 10 else " "
    return Content.assemble((f"{number} ", "$muted"), (room.title, "bold $primary" if here else ""))
