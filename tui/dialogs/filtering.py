"""Whose figures: the filters of reports, asked for in a form and said in a line."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from runtime.operators.reporting import Asked

from ..frame.desk import Desk
from .dialog import Dialog

_ME = "me"


def asked_first(desk: Desk) -> Asked:
    """What is shown before anybody chooses: those whom I enrolled, where I am a user of the project, else everybody."""
    known = desk.settings is not None and desk.user in desk.settings.project.users
    return Asked(by=(desk.user,) if known else ())


def in_words(
    asked: Asked,
    user: str,
    everything: str = "everybody, at all times",
    by: str = "enrolled by",
    days: str = "enrolled",
) -> Content:
    """One line: what is chosen stands out from what is not. `everything` is said where nothing is chosen; `by` and
    `days` say whose and when."""
    whose = ", ".join(f"me ({user})" if name == user else name for name in asked.by)
    dates = " to ".join(day for day in (asked.since or "", asked.until or "") if day)
    if asked.since and not asked.until:
        dates = f"since {asked.since}"
    elif asked.until and not asked.since:
        dates = f"until {asked.until}"
    parts = [
        ("sequences", ", ".join(asked.sequences)),
        (by, whose),
        ("companies", ", ".join(asked.companies)),
        ("status", ", ".join(asked.statuses)),
        (days, dates),
    ]
    said = [Content.assemble((f"{name} ", "$muted"), (words, "bold $accent")) for name, words in parts if words]
    return Content(" · ").join(said) if said else Content.assemble((everything, "$muted"))


class FilterScreen(Dialog[Asked | None]):
    """Empty fields choose everybody."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it", tooltip="leave it as it was"),
    ]
    FIELDS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("sequences", "Sequences", "names, commas between them; empty: all"),
        ("by", "Enrolled by", "`me` or users, commas between them; empty: everybody"),
        ("companies", "Companies", "names or ids, commas between them; empty: all"),
        ("statuses", "Status", "active, paused, finished, .."),
        ("since", "Enrolled since", "a day, 2026-03-01"),
        ("until", "Enrolled until", "the last day that counts"),
    )

    def __init__(self, asked: Asked, desk: Desk, sequences: bool = False, title: str = "Whose figures") -> None:
        super().__init__()
        self.asked, self.desk, self.heading = asked, desk, title
        self.fields = [field for field in self.FIELDS if sequences or field[0] != "sequences"]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="filter", can_focus=False):
            yield Static(
                Content.assemble((self.heading, "bold"), ("    Tab next   Enter show   Esc leave it", "$muted"))
            )
            for name, title, note in self.fields:
                yield Static(Content.assemble(title, ("  " + note, "$muted")), classes="field")
                field = Input(self._written(name), id=f"want-{name}", compact=True)
                field.cursor_blink = False  # calm
                yield field

    def _written(self, name: str) -> str:
        value = getattr(self.asked, name)
        if isinstance(value, tuple):
            return ", ".join(_ME if name == "by" and one == self.desk.user else one for one in value)
        return value or ""

    def on_input_submitted(self) -> None:
        texts = {name: self.query_one(f"#want-{name}", Input).value.strip() for name, _, _ in self.fields}
        by = tuple(self.desk.user if name == _ME else name for name in _listed(texts["by"]))
        statuses = tuple(name.replace(" ", "_") for name in _listed(texts.get("statuses", "")))
        asked = Asked(None, _listed(texts["companies"]), by, texts["since"] or None, texts["until"] or None, statuses)
        self.dismiss(replace(asked, sequences=_listed(texts.get("sequences", ""))))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
