"""A room of the app: a place one goes to by a key, from the list at the left or with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .desk import Desk
    from .desk_screen import DeskScreen


@dataclass(frozen=True, slots=True)
class Room:
    """`key` is the letter after `g`; the first nine rooms have their number too. `role` is the least one that may go
    in (viewer | rep | operator | admin)."""

    name: str
    key: str
    title: str
    screen: Callable[[Desk], DeskScreen]
    role: str = "viewer"
