"""What every screen needs: the store to ask, the schema to read it by, whose clock and whose name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dsl.schema.model import Schema
from runtime.access.roles import ROLES, Actor, allowed
from runtime.errors import InvalidInput
from runtime.project.loading import Settings
from runtime.reading.pulse import Pulse
from runtime.store.session import Session
from runtime.store.store import Store

from .room import Room
from .working_out import WorkingOut

if TYPE_CHECKING:
    from runtime.project.rulebook import Rulebook

T = TypeVar("T")


@dataclass
class Desk:
    """`settings` is the project the app was opened in, None for a store alone. Three things change: `counts`, figures
    as counts or as percentages; `moves`, how often the store was seen to have been written to; `lost_an_act`, whether
    the store was not there for something that was asked of it."""

    store: Store
    schema: Schema
    zone: str
    who: Actor
    title: str
    rooms: tuple[Room, ...] = ()
    settings: Settings | None = None
    counts: bool = False
    moves: int = 0
    lost_an_act: bool = False
    pulse: Pulse = field(init=False)
    _rulebook: Rulebook | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.store)

    def rulebook(self) -> Rulebook:
        """The project's rules as they are now. Made when it is first asked for: the language is not there at once.
        Raises InvalidInput where the app was opened on a store alone."""
        if self.settings is None:
            raise InvalidInput("the rules are not known here", "open the app in a project with `segue tui`")
        if self._rulebook is None:
            from runtime.project.rulebook import Rulebook

            self._rulebook = Rulebook(self.settings.root)
        return self._rulebook

    def ask(self, question: Callable[[Session], T]) -> T:
        """Ask on a connection of its own, closed afterwards: threads share none. Blocks; raises SegueError."""
        self.pulse.there()
        with self.store.session() as session:
            return question(session)

    def work_out(self, question: Callable[[Session], T], by: WorkingOut) -> T:
        """`ask` so that it may be broken off; a store in memory is one connection, where that would meet others too."""
        if self.store.in_memory:
            return self.ask(question)

        def put(session: Session) -> T:
            with by.on(session):
                return question(session)

        return self.ask(put)

    @property
    def user(self) -> str:
        return self.who.name

    def may(self, act: str, own: bool = True) -> bool:
        """Whether who sits here may do an act of `roles.ACTS`; the core asks again when it is done."""
        return allowed(self.who.role, act, own)

    def open_to(self, room: Room) -> bool:
        return ROLES.index(self.who.role) >= ROLES.index(room.role)

    def room(self, name: str) -> Room | None:
        return next((room for room in self.rooms if room.name == name), None)
