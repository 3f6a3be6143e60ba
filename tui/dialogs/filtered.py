"""What rooms and tabs share whose figures are of those that filters choose: the keys that choose, and how they ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from textual.widget import Widget

from runtime.metrics import Filters
from runtime.operators.reporting import Asked, filters_of
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from .filtering import FilterScreen

T = TypeVar("T")


class Filtered(Widget):
    """Goes with a screen or the body of a tab, whose `desk`, `load`, `ask` and `work_out` it uses."""

    desk: Desk
    asked: Asked
    only: tuple[str, ...] = ()  # the sequences it is about, whatever is chosen

    def load(self) -> None:
        raise NotImplementedError

    def ask(
        self,
        question: Callable[[Session], T],
        answer: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        raise NotImplementedError

    def work_out(self, question: Callable[[Session], T], answer: Callable[[T], None]) -> None:
        raise NotImplementedError

    def chose(self, filters: Filters) -> None:
        """Others are looked at from now on."""
        self.load()

    def form(self) -> FilterScreen:
        return FilterScreen(self.asked, self.desk)

    def ask_of_those(self, question: Callable[[Session, Filters], T], answer: Callable[[T], None]) -> None:
        """Put a question about those whom the filters choose; an answer to older filters is let go."""
        asked = self.asked

        def put(session: Session) -> T:
            filters = self.looked_up(session, asked)
            return question(session, replace(filters, sequences=self.only) if self.only else filters)

        self.work_out(put, lambda found: answer(found) if asked == self.asked else None)

    def looked_up(self, session: Session, asked: Asked) -> Filters:
        """What was asked for in words. Raises UnknownName, InvalidInput."""
        users = self.desk.settings.project.users if self.desk.settings else ()
        return filters_of(session, users, self.desk.zone, asked)

    def action_filter(self) -> None:
        self.app.push_screen(self.form(), self._filter)

    def action_me(self) -> None:
        self._filter(replace(self.asked, by=() if self.asked.by else (self.desk.user,)))

    def _filter(self, asked: Asked | None) -> None:
        """What is refused, such as a user nobody knows, leaves the figures and what is said of whom they are."""
        if asked is None:
            return
        before, self.asked = self.asked, asked

        def refused(error: Exception) -> None:
            cast(DeskScreen, self.screen).say_error(error)
            if self.asked == asked:
                self.asked = before
                self.load()

        self.ask(lambda s: self.looked_up(s, asked), lambda f: self.chose(f) if self.asked == asked else None, refused)
