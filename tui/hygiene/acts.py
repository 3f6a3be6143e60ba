"""Acts on what hygiene has found: each is shown with its figures before it is done, and a run may be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from runtime.hygiene import Fixed, Run, Undone, Value, fix, in_words, last_run, preview, undo
from runtime.project.loading import Loaded
from runtime.store.session import Session

from ..dialogs.confirm import ConfirmScreen
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Taken
from ..words import NONE, plural, when

_SHOWN = 3  # changes in a question


class HygieneActsScreen(DeskScreen):
    """Both screens of hygiene: fixes of a rule or some of its records, and the last run taken back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "fix", "Fix", tooltip="fix the selected, or the row under the cursor, after a look at it"),
        Binding("z", "undo", "Undo", tooltip="take the last run of fixes back"),
    ]

    def takes(self, action: str) -> Taken | None:
        return Taken("hygiene") if action in ("fix", "fix_all", "keep", "undo") else None

    def loaded(self) -> Loaded:
        return self.desk.rulebook().loaded()

    # --- fixing -------------------------------------------------------------------------------------

    def ask_to_fix(self, rule: str, records: Sequence[int] | None) -> None:
        """`records` None: all that the rule has found."""

        def look(session: Session) -> tuple[Fixed, list[str]]:
            loaded = self.loaded()
            found = preview(session, loaded, rule, _SHOWN, records)
            return found, [_line(c.external_id, in_words(loaded, c)) for c in found.changes]

        self.ask(look, lambda found: self._previewed(rule, records, *found))

    def _previewed(self, rule: str, records: Sequence[int] | None, found: Fixed, lines: list[str]) -> None:
        if not found.written and not found.told:
            waits = f"; {plural(found.waiting, 'record')} wait for the next tick" if found.waiting else ""
            self.say(f"Nothing to fix by {rule}{waits}", "$muted")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask_to(lambda s: fix(s, self.loaded(), rule, self.desk.who, _SHOWN, records), self._fixed)

        what = f"{plural(found.written, 'value')} of {plural(found.records, 'record')}"
        self.app.push_screen(ConfirmScreen(f"Write {what}?", _said(found, lines)), answered)

    def _fixed(self, done: Fixed) -> None:
        self.after()
        if done.run is None:
            self.say("Nothing was written: it is as it should be by now, or its fix does not help", "$muted")
            return
        stuck = f"; of {plural(done.told, 'record')} the fix does not help" if done.told else ""
        written = f"{plural(done.written, 'value')} of {plural(done.records, 'record')}"
        self.say(f"Asked for: {written}, run {done.run}{stuck}; takes effect at the next tick")

    def after(self) -> None:
        """Something was done: read again."""
        self.load()

    # --- taking back --------------------------------------------------------------------------------

    def action_undo(self) -> None:
        self.ask(last_run, self.ask_to_undo)

    def ask_to_undo(self, run: Run | None) -> None:
        if run is None:
            self.say("There is no run of fixes to take back", "$muted")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask_to(lambda s: undo(s, self.desk.schema, run.run, self.desk.who), self._undone)

        note = (
            f"{plural(run.values - run.undone, 'value')} of {run.hygiene}, {when(run.at, self.desk.zone)}, by"
            f" {run.by_user}. What was changed since stays as it is."
        )
        self.app.push_screen(ConfirmScreen(f"Take run {run.run} back?", note), answered)

    def _undone(self, done: Undone) -> None:
        self.after()
        left = f"; {plural(done.changed, 'value')} changed since" if done.changed else ""
        waits = f"; {plural(done.waiting, 'value')} wait: ask again after the next tick" if done.waiting else ""
        said = f"Asked for: {plural(done.back, 'value')} as before run {done.run}"
        self.say(f"{said}{left}{waits}; takes effect at the next tick")


def _said(found: Fixed, lines: list[str]) -> str:
    """The first changes, and what else there is to say."""
    more = [f".. and {found.written - len(lines):,} more"] if found.written > len(lines) else []
    if found.told:
        more.append(f"{plural(found.told, 'record')} its fix does not help: it leaves the queue as looked at")
    if found.waiting:
        more.append(f"{plural(found.waiting, 'record')} wait for the next tick")
    return "\n".join([*lines, *more, "It takes effect at the next tick; `z` takes it back."])


def _line(record: str, value: Value) -> str:
    return f"{record}  {value.property}: {value.old or NONE} → {value.new or NONE}"
