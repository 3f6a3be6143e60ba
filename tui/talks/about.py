"""The talks saved about one record, and the next one."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from dsl.diagnostics.articles import article
from runtime.project.loading import Loaded
from runtime.talks.listing import Chosen
from runtime.talks.opening import named

from ..dialogs.choosing import Choice, ChoiceScreen
from ..frame.desk import Desk
from ..frame.guarded import Taken
from .saved import TalksScreen
from .whom import open_talk


class TalksAboutScreen(TalksScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "run", "New talk", tooltip="run a playbook about the record"),
    ]

    def __init__(self, desk: Desk, loaded: Loaded, of: str, record: int, title: str) -> None:
        super().__init__(desk, loaded, Chosen(None, of, record), title)
        self.object, self.record = of, record

    def takes(self, action: str) -> Taken | None:
        return Taken("talk") if action == "run" else None

    def action_run(self) -> None:
        known = self.loaded.program.conversations.values()
        about = [one for one in known if one.kind == "playbook" and one.object == self.object]
        if not about:
            self.say(f"The rules have no playbook for {article(self.object)}", "$muted")
            return

        def chosen(name: str | None) -> None:
            if name is not None:
                open_talk(self, self.loaded, named(self.loaded, "playbook", name), self.record)

        choices = [Choice(one.name, one.label or one.name) for one in about]
        self.app.push_screen(ChoiceScreen("Which playbook?", "", choices), chosen)
