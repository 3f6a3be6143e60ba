"""The definitions of one kind as they are in the project's rules now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from textual.app import ComposeResult

from runtime.project import Loaded

from .desk_screen import DeskScreen
from .paged_table import Column, PagedTable, TableRow


class Titled(Protocol):
    @property
    def label(self) -> str: ...


class WrittenDownScreen(DeskScreen):
    """Subclasses say of which kinds."""

    kinds: tuple[str, ...] = ()
    none = "The rule files have none."

    def body(self) -> ComposeResult:
        yield PagedTable(Column("Name", share=1), Column("Title", share=2), empty=self.none, id="definitions")

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda _: self._rows(self.desk.rulebook().loaded()), self._show)

    def _rows(self, loaded: Loaded) -> list[TableRow]:
        program = loaded.program
        named: dict[str, Mapping[str, Titled]] = {
            "playbook": {name: one for (kind, name), one in program.conversations.items() if kind == "playbook"},
            "hygiene": program.hygiene,
            "dashboard": program.dashboards,
            "report": program.reports,
        }
        found = ((kind, name, one) for kind in self.kinds for name, one in named[kind].items())
        return [TableRow((kind, name), (name, one.label)) for kind, name, one in found]

    def _show(self, rows: list[TableRow]) -> None:
        self.head(self.heading, f"{len(rows):,}")
        self.query_one(PagedTable).show_rows(rows, keep=True)
