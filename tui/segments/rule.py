"""What the rule of a segment says in English, who names it, and the SQL that judges it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dsl.english.lines import bulleted
from runtime.project.explaining import Explained, explained
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.tab_body import TabBody


class SegmentRule(TabBody):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = name

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="told"):
            yield Static(id="told")

    def arrive(self) -> None:
        self.query_one(VerticalScroll).focus()

    def load(self) -> None:
        self.ask(self._explained, self._show)

    def _explained(self, session: Session) -> Explained:
        loaded = self.desk.rulebook().loaded()
        now = time.time_ns() // 1_000
        return explained(loaded.program, loaded.sources, ("segment", self.name_), session.dialect, now)

    def _show(self, told: Explained) -> None:
        self.query_one("#told", Static).update(Content("\n").join(_lines(told)))


def _lines(told: Explained) -> Iterator[Content]:
    yield Content.assemble((told.place, "$muted"))
    yield from (Content(line) for line in bulleted(told.lines))
    if told.named_by:
        yield Content.assemble(("\nNamed by  ", "$muted"), ", ".join(told.named_by))
    for what, words in told.costs:
        yield Content.assemble((f"\nCost of {what}  ", "$muted"), words)
    for query in told.queries:
        yield Content.assemble((f"\nSQL of {query.what}\n", "$muted"), query.sql)
        for name, value in query.values.items():
            yield Content.assemble((f"  :{name} = {value}", "$muted"))
