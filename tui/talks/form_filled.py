"""A form of the project, filled in for somebody: its questions, a look at what it does, then it is sent (P13)."""

from __future__ import annotations

from secrets import token_hex
from typing import ClassVar

from textual.binding import Binding, BindingType

from dsl.program.conversations import Conversation
from runtime.forms.reviewing import review
from runtime.forms.senders import address_question
from runtime.forms.submitting import submit
from runtime.project.loading import Loaded
from runtime.store.session import Session
from runtime.talks.opening import sitting
from runtime.talks.questions import Sitting
from runtime.talks.reviewing import Review
from runtime.talks.sheets import Sheet

from ..frame.desk import Desk
from ..words import plural
from .form import UnkeptScreen


class FilledScreen(UnkeptScreen):
    """Whose form it is, its address says: that of the contact stands in it already. Sent twice it counts once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Leave", key_display="Esc", tooltip="back; nothing is sent"),
    ]

    def __init__(self, desk: Desk, loaded: Loaded, form: Conversation, contact: int, name: str, address: str) -> None:
        typed = {address_question(form).name: address} if address else {}
        super().__init__(desk, loaded, form, contact, contact, typed)
        self.whom = name if address else f"{name}, who has no address yet"
        self._key = f"app {token_hex(8)}"

    def sitting(self, session: Session) -> Sitting:
        return sitting(session, self.loaded, self.talk, None, None)

    def review(self, session: Session, form: Sheet) -> Review:
        return review(session, self.loaded, self.sitting(session), form)

    def save(self, session: Session, form: Sheet) -> str:
        done = submit(session, self.loaded, self.talk.name, form.typed, self.desk.who, self._key)
        new = " of a new contact" if done.new_contact else ""
        after = "; what follows begins with the next tick" if done.follows else ""
        return f"Sent: {self.heading}, {plural(len(done.answers), 'answer')}{new}{after}"
