"""The rooms of the app in the order of its list. A new room is a line here; its screen is a file of its own.

A screen is a `DeskScreen`: `body` says what is on it, `load` asks for it and is called again whenever the store has
changed, so that it keeps the cursor (`show(.., keep=True)`, `show_rows(.., keep=True)`) and leaves the focus alone.
"""

from __future__ import annotations

from .analyze import AnalyzeScreen
from .home import HomeScreen
from .room import Room
from .segments import SegmentsScreen
from .sequences import SequencesScreen

ROOMS: tuple[Room, ...] = (
    Room("home", "h", "Home", HomeScreen),
    Room("sequences", "s", "Sequences", SequencesScreen),
    Room("analyze", "a", "Analyze", AnalyzeScreen),
    Room("segments", "m", "Segments", SegmentsScreen),
)
