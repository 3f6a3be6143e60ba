"""A playbook at the terminal: what to say is shown, each question asked until its answer fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsl.program.conversations import Ask, Say

if TYPE_CHECKING:
    from runtime.store.values import Storage
    from runtime.talks.questions import Sitting
    from runtime.talks.typed import Reader

Read = Callable[[str], str]  # a prompt -> the line that was typed; EOFError where there is none
Show = Callable[[str], None]


class Interrupted(Exception):  # noqa: N818 - somebody hung up: no error
    """The talk ended before its last question."""


@dataclass
class Asking:
    """`typed`: answers as they were written, which a draft keeps; `kept`: values of the record that were let stand.
    `before`: what was typed in a draft, offered again; `keep` is called after each answer: a terminal may close."""

    sitting: Sitting
    reader: Reader
    read: Read
    show: Show
    before: Mapping[str, str] = field(default_factory=dict)
    keep: Callable[[], None] = lambda: None
    typed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Storage] = field(default_factory=dict)
    outcome: str | None = None

    def __call__(self) -> None:
        """Asks everything there is to ask. Raises Interrupted where no more is typed; what was typed is there."""
        from runtime.talks.questions import reads_outcome

        first = reads_outcome(self.sitting.talk)
        try:
            if first:
                self._ended()
            self._items()
            if not first:
                self._ended()
        except (EOFError, KeyboardInterrupt):
            raise Interrupted from None

    def _items(self) -> None:
        """An answer may bring in questions behind it, so the list is made anew after each."""
        from runtime.talks.questions import OUTCOME

        done: set[int] = set()  # what is written twice is said twice
        answers: dict[str, Storage] = {OUTCOME: self.outcome} if self.outcome is not None else {}
        while left := [item for item in self.sitting.shown(answers) if id(item) not in done]:
            item = left[0]
            done.add(id(item))
            if isinstance(item, Say):
                self.show(self.sitting.text(item.text, answers))
            elif (found := self._asked(item, answers)) is not None:
                answers[item.name] = found

    def _asked(self, ask: Ask, answers: Mapping[str, Storage]) -> Storage:
        from runtime.errors import InvalidInput
        from runtime.talks.answers import one

        present = self.sitting.present(ask) if ask.name not in self.before else None
        offered = self._offered(ask, present)
        prompt = self._prompt(ask, offered, answers)
        while True:
            line = self.read(prompt).strip()
            if not line and present is not None:
                self.kept[ask.name] = present
                return present
            text = line or self.before.get(ask.name, "")
            try:
                found = one(self.sitting, self.reader, ask, text)
            except InvalidInput as error:
                self.show(f"  {error.message}" + (f": {error.hint}" if error.hint else ""))
                continue
            if found is None and ask.required:
                self.show("  this one is needed to save; Ctrl-D puts the playbook aside")
                continue
            if found is not None:
                self.typed[ask.name] = text
                self.keep()
            return found

    def _offered(self, ask: Ask, present: Storage) -> str:
        from runtime.talks.notes import said

        return said(self.sitting, ask, present) if present is not None else self.before.get(ask.name, "")

    def _prompt(self, ask: Ask, offered: str, answers: Mapping[str, Storage]) -> str:
        options = f" ({', '.join(ask.type.options)})" if ask.type.options else ""
        needed = " *" if ask.required else ""
        return f"{self.sitting.text(ask.question, answers)}{options}{needed}{f' [{offered}]' if offered else ''}: "

    def _ended(self) -> None:
        from runtime.talks.questions import OUTCOME

        outcomes = self.sitting.talk.outcomes
        before = self.before.get(OUTCOME, "") if outcomes else ""
        while outcomes and self.outcome is None:
            line = self.read(f"How did it end? ({', '.join(outcomes)}){f' [{before}]' if before else ''}: ").strip()
            chosen = line or before
            if chosen in outcomes:
                self.outcome = chosen
                self.keep()
            else:
                self.show(f"  one of {', '.join(outcomes)}")
