"""The records of one object in their pipelines, as a board or as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from dsl.diagnostics.articles import article
from dsl.schema.model import Pipeline
from runtime.pipelines.cards import STATES, Board, Card, Which, board, cards, count, currency_of
from runtime.pipelines.cards import Column as Stage
from runtime.pipelines.finding import sought
from runtime.pipelines.ways import owners
from runtime.reading import Pages, day
from runtime.reading.values import money
from runtime.store import meta
from runtime.store.session import Session

from ..dialogs.choosing import Choice, ChoiceScreen
from ..frame.desk import Desk
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import Load, PagedTable
from ..words import NONE
from .board import BoardView, Shown
from .card import Picked, age, picked, stage_label
from .card_acts import CardActs
from .lane import Lane

_EVERYBODY = ""
_STATE_WORDS = {"all": "open and closed", "open": "open", "closed": "closed"}


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. `pipeline` None: all of them, which only a list shows. `wanted`: what stands in the search."""

    pipeline: str | None
    as_board: bool = True
    owner: str | None = None
    state: str = "all"
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """`board` without cards, or how many there are in the list; `clock` of the store."""

    which: Which
    board: Board | None
    total: int
    clock: int | None


class PipelineScreen(CardActs):
    """Subclasses say of which object."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", tooltip="make a new one"),
        Binding("b", "board", "Layout", tooltip="as a board or as a list"),
        Binding("f", "find", "Filter", tooltip="find by name, id or property: advertiser_id=A-17"),
        Binding("m", "owner", "Whose", tooltip="mine, somebody's, everybody's"),
        Binding("v", "state", "Which", tooltip="open, closed, both"),
        Binding("left_square_bracket", "pipeline(-1)", "Pipeline", key_display="[ ]", tooltip="the pipeline before"),
        Binding("right_square_bracket", "pipeline(1)", "Next pipeline", show=False, tooltip="the next pipeline"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pipelines: tuple[Pipeline, ...] = desk.schema.pipelines_of(self.object)
        self.view = View(self.pipelines[0].name if self.pipelines else None, as_board=bool(self.pipelines))

    def body(self) -> ComposeResult:
        yield Static(id="filters")
        find = Input(placeholder="a name, an id, or property=value; Enter", id="find", compact=True)
        find.cursor_blink, find.display = False, False
        yield find
        yield BoardView(id="board")
        yield PagedTable(
            Column("Name", share=3),
            Column("Stage", share=2),
            Column("For", 6, right=True, above=60),
            Column("Owner", share=1, above=60),
            Column("Worth", 16, right=True, above=90),
            Column("Contact", share=2, above=90),
            Column("Created", 10, above=120),
            empty="There are none.",
            selectable=True,
            id="cards",
        )

    @property
    def table(self) -> PagedTable:
        return self.query_one("#cards", PagedTable)

    @property
    def board(self) -> BoardView:
        return self.query_one(BoardView)

    def arrive(self) -> None:
        self.board.display, self.table.display = self.view.as_board, not self.view.as_board
        if self.view.as_board:
            self.board.arrive()
        else:
            self.table.focus()

    # --- reading ------------------------------------------------------------------------------------

    def load(self) -> None:
        view = self.view
        self.ask(lambda s: self._read(s, view), lambda found: self._show(view, found))

    def _read(self, session: Session, view: View) -> _Found:
        schema, settings = self.desk.schema, self.desk.settings
        text, properties = sought(session, settings, self.object, view.wanted) if settings else (view.wanted, ())
        which = Which(view.pipeline, None, view.owner, view.state, None, text, properties)
        clock = meta.clock(session)
        if view.as_board:
            found = board(session, schema, self.object, which, each=0)
            return _Found(which, found, sum(stage.count for stage in found.columns), clock)
        return _Found(which, None, count(session, schema, self.object, which), clock)

    def _show(self, view: View, found: _Found) -> None:
        if view != self.view:  # something else is looked at by now
            return
        self._say_what(found)
        if found.board is None:
            self.table.empty = (
                "None is like that." if view.wanted or view.owner or view.state != "all" else "There are none."
            )
            self.table.show(found.total, self._loading(found.which, found.total, found.clock), keep=True)
            return

        def load(stage: Stage) -> Load:
            which = replace(found.which, pipeline=view.pipeline, stage=stage.stage)
            return self._loading(which, stage.count, found.clock, lane=True)

        self.board.show(Shown(found.board, load))

    def _loading(self, which: Which, total: int, clock: int | None, lane: bool = False) -> Load:
        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> Sequence[Card]:
            schema = self.desk.schema
            return self.desk.ask(lambda s: cards(s, schema, self.object, which, after, limit, back, skip))

        pages: Pages[Card] = Pages(total, fetch, lambda card: card.key)
        row = self._card_row if lane else self._list_row
        return lambda offset, limit: [row(card, clock) for card in pages(offset, limit)]

    def _card_row(self, card: Card, clock: int | None) -> TableRow:
        asked = self._stage(card, card.asked) if card.asked else ""
        owner = f"→ {card.given}" if card.given else card.owner or ""
        cells = (card.name, self._worth(card), card.contact or "", owner, age(card.since, clock), asked)
        return TableRow(picked(card), cells)

    def _list_row(self, card: Card, clock: int | None) -> TableRow:
        stands = Cell(self._stage(card, card.stage) or NONE)
        asked = Cell(f"→ {self._stage(card, card.asked)}", "good") if card.asked else stands
        owner = Cell(card.owner or "nobody", "" if card.owner else "dim")
        return TableRow(
            picked(card),
            (
                card.name,
                asked,
                Cell(age(card.since, clock), "dim"),
                Cell(f"→ {card.given}", "good") if card.given else owner,
                self._worth(card) or Cell(NONE, "dim"),
                Cell(card.contact or NONE, "" if card.contact else "dim"),
                Cell(day(card.created_at, self.desk.zone), "dim"),
            ),
        )

    def _stage(self, card: Card, stage: str | None) -> str:
        return stage_label(self.desk.schema, self.object, card.pipeline, stage)

    def _worth(self, card: Card) -> str:
        return money(card.amount, self._currency) if card.amount is not None and self._currency else ""

    @property
    def _currency(self) -> str | None:
        return currency_of(self.desk.schema, self.object)

    def _say_what(self, found: _Found) -> None:
        """What is looked at, and how much of it there is."""
        view, shown = self.view, found.board
        total = f"{found.total:,}"
        if shown and shown.currency:
            total += f" · {money(sum(stage.amount for stage in shown.columns), shown.currency)}"
        astray = f" · {shown.astray:,} in stages that are not there" if shown and shown.astray else ""
        self.head(self.heading, total + astray)
        names = [p.name for p in self.pipelines]
        known = next((p.label for p in self.pipelines if p.name == view.pipeline), "every pipeline")
        nr = f" ({names.index(view.pipeline) + 1} of {len(names)})" if view.pipeline and len(names) > 1 else ""
        whose = {None: "everybody's", self.desk.user: f"mine ({self.desk.user})"}.get(view.owner, f"{view.owner}'s")
        parts = [whose, _STATE_WORDS[view.state], *([f"found by “{view.wanted}”"] if view.wanted else [])]
        line = Content.assemble((f"{known}{nr}", "bold $accent"), (f" · {' · '.join(parts)}", "$muted"))
        self.query_one("#filters", Static).update(line)

    # --- what is looked at ----------------------------------------------------------------------------

    def look(self, view: View) -> None:
        """At something else: nothing stays selected."""
        self.view = view
        self.let_go()
        self.say("")
        self.arrive()
        self.load()

    def action_board(self) -> None:
        first = self.pipelines[0].name if self.pipelines else None
        if first is None:
            self.say(f"No pipeline of the schema takes {article(self.object)}: there is only the list", "$muted")
            return
        self.look(replace(self.view, as_board=not self.view.as_board, pipeline=self.view.pipeline or first))

    def action_pipeline(self, by: int) -> None:
        """On a board one after the other; a list shows all of them too."""
        names: list[str | None] = [p.name for p in self.pipelines]
        if not self.view.as_board:
            names.append(None)
        if len(names) > 1:
            self.look(replace(self.view, pipeline=names[(names.index(self.view.pipeline) + by) % len(names)]))
        else:
            self.say("There is one pipeline", "$muted")

    def action_state(self) -> None:
        order = ("all", *(state for state in STATES if state != "all"))
        self.look(replace(self.view, state=order[(order.index(self.view.state) + 1) % len(order)]))

    def action_owner(self) -> None:
        self.act(owners, self._choose_whose)

    def _choose_whose(self, known: Sequence[tuple[str, str]]) -> None:
        others = [Choice(name, label or name, name if label else "") for name, label in known if name != self.desk.user]
        choices = [Choice(_EVERYBODY, "Everybody's"), Choice(self.desk.user, "Mine", self.desk.user), *others]

        def chosen(whose: str | None) -> None:
            if whose is not None:
                self.look(replace(self.view, owner=whose or None))

        self.app.push_screen(ChoiceScreen("Whose?", "", choices), chosen)

    def action_find(self) -> None:
        find = self.query_one("#find", Input)
        find.display = True
        find.focus()

    @on(Input.Submitted, "#find")
    def found(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value.strip())
        self.look(replace(self.view, wanted=event.value.strip()))

    def action_back(self) -> None:
        """Out of the search first."""
        find = self.query_one("#find", Input)
        if not (find.display and find.has_focus):
            super().action_back()
            return
        find.value, find.display = self.view.wanted, bool(self.view.wanted)
        self.arrive()

    # --- cards ----------------------------------------------------------------------------------------

    @property
    def begins_in(self) -> str | None:
        return self.view.pipeline

    def meant(self) -> list[Picked]:
        if self.view.as_board:
            return self.board.chosen
        row = self.table.row_at(self.table.cursor)
        some = list(self.table.chosen) or ([row.key] if row else [])
        return [key for key in some if isinstance(key, Picked)]

    def let_go(self) -> None:
        self.table.clear_chosen()
        self.board.clear_chosen()

    def on_paged_table_chosen(self, message: PagedTable.Chosen) -> None:
        n = sum(len(lane.chosen) for lane in self.query(Lane)) if self.view.as_board else message.count
        self.say(f"{n:,} selected" if n else "", "$muted")

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Picked):
            open_record(self, self.object, message.row.key.id)
