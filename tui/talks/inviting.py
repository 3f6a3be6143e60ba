"""From the page of a record: its contact is invited to a survey, or a form is filled in for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from dsl.program.conversations import PERSON, Conversation
from runtime.forms.senders import EMAIL
from runtime.project.loading import Loaded
from runtime.reading.records import RecordPage, names_of, record_page
from runtime.store.session import Session
from runtime.surveys.inviting import Invitations, invite

from ..dialogs.choosing import Choice, ChoiceScreen
from ..dialogs.dialog import Dialog
from ..frame.desk_screen import DeskScreen
from ..words import plural
from .form_filled import FilledScreen
from .whom import ask_person

Chosen = Callable[[Loaded, Conversation, int], None]


class InvitedScreen(Dialog[None]):
    """Where the survey is answered. It is told once: the store keeps no more than a hash of it (P12)."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", "Back", tooltip="close this page")]

    def __init__(self, survey: str, name: str, link: str | None, token: str) -> None:
        super().__init__()
        self.survey, self.name_, self.link, self.token = survey, name, link, token

    def compose(self) -> ComposeResult:
        what, where = ("Its link", self.link) if self.link else ("The token of `segue survey answer`", self.token)
        with Vertical(id="dialog"):
            yield Static(Content.assemble((f"{self.name_} is invited to {self.survey}", "bold")))
            yield Static(Content.assemble((f"{what} is told once, and here:", "$muted")))
            yield Static(Content.assemble((where, "bold $accent")), id="invited-where")
            yield Static(Content.assemble(("Enter", "bold $primary"), " close"))


def invite_from(page: DeskScreen, of: str, record: int) -> None:
    """Ask which survey and which of the record's contacts, then invite them."""

    def chosen(loaded: Loaded, survey: Conversation, contact: int) -> None:
        def do(session: Session) -> tuple[Invitations, str]:
            done = invite(session, loaded, survey.name, [contact], page.desk.who)
            return done, names_of(session, loaded.schema, PERSON, [contact])[contact]

        page.ask(do, lambda found: _invited(page, survey, *found))

    _choose(page, of, record, "survey", "Who is to be asked?", chosen)


def fill_in_from(page: DeskScreen, of: str, record: int) -> None:
    """Ask which form and for which of the record's contacts, then show it."""

    def chosen(loaded: Loaded, form: Conversation, contact: int) -> None:
        def known(found: RecordPage | None) -> None:
            if found is None:
                page.say("This contact was deleted", "$error")
                return
            address = next((str(value) for p, value in found.properties if p.name == EMAIL and value), "")
            page.app.push_screen(FilledScreen(page.desk, loaded, form, contact, found.name, address))

        page.ask(lambda s: record_page(s, loaded.schema, PERSON, contact), known)

    _choose(page, of, record, "form", "For whom is it filled in?", chosen)


def _choose(page: DeskScreen, of: str, record: int, kind: str, whom: str, chosen: Chosen) -> None:
    def known(loaded: Loaded) -> None:
        talks = loaded.program.talks(kind)
        if not talks:
            page.say(f"The rules have no {kind}", "$muted")
            return

        def named(name: str | None) -> None:
            if name is not None:
                ask_person(page, of, record, whom, lambda contact: chosen(loaded, talks[name], contact))

        choices = [Choice(one.name, one.label or one.name, one.name if one.label else "") for one in talks.values()]
        page.app.push_screen(ChoiceScreen(f"Which {kind}?", "", choices), named)

    page.ask(lambda _: page.desk.rulebook().loaded(), known)


def _invited(page: DeskScreen, survey: Conversation, done: Invitations, name: str) -> None:
    label = survey.label or survey.name
    if done.lately:
        pause = survey.not_again_within
        again = f" within {plural(pause.n, pause.unit.value.rstrip('s'))}" if pause else ""
        page.say(f"{name} answered {label} lately and is not asked again{again}", "$warning")
        return
    (one,) = done.invited
    page.say(f"Invited: {name} to {label}")
    page.app.push_screen(InvitedScreen(label, name, one.link, one.token))
