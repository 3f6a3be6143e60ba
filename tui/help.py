"""Every key, on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

_NOTE = "Acts are asked for here and done by `segue run` at its next tick."
KEYS = (
    ("Everywhere", (
        ("↑ ↓ j k", "one row up or down"),
        ("PgUp PgDn", "one page"),
        ("Home End g G", "first and last row"),
        ("Enter", "open the row"),
        ("Tab", "the next part of the screen"),
        ("s", "segments"),
        ("/", "search a contact"),
        ("t", "percentages or counts"),
        ("d", "light or dark"),
        ("F5", "read again"),
        ("q Esc", "back; from the first screen, out"),
    )),
    ("In a sequence", (
        ("Space", "select or let go of an enrollment"),
        ("p", "pause the selected, or the row under the cursor"),
        ("r", "resume them"),
        ("u", "unenroll them; asks first, for that is final"),
        ("o", "sort by enrollment or by last step"),
    )),
)  # fmt: skip


class HelpScreen(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,escape,q,enter", "app.pop_screen", "Close")]

    def compose(self) -> ComposeResult:
        lines: list[Content] = []
        for title, keys in KEYS:
            lines += [Content.assemble((title, "bold $primary"))]
            lines += [Content.assemble((f"  {key:<14}", "bold"), words) for key, words in keys]
            lines += [Content("")]
        lines += [Content.assemble((_NOTE, "$muted"))]
        with Vertical(id="help"):
            yield Static(Content("\n").join(lines))
