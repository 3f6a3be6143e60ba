"""One question of a playbook: its words, the field for its answer by its type, and what is wrong with that."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from dsl.schema.model import Kind, Type
from runtime.talks.sheets import Question

from ..dialogs.long_text import LongText
from .choices import Choices


class QuestionField(Vertical):
    """`show` says what is asked now, None: it is not asked. What was typed stays meanwhile."""

    class Typed(Message):
        """Somebody wrote or chose something."""

    class Done(Message):
        """Enter: on to the next."""

        def __init__(self, field: QuestionField) -> None:
            super().__init__()
            self.field = field

    def __init__(self, name: str, type_: Type, long: bool, text: str) -> None:
        super().__init__(classes="question")
        self.asked, self.display = name, False
        self.field = _field(type_, long, text)

    def compose(self) -> ComposeResult:
        yield Static(classes="words")
        yield self.field
        yield Static(classes="wrong")

    @property
    def text(self) -> str:
        return self.field.text if isinstance(self.field, TextArea) else self.field.value

    def show(self, question: Question | None, tried: bool) -> None:
        """`tried`: somebody wanted to save, so that what is missing is told too."""
        self.display = question is not None
        if question is None:
            return
        goes = (f"  → {question.target}", "$muted") if question.target else ""
        now = (f"  now {question.present}", "$muted") if question.present else ""
        needed = (" *", "bold $warning") if question.required else ""
        self.query_one(".words", Static).update(Content.assemble((question.words, "bold"), needed, goes, now))
        if isinstance(self.field, Choices):
            self.field.offer(question.options)
        if isinstance(self.field, Input):
            stays = f"{question.present} stays" if question.present else question.example
            self.field.placeholder = stays
        wrong = question.wrong or ("needed to save" if tried and question.missing else "")
        told = self.query_one(".wrong", Static)
        told.display = bool(wrong)
        told.update(Content.assemble((f"↑ {wrong}", "$error")))

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choices.Changed)
    def typed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Typed())

    @on(Input.Submitted)
    @on(Choices.Next)
    def done(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Done(self))


def _field(type_: Type, long: bool, text: str) -> Input | TextArea | Choices:
    match type_.kind:
        case Kind.BOOL | Kind.CHOICE | Kind.USER:
            return Choices(text)
        case Kind.MULTI_CHOICE:
            return Choices(text, several=True)
    if long:
        return LongText(text)
    field = Input(text, compact=True, select_on_focus=False)
    field.cursor_blink = False
    return field
