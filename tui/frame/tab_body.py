"""What the tabs of a screen share: each loads itself when it comes into sight, and asks through its screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar, cast

from textual.containers import Vertical

from runtime.store.session import Session

from .desk import Desk
from .desk_screen import DeskScreen

T = TypeVar("T")


class TabBody(Vertical):
    """`load`, `redraw` and `about_a_row` as of a screen."""

    about_a_row: ClassVar[tuple[str, ...]] = ()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.arrived = False

    def arrive(self) -> None:
        """Place the focus."""

    def load(self) -> None:
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw what is known again."""

    @property
    def of(self) -> DeskScreen:
        return cast(DeskScreen, self.screen)

    def ask(
        self,
        question: Callable[[Session], T],
        answer: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self.arrived = True
        self.of.ask(question, answer, failed)

    def work_out(self, question: Callable[[Session], T], answer: Callable[[T], None]) -> None:
        self.arrived = True
        self.of.work_out(question, answer)
