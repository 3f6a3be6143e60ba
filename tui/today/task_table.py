"""A table of tasks: complete, skip. Their sequences go on at the next tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, cast

from textual.binding import Binding, BindingType

from runtime.operators.acts import settle_tasks

from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Guarded, Taken
from ..tables.paged_table import PagedTable
from ..words import plural


class TaskKey(NamedTuple):
    """What a row stands for; `id` as `segue tasks` takes it."""

    id: str
    contact_id: int
    object: str = "contact"


class TaskTable(Guarded, PagedTable):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "mark('done')", "Complete", tooltip="the selected are done; their sequences go on"),
        Binding("S", "mark('skipped')", "Skip", tooltip="the selected are skipped; their sequences go on"),
    ]

    @property
    def of(self) -> DeskScreen:
        return cast(DeskScreen, self.screen)

    def takes(self, action: str) -> Taken | None:
        return Taken("task") if action == "mark" else None

    def action_mark(self, state: str) -> None:
        marks = [(key.id, state) for key in self.meant if isinstance(key, TaskKey)]
        if not marks:
            self.of.say("No task is selected", "$muted")
            return
        who = self.of.desk.who
        self.of.ask_to(lambda s: settle_tasks(s, marks, who), lambda titles: self._marked(state, titles))

    def _marked(self, state: str, titles: Sequence[str]) -> None:
        self.clear_chosen()
        what = titles[0] if len(titles) == 1 else plural(len(titles), "task")
        self.of.say(f"Asked for: {what} {state}; takes effect at the next tick")
