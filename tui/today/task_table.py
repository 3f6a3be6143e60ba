"""A table of tasks: complete, skip, give to a colleague. Their sequences go on at the next tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, cast

from textual.binding import Binding, BindingType

from runtime.operators.tasks import assign_tasks, settle_tasks
from runtime.pipelines.ways import owners
from runtime.project.loading import Settings

from ..dialogs.choosing import Choice, ChoiceScreen
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Guarded, Taken
from ..tables.cells import Cell
from ..tables.paged_table import PagedTable
from ..words import plural


class TaskKey(NamedTuple):
    """What a row stands for; `id` as `segue tasks` takes it, `assignee` who it is shown to be for."""

    id: str
    contact_id: int
    object: str = "contact"
    assignee: str | None = None


def to_do(title: str, awaits: str) -> Cell:
    """What is to be done, behind what the next tick makes of it, where somebody asked for that."""
    return Cell(f"({awaits}) {title}", "dim") if awaits else Cell(title)


class TaskTable(Guarded, PagedTable):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "mark('done')", "Complete", tooltip="the selected are done; their sequences go on"),
        Binding("a", "assign", "Assign", tooltip="give them to a colleague"),
        Binding("S", "mark('skipped')", "Skip", tooltip="the selected are skipped; their sequences go on"),
    ]

    @property
    def of(self) -> DeskScreen:
        return cast(DeskScreen, self.screen)

    def takes(self, action: str) -> Taken | None:
        return {"mark": Taken("task"), "assign": Taken("assign")}.get(action)

    def action_mark(self, state: str) -> None:
        marks = [(key.id, state) for key in self.meant if isinstance(key, TaskKey)]
        if not marks:
            self.of.say("No task is selected", "$muted")
            return
        who = self.of.desk.who
        self.of.ask_to(lambda s: settle_tasks(s, marks, who), lambda titles: self._told(titles, state))

    # --- give ---------------------------------------------------------------------------------------

    def action_assign(self) -> None:
        """What somebody gave away since one saw it is not given away once more."""
        keys, desk = [key for key in self.meant if isinstance(key, TaskKey)], self.of.desk
        if not keys:
            self.of.say("No task is selected", "$muted")
            return
        if desk.settings is None:
            self.of.say("Who works here is not known: open the app in a project with `segue tui`", "$warning")
            return
        settings = desk.settings
        self.of.ask(lambda s: owners(s, settings), lambda known: self._choose(keys, settings, known))

    def _choose(self, keys: Sequence[TaskKey], settings: Settings, known: Sequence[tuple[str, str]]) -> None:
        seen, who = {key.id: key.assignee for key in keys}, self.of.desk.who

        def chosen(to: str | None) -> None:
            if to is not None:
                self.of.ask_to(
                    lambda s: assign_tasks(s, settings, list(seen), to, who, seen),
                    lambda titles: self._told(titles, f"to be {to}'s"),
                )

        note = f"{keys[0].assignee or 'Nobody'} has it." if len(keys) == 1 else ""
        choices = [Choice(name, label or name, name if label else "") for name, label in known]
        self.app.push_screen(ChoiceScreen(f"Give {plural(len(keys), 'task')} to", note, choices), chosen)

    def _told(self, titles: Sequence[str], becomes: str) -> None:
        self.clear_chosen()
        what = titles[0] if len(titles) == 1 else plural(len(titles), "task")
        self.of.say(f"Asked for: {what} {becomes}; takes effect at the next tick")
