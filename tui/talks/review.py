"""What saving a playbook would do, to look at before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.talks.reviewing import Change, Review

from ..dialogs.dialog import Dialog
from ..words import NONE


class ReviewScreen(Dialog[bool]):
    """Gives back whether to save."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,y,enter", "dismiss(True)", "Save", tooltip="save all of it at once"),
        Binding("escape,n,q", "dismiss(False)", "Back", tooltip="back to the questions"),
    ]

    def __init__(self, heading: str, review: Review) -> None:
        super().__init__()
        self.heading, self.review = heading, review

    def compose(self) -> ComposeResult:
        with Vertical(id="review"):
            yield Static(Content.assemble((self.heading, "bold"), ("    Enter save   Esc back", "$muted")))
            with VerticalScroll(id="reviewed"):
                yield Static(Content("\n").join(self._lines()))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _lines(self) -> Iterator[Content]:
        if not self.review.changes:
            yield Content.assemble(("No property changes.", "$muted"))
        else:
            yield Content.assemble(("What changes", "$muted"))
            yield from map(_change, self.review.changes)
        for target in self.review.nowhere:
            yield Content.assemble((f"  {target} is written nowhere: no such record is linked", "$warning"))
        yield from (Content(f"  {words}") for words in self.review.besides)
        if self.review.follows:
            yield Content("")
            yield Content.assemble(("What follows, from the next tick on", "$muted"))
            yield from (Content(f"  {nr}. {sentence}") for nr, sentence in enumerate(self.review.follows, 1))
        if self.review.note:
            yield Content("")
            yield Content.assemble(("The note", "$muted"))
            yield from (Content(f"  {line}") for line in self.review.note.splitlines())


def _change(one: Change) -> Content:
    return Content.assemble(
        f"  {one.property} of {one.record}: ",
        (one.old or NONE, "$muted"), " → ", (one.new or NONE, "bold $accent"),
    )  # fmt: skip
