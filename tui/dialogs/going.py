"""`g`: where to go, by one more key."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..frame.room import Room
from .dialog import Dialog


class GoScreen(Dialog[str]):
    """Gives back the name of the room, "" where nobody goes anywhere."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        super().__init__()
        self.rooms = rooms

    def compose(self) -> ComposeResult:
        lines = [Content.assemble(("Go to", "bold $primary"))]
        for nr, room in enumerate(self.rooms, 1):
            number = str(nr) if nr < 10 else ""
            lines.append(Content.assemble((f"  {room.key}  ", "bold"), f"{room.title:<16}", (number, "$muted")))
        with VerticalScroll(id="going"):
            yield Static(Content("\n").join(lines))

    def named_at(self, line: str, x: int) -> str | None:
        """A room's line has its letter first."""
        words = line.split()
        return words[0] if words and any(room.key == words[0] for room in self.rooms) else None

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down", "pageup", "pagedown"):
            return
        event.stop()
        pressed = event.character or ""
        by_number = dict(zip("123456789", self.rooms, strict=False))
        room = by_number.get(pressed) or next((room for room in self.rooms if room.key == pressed), None)
        self.dismiss(room.name if room else "")
