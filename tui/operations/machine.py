"""How the machine stands: its worker, what waits and is late by phase, the outbox, and messages whose outcome nobody
knows, to be settled by hand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from runtime.operators.outbox import Waiting, settle, waiting
from runtime.reading import instant
from runtime.reading.lag import Lag
from runtime.reading.values import lasting
from runtime.service.standing import Standing, standing
from runtime.store.session import Session

from ..dialogs.choosing import Choice, ChoiceScreen
from ..frame.guarded import Guarded, Taken
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when

_SHOWN = 200  # messages; those of unknown outcome come first
_OUTCOMES = (
    Choice("sent", "It arrived", "it counts as sent from then on"),
    Choice("refused", "It never arrived", "it counts as refused from then on"),
)


class Machine(Guarded, TabBody):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "settle", "Settle", tooltip="say of a message of unknown outcome whether it arrived"),
    ]

    def compose(self) -> ComposeResult:
        yield Static(id="standing")
        yield PagedTable(
            Column("Phase", share=1),
            Column("Waiting", 9, right=True),
            Column("Late", 9, right=True),
            Column("Oldest", share=1),
            empty="Nothing has been run on this store yet.",
            opens=False,
            id="lags",
        )
        yield PagedTable(
            Column("Message", 10),
            Column("When", 16),
            Column("What", share=2),
            Column("Contact", share=2),
            Column("Address", share=2, above=90),
            Column("Tries", 5, right=True, above=80),
            Column("Why", share=2, above=100),
            empty="Nothing is on its way, and every outcome is known.",
            opens=False,
            id="messages",
        )

    found: Mapping[int, Waiting] = {}

    def arrive(self) -> None:
        self.query_one("#messages", PagedTable).focus()

    def load(self) -> None:
        now, of = time.time_ns() // 1_000, self.desk
        self.work_out(
            lambda s: (standing(of.store, now, of.zone), waiting(s, _SHOWN)), lambda found: self._show(*found)
        )

    def _show(self, found: Standing, messages: tuple[int, list[Waiting]]) -> None:
        count, some = messages
        more = f", the first {len(some):,} shown" if count > len(some) else ""
        self.of.head(self.of.heading, f"{plural(count, 'message')} not settled{more}" if count else "")
        self.query_one("#standing", Static).update(self._words(found))
        self.query_one("#lags", PagedTable).show_rows([_lag(lag, found.looked_at) for lag in found.lags], keep=True)
        self.found = dict(enumerate(some))
        rows = [self._row(i, message) for i, message in self.found.items()]
        self.query_one("#messages", PagedTable).show_rows(rows, keep=True)

    def _words(self, found: Standing) -> Content:
        zone = self.desk.zone
        clock = f"{when(found.clock_at, zone)} ({found.clock_kind or 'real'})" if found.clock_at else "never run"
        sent = ", ".join(f"{n:,} {state}" for state, n in found.outbox.items()) or "none"
        calls = ", ".join(f"{n:,} {state}" for state, n in found.calls.items()) or "none"
        held = ", ".join(f"{n:,} {why}" for why, n in found.held.items()) or "none"
        loops = ", ".join(f"{name}: {n:,}" for name, n in found.loops.items())
        lines = [
            ("Store", found.store),
            ("Clock", clock),
            ("Next", when(found.next_due, zone)),
            ("Worker", found.worker or "nobody works on it"),
            ("Mails", sent),
            ("Calls", calls),
            ("Put off", held),
            *((("Loops", loops),) if loops else ()),
        ]
        return Content("\n").join(Content.assemble((f"{name:<9}", "$muted"), said) for name, said in lines)

    def _row(self, i: int, message: Waiting) -> TableRow:
        tone = "bad" if message.state == "unknown" else "warn" if message.state == "deferred" else ""
        return TableRow(
            message.key or i,
            (
                Cell(message.state, tone),
                instant(message.at, self.desk.zone),
                f"{message.kind} {message.name}",
                message.contact,
                Cell(message.address or NONE, "dim"),
                f"{message.tries}",
                Cell(message.words, "dim"),
            ),
        )

    # --- acts ---------------------------------------------------------------------------------------

    def takes(self, action: str) -> Taken | None:
        return Taken("outbox") if action == "settle" else None

    def action_settle(self) -> None:
        message = self.found.get(self.query_one("#messages", PagedTable).cursor)
        if message is None or message.state != "unknown":
            self.of.say("Only what nobody knows the outcome of is settled by hand", "$muted")
            return

        def chosen(state: str | None) -> None:
            if state is not None:
                self.of.ask_to(lambda s: self._settle(s, message.key, state), self._settled)

        what = f"{message.kind} {message.name} to {message.address or message.contact}"
        self.app.push_screen(ChoiceScreen(f"Did the {what} arrive?", "It is never sent again.", _OUTCOMES), chosen)

    def _settle(self, session: Session, key: str, state: str) -> str:
        settle(session, [(key, state)], self.desk.who)
        return state

    def _settled(self, state: str) -> None:
        self.of.say(f"Asked for: {state}; takes effect at the next tick")


def _lag(lag: Lag, now: int) -> TableRow:
    late = Cell(f"{lag.late:,}", "bad") if lag.late else Cell(NONE, "dim")
    oldest = f"{lasting(lag.behind(now))} ago" if lag.waiting else NONE
    return TableRow(lag.phase, (lag.phase, f"{lag.waiting:,}", late, Cell(oldest, "dim")))
