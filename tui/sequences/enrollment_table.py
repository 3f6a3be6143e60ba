"""A table of enrollments: pause, resume, unenroll (S40, S41)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple, cast

from textual.binding import Binding, BindingType

from runtime.operators import commands
from runtime.operators.commands import Asked
from runtime.reading import EnrollmentKey
from runtime.store.session import Session

from ..dialogs.confirm import ConfirmScreen
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Guarded, Taken
from ..tables.paged_table import PagedTable
from ..words import plural

_FINAL = "An enrollment that has ended cannot be taken up again. Its figures stay."


class EnrolledKey(NamedTuple):
    """What a row stands for."""

    enrollment: EnrollmentKey
    contact_id: int
    object: str = "contact"


class EnrollmentTable(Guarded, PagedTable):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause", tooltip="pause the selected, or the row under the cursor"),
        Binding("r", "resume", "Resume", tooltip="resume them"),
        Binding("u", "unenroll", "Unenroll", tooltip="unenroll them; asks first, for that is final"),
    ]

    @property
    def of(self) -> DeskScreen:
        return cast(DeskScreen, self.screen)

    def takes(self, action: str) -> Taken | None:
        return Taken(action) if action in ("pause", "resume", "unenroll") else None

    def action_pause(self) -> None:
        keys, who = self._keys, self.of.desk.who
        self._ask_for("pause", keys, lambda s: commands.pause(s, keys, who))

    def action_resume(self) -> None:
        keys, who = self._keys, self.of.desk.who
        self._ask_for("resume", keys, lambda s: commands.resume(s, keys, who))

    def action_unenroll(self) -> None:
        keys, who = self._keys, self.of.desk.who
        if not keys:
            self.of.say("Nobody is selected", "$muted")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._ask_for("unenroll", keys, lambda s: commands.unenroll(s, keys, who))

        self.app.push_screen(ConfirmScreen(f"Unenroll {plural(len(keys), 'enrollment')}?", _FINAL), answered)

    @property
    def _keys(self) -> list[EnrollmentKey]:
        return [key.enrollment for key in self.meant if isinstance(key, EnrolledKey)]

    def _ask_for(self, act: str, keys: list[EnrollmentKey], do: Callable[[Session], Asked]) -> None:
        if not keys:
            self.of.say("Nobody is selected", "$muted")
            return
        self.of.ask_to(do, lambda asked: self._tell(act, asked))

    def _tell(self, act: str, asked: Asked) -> None:
        self.clear_chosen()
        over = f"; {plural(asked.ended, 'had', 'had')} ended already" if asked.ended else ""
        if asked.leaving:
            over += f"; {plural(asked.leaving, 'was', 'were')} asked to be unenrolled already"
        if asked.already:
            over += f"; {plural(asked.already, 'is', 'are')} {'paused already' if act == 'pause' else 'not paused'}"
        if asked.otherwise:
            other = "resumed" if act == "pause" else "paused"
            over += f"; {plural(asked.otherwise, 'was', 'were')} asked to be {other}, which the next tick does"
        if not asked.asked:
            self.of.say(f"Nothing to {act}{over}", "$muted")
            return
        self.of.say(f"Asked to {act} {plural(asked.asked, 'enrollment')}; takes effect at the next tick{over}")
