"""What a dashboard and a report of its own share: whose figures they show, and the keys that choose them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from runtime.operators.reporting import Asked
from runtime.reports import Reports, Result
from runtime.store.session import Session

from ..dialogs.filtered import Filtered
from ..dialogs.filtering import FilterScreen, in_words
from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen


class ReportFilterScreen(FilterScreen):
    """Which rows of a report are looked at."""

    FIELDS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("by", "Owner", "`me` or users, commas between them; of enrollments who enrolled; empty: everybody"),
        ("companies", "Companies", "names or ids, commas between them; empty: all"),
        ("since", "Since", "a day, 2026-03-01, of the time it is grouped by, else of when it was created"),
        ("until", "Until", "the last day that counts"),
    )


class ReportDesk(DeskScreen, Filtered):
    """Subclasses `load`, and `redraw` when the figures are to be drawn otherwise."""

    has_rates = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", tooltip="choose which rows count: dates, owner, company"),
        Binding("m", "me", "Whose", tooltip="what is mine, or everybody's"),
        Binding("b", "chart", "Layout", tooltip="as a chart, or as a table"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.asked = Asked()

    def filters(self) -> Static:
        return Static(id="filters")

    def tell_filters(self) -> None:
        words = in_words(self.asked, self.desk.user, everything="all of it, at all times", by="of", days="days")
        self.query_one("#filters", Static).update(words)

    def question(self, report: str) -> Callable[[Session], Result | Exception]:
        """The report of those chosen; what went wrong is its answer too, so that it stays where the report stands."""
        asked, desk = self.asked, self.desk

        def put(session: Session) -> Result | Exception:
            try:
                program = desk.rulebook().loaded().program
                return Reports(session, program).run(report, self.looked_up(session, asked))
            except Exception as error:  # whatever it is: said in the report's own place, the others live on
                return error

        return put

    def form(self) -> FilterScreen:
        return ReportFilterScreen(self.asked, self.desk)

    def action_chart(self) -> None:
        raise NotImplementedError
