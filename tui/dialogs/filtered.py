"""What rooms and tabs share whose figures are of those that filters choose: the keys that choose, and how they ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from textual.widget import Widget

from runtime.metrics import Filters
from runtime.operators.reporting import Asked, filters_of
from runtime.store.session import Session

from ..frame.desk import Desk
from .filtering import FilterScreen

T = TypeVar("T")


class Filtered(Widget):
    """Goes with a screen or the body of a tab, whose `desk`, `load` and `work_out` it uses."""

    desk: Desk
    asked: Asked
    only: tuple[str, ...] = ()  # the sequences it is about, whatever is chosen

    def load(self) -> None:
        raise NotImplementedError

    def work_out(self, question: Callable[[Session], T], answer: Callable[[T], None]) -> None:
        raise NotImplementedError

    def form(self) -> FilterScreen:
        return FilterScreen(self.asked, self.desk)

    def ask_of_those(self, question: Callable[[Session, Filters], T], answer: Callable[[T], None]) -> None:
        """Put a question about those whom the filters choose; an answer to older filters is let go."""
        asked, desk = self.asked, self.desk
        users = desk.settings.project.users if desk.settings else ()

        def put(session: Session) -> T:
            filters = filters_of(session, users, desk.zone, asked)
            return question(session, replace(filters, sequences=self.only) if self.only else filters)

        self.work_out(put, lambda found: answer(found) if asked == self.asked else None)

    def action_filter(self) -> None:
        self.app.push_screen(self.form(), self._filter)

    def action_me(self) -> None:
        self._filter(replace(self.asked, by=() if self.asked.by else (self.desk.user,)))

    def _filter(self, asked: Asked | None) -> None:
        if asked is not None:
            self.asked = asked
            self.load()
