"""A record is opened from anywhere: the app knows which page it has."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class Opening(Message):
    """Asks for the page of a record."""

    def __init__(self, of: str, id_: int) -> None:
        super().__init__()
        self.of, self.id = of, id_


def open_record(asker: Widget, of: str, id_: int) -> None:
    asker.post_message(Opening(of, id_))
