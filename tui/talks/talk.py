"""A playbook that is run: what was typed is put aside by itself, after each question and when one leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.events import DescendantBlur

from dsl.program.conversations import Conversation
from runtime.errors import SegueError
from runtime.project.loading import Loaded
from runtime.store.session import Session
from runtime.talks import drafts, saved_talks
from runtime.talks.reviewing import Review, review
from runtime.talks.sheets import Sheet

from ..dialogs.confirm import ConfirmScreen
from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..words import plural, trouble
from .form import FormScreen


class TalkScreen(FormScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Put aside", key_display="Esc", tooltip="keep it as a draft and go back"),
    ]

    def __init__(
        self,
        desk: Desk,
        loaded: Loaded,
        talk: Conversation,
        record: int,
        person: int | None,
        draft: drafts.Draft | None = None,
    ) -> None:
        """`draft`: what is taken up again."""
        typed: Mapping[str, str] = draft.answers if draft is not None else {}
        super().__init__(desk, loaded, talk, record, person, typed)
        self.draft = draft.id if draft is not None else drafts.fresh()
        self._aside: Mapping[str, str] = self.typed  # what the draft holds
        self._over = False  # it was saved: there is nothing to put aside any more
        self._one = Lock()

    # --- put aside ----------------------------------------------------------------------------------

    @property
    def _unkept(self) -> bool:
        return not self._over and self.typed != self._aside

    def _put_aside(self, session: Session) -> None:
        with self._one:
            typed = self.typed
            if not self._over and typed != self._aside:
                drafts.hold(self.sitting(session), typed, self.desk.who, self.draft)
                self._aside = typed

    @on(DescendantBlur)
    def keep(self) -> None:
        """A question was left."""
        if self._unkept:
            self.ask(self._put_aside, lambda _: None)

    def action_back(self) -> None:
        if not self.keep_first(self._left):
            self._left()

    def keep_first(self, go: Callable[[], None]) -> bool:
        """Nobody leaves before it is kept, but who knows that it is lost."""
        if not self._unkept:
            return False

        def answered(yes: bool | None) -> None:
            if yes:
                self._over = True
                go()

        def failed(error: Exception) -> None:
            self.say_error(error)
            self.app.push_screen(ConfirmScreen("Leave without what you typed?", f"{trouble(error)}."), answered)

        self.ask(self._put_aside, lambda _: go(), failed)
        return True

    def _left(self) -> None:
        if not self.is_active:  # left already
            return
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, DeskScreen):
            below.load()
            if any(text.strip() for text in self.typed.values()):
                below.say(f"Put aside: {self.heading}, {self.whom}; it is among the drafts")

    def on_unmount(self) -> None:
        """Left by another way: to another room, out of the app."""
        if self._unkept:
            try:
                self.desk.ask(self._put_aside)
            except SegueError as error:
                if isinstance(self.app.screen, DeskScreen):
                    self.app.screen.say_error(error)

    # --- saving -------------------------------------------------------------------------------------

    def review(self, session: Session, form: Sheet) -> Review:
        return review(self.loaded, self.sitting(session), form)

    def save(self, session: Session, form: Sheet) -> str:
        with self._one:
            saved = saved_talks.save(
                self.loaded, self.sitting(session), form.typed, form.outcome or None, self.desk.who, self.draft,
                form.kept,
            )  # fmt: skip
            self._over = True
        return f"Saved: {self.heading}, {self.whom}, {plural(saved.answered, 'answer')}"
