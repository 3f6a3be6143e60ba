"""Keys that are acts: what a role may not do is grey, and who presses it is told why. The core would refuse it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from runtime.access.roles import refusal
from runtime.errors import NotAllowed

if TYPE_CHECKING:
    from textual.dom import DOMNode as Node

    from .desk import Desk
    from .desk_screen import DeskScreen
else:
    Node = object  # a first base that is a node would hide the others from style sheets and queries


class Taken(NamedTuple):
    """An act of `roles.ACTS`; `own`: whether what it is about is one's own."""

    act: str
    own: bool = True


class Guarded(Node):
    """A screen, or a part of one, some of whose actions are acts; `takes` says which."""

    def takes(self, action: str) -> Taken | None:
        """The act that an action is; None where everybody may."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if self.refused(action) else super().check_action(action, parameters)

    def refused(self, action: str) -> NotAllowed | None:
        """The sentence for who sits here, where their role does not allow it."""
        taken, desk = self.takes(action), self._at
        return refusal(desk.who, *taken) if taken and not desk.may(*taken) else None

    @property
    def _at(self) -> Desk:
        return cast("DeskScreen", self.screen).desk
