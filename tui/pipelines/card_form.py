"""A new deal, ticket or whatever stands in a pipeline: a form with what the schema demands on top (P8, P9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from runtime.pipelines.blank import Asked, Blank
from runtime.pipelines.making import Made
from runtime.store.session import Session

from ..dialogs.saving import SavingScreen
from ..frame.desk_screen import DeskScreen

_ID = Asked("id", "ID", "", "from outside; made up where it is empty")
_STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form; empty lines are left out."""

    values: Mapping[str, str]
    links: tuple[tuple[str, str], ...]
    stage: str | None
    id: str | None


class FormScreen(SavingScreen[Made]):
    """`make` makes it of what is written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it", tooltip="make nothing"),
        Binding("ctrl+s", "save", "Save", tooltip="make it"),
    ]

    def __init__(
        self, page: DeskScreen, form: Blank, given: Mapping[str, str], make: Callable[[Session, Written], Made]
    ) -> None:
        super().__init__(page)
        self.form, self.given, self.make = form, given, make

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="filter", classes="form", can_focus=False):
            keys = ("\nTab next   Enter save   Esc leave it", "$muted")
            yield Static(Content.assemble((f"New {self.form.object} in {self.form.label}", "bold"), keys))
            yield Static(id="refused")
            for asked in self.form.properties:
                yield from self._line(asked, "value")
            if len(self.form.stages) > 1:
                note = f"{', '.join(self.form.stages)}; empty: the first"
                yield from self._line(Asked(_STAGE, "Begins in", "", note), "where")
            for asked in self.form.ties:
                yield from self._line(asked, "tie")
            yield from self._line(_ID, "where")

    def _line(self, asked: Asked, kind: str) -> Iterator[Static | Input]:
        mark = {"error": (" *", "$error"), "warning": (" (wanted)", "$warning")}.get(asked.needed, ("", ""))
        yield Static(Content.assemble(asked.label, mark, (f"  {asked.note}", "$muted")), classes="field")
        field = Input(self.given.get(asked.name, ""), id=f"{kind}-{asked.name}", compact=True)
        field.cursor_blink = False  # calm
        yield field

    def on_mount(self) -> None:
        first = self.form.properties[0].name if self.form.properties else _ID.name
        self.query_one(f"#value-{first}" if self.form.properties else f"#where-{first}", Input).focus()
        self.call_after_refresh(self.query_one("#filter").scroll_home, animate=False)

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        written = self._written()
        self.save(lambda session: self.make(session, written))

    def _written(self) -> Written:
        links = [(name, one.strip()) for name, text in self._texts("tie") for one in text.split(",") if one.strip()]
        where = dict(self._texts("where"))
        return Written(dict(self._texts("value")), tuple(links), where.get(_STAGE), where.get(_ID.name))

    def _texts(self, kind: str) -> Iterator[tuple[str, str]]:
        for field in self.query(Input):
            sort, _, name = (field.id or "").partition("-")
            if sort == kind and field.value.strip():
                yield name, field.value.strip()
