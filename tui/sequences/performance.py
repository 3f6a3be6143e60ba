"""The figures of a sequence: insights, deals, lead quality, engagement, steps, e-mails by template, cohorts by month,
of whom the filters choose (M1-M17, 000.22-40, 001.3-17). Opened, a step shows who stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.metrics import (
    DealOverview,
    Filters,
    FunnelStep,
    Month,
    Overview,
    SequenceMetrics,
    TemplatePerformance,
    deal_overview,
    overview,
    step_funnel,
    template_performance,
)
from runtime.operators.reporting import Asked
from runtime.store.session import Session

from ..dialogs.filtered import Filtered
from ..dialogs.filtering import asked_first, in_words
from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..tables.paged_table import PagedTable
from .at_step import StepOpened
from .funnel import Funnel
from .letters import Letters
from .months import Months
from .tiles import Tiles, more_figures

_AT_ONCE = 2  # questions side by side, each on a connection of its own
_Ahead = tuple[Callable[[Session, Filters], Any], Callable[[Any], None]]  # a question, and what takes its answer


class Performance(TabBody, Filtered):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", tooltip="choose whose figures: company, status, enrolled by, dates"),
        Binding("m", "me", "Whose", tooltip="those I enrolled, or everybody"),
        Binding("v", "standing", "Which", tooltip="steps by what became of people, or by the status of who is there"),
    ]

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_, self.only = name, (name,)
        self.asked = asked_first(desk)
        self.metrics: SequenceMetrics | None = None
        self.deals: DealOverview | None = None
        self.funnel: tuple[list[FunnelStep], Filters, Asked] | None = None  # and of whom, as asked too
        self.by_status = False  # the steps
        self.letters: list[TemplatePerformance] | None = None
        self.months: list[Month] | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="filters")
        with VerticalScroll(id="figures", can_focus=False):
            yield Tiles(id="tiles")
            yield Static(id="more")
            yield Static(Content.assemble(("Steps", "bold")), classes="part")
            yield Funnel()
            yield Static(Content.assemble(("E-mails by template", "bold")), classes="part")
            yield Letters()
            yield Static(Content.assemble(("By month of enrollment", "bold")), classes="part")
            yield Months()

    def arrive(self) -> None:
        self.query_one(Funnel).focus(scroll_visible=False)  # the figures above it are looked at first

    def load(self) -> None:
        """The tiles first. Deals and steps take longest, and are begun before what is quicker: so both threads are done
        at about the same time."""
        self.query_one("#filters", Static).update(in_words(self.asked, self.desk.user))
        ahead: Iterator[_Ahead] = iter(
            (
                (lambda s, f: overview(s, f, self.desk.zone), self._figures),
                (lambda s, f: deal_overview(s, self.desk.schema, f), self._deals),
                (lambda s, f: (step_funnel(s, self.name_, f), f), self._funnel),
                (template_performance, self._letters),
            )
        )
        for _ in range(_AT_ONCE):
            self._next(ahead)

    def _next(self, ahead: Iterator[_Ahead]) -> None:
        one = next(ahead, None)
        if one is not None:
            self.ask_of_those(one[0], lambda found: self._answered(one[1], found, ahead))

    def _answered(self, take: Callable[[Any], None], found: object, ahead: Iterator[_Ahead]) -> None:
        take(found)
        self.redraw()
        self._next(ahead)

    def _figures(self, found: Overview) -> None:
        self.metrics = found.sequences[0] if found.sequences else None
        self.months = found.months

    def _funnel(self, found: tuple[list[FunnelStep], Filters]) -> None:
        self.funnel = (*found, self.asked)

    def _letters(self, found: list[TemplatePerformance]) -> None:
        self.letters = found

    def _deals(self, found: DealOverview | None) -> None:
        self.deals = found

    def redraw(self) -> None:
        counts = self.desk.counts
        if self.metrics:
            self.query_one(Tiles).show(self.metrics, counts)
            told = more_figures(self.metrics, self.deals.total if self.deals else None, counts)
            lines = [Content.assemble((f"{title:<17}", "$muted"), words) for title, words in told]
            self.query_one("#more", Static).update(Content("\n").join(lines))
        if self.funnel is not None:
            self.query_one(Funnel).show_steps(self.funnel[0], counts, self.by_status)
        if self.letters is not None:
            self.query_one(Letters).show_letters(self.letters, counts)
        if self.months is not None:
            self.query_one(Months).show_months(self.months, counts)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if self.funnel:
            steps, whom, asked = self.funnel
            step = next(step for step in steps if step.places == message.row.key)
            self.post_message(StepOpened(step.label, step.places, whom, asked))

    def action_standing(self) -> None:
        self.by_status = not self.by_status
        self.redraw()
