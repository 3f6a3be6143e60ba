"""Playbooks on paper: what a save, an edit and a draft come to, in plain Python (P3-P5, X29, X34)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.runtime.talks.random_playbooks import Ask, Playbook, Stored, When

Record = tuple[str, str]  # (object, name)
Typed = Mapping[str, str]


class RefusedOnPaperError(Exception):
    """This cannot be saved."""


@dataclass
class Said:
    """A talk: its revisions end in `answers`; `told` are those of the first one, which what follows is about."""

    record: Record
    person: str
    answers: dict[str, Stored]
    told: dict[str, Stored]
    outcome: str | None
    note: str
    revision: int = 1


@dataclass
class Paper:
    """`works_for`: the company of each person, where there is one."""

    book: Playbook
    held: dict[Record, dict[str, Stored]]
    works_for: Mapping[str, str]
    waiting: list[tuple[Record, str, Stored]] = field(default_factory=list)
    history: dict[tuple[Record, str], list[tuple[Stored, Stored]]] = field(default_factory=dict)
    talks: list[Said] = field(default_factory=list)

    # --- what is asked ------------------------------------------------------------------------------

    def end(self, ask: Ask, record: Record, person: str) -> Record | None:
        assert ask.kind.target is not None
        match ask.kind.target[0]:
            case "deal":
                return record
            case "company":
                return ("company", self.works_for[person]) if person in self.works_for else None
        return "contact", person

    def shown(self, answers: Mapping[str, Stored], person: str) -> list[Ask]:
        seen: dict[str, Stored] = {}
        visits = self.held["contact", person].get("visits")

        def walk(items: tuple[Ask | When, ...]) -> Iterator[Ask]:
            for item in items:
                if isinstance(item, Ask):
                    seen[item.name] = answers.get(item.name)
                    yield item
                elif item.holds(seen, visits):
                    yield from walk(item.items)

        return list(walk(self.book.items))

    def read(self, typed: Typed) -> dict[str, Stored]:
        """Of what was typed: each answer that is one."""
        found: dict[str, Stored] = {}
        for name, text in typed.items():
            if name not in self.book.asks:
                raise RefusedOnPaperError(f"no question {name}")
            if text.strip():
                found[name] = self._value(name, text)
        return found

    def _value(self, name: str, text: str) -> Stored:
        for answer in self.book.asks[name].kind.values:
            if answer.typed == text:
                return answer.stored
        raise RefusedOnPaperError(f"{name}: {text}")

    def complete(self, answers: Mapping[str, Stored], person: str, outcome: str | None) -> None:
        missing = [a.name for a in self.shown(answers, person) if a.required and a.name not in answers]
        if missing or (self.book.outcomes and outcome not in self.book.outcomes):
            raise RefusedOnPaperError(f"missing {missing} {outcome}")
        if outcome is not None and not self.book.outcomes:
            raise RefusedOnPaperError("no outcome is known")

    # --- saves and edits ----------------------------------------------------------------------------

    def save(self, record: Record, person: str, typed: Typed, outcome: str | None, kept: Mapping[str, Stored]) -> Said:
        """`kept`: values of the record that stand as answers."""
        given = self.read(typed)
        answers = {**kept, **given}
        self._none_hidden(answers, given, person)
        self.complete(answers, person, outcome)
        said = Said(record, person, answers, dict(answers), outcome, self.note(answers, person, outcome))
        self.talks.append(said)
        self._write(answers, {}, record, person)
        return said

    def edit(self, said: Said, typed: Typed, outcome: str | None) -> None:
        given = self.read(typed)
        before = {name: value for name, value in said.answers.items() if name not in typed}
        asked = {ask.name for ask in self.shown({**before, **given}, said.person)}
        answers = {name: v for name, v in {**before, **given}.items() if name in asked or name in given}
        self._none_hidden(answers, given, said.person)
        ended = outcome if outcome is not None else said.outcome
        self.complete(answers, said.person, ended)
        self._write(answers, said.answers, said.record, said.person)
        said.answers, said.outcome, said.revision = answers, ended, said.revision + 1
        said.note = self.note(answers, said.person, ended)

    def _none_hidden(self, answers: Mapping[str, Stored], given: Mapping[str, Stored], person: str) -> None:
        asked = {ask.name for ask in self.shown(answers, person)}
        if not given.keys() <= asked:
            raise RefusedOnPaperError(f"not asked: {given.keys() - asked}")

    def note(self, answers: Mapping[str, Stored], person: str, outcome: str | None) -> str:
        lines = [f"Call: {outcome}" if outcome else "Call"]
        asked = [ask for ask in self.shown(answers, person) if answers.get(ask.name) is not None]
        return "\n".join([*lines, *(f"{ask.name}? {said(ask, answers[ask.name])}" for ask in asked)])

    def _write(self, answers: Mapping[str, Stored], before: Mapping[str, Stored], record: Record, person: str) -> None:
        """What was not said anew stays as it has become since; of two answers for one property the later counts."""
        found: dict[tuple[Record, str], Stored] = {}
        for name, ask in self.book.asks.items():
            if name in answers and ask.kind.target is not None and before.get(name) != answers[name]:
                end = self.end(ask, record, person)
                if end is not None:
                    found[end, ask.kind.target[1]] = answers[name]
        self.waiting += [(*place, value) for place, value in found.items()]

    # --- the form on the screen ---------------------------------------------------------------------

    def form(self, record: Record, person: str, typed: Typed) -> tuple[dict[str, str], dict[str, Stored], bool]:
        """What is typed of what is asked, which values of the record stand beside it, and whether nothing is wrong."""
        texts = {name: text for name, text in typed.items() if text.strip()}
        kept = {name: self._present(ask, record, person) for name, ask in self.book.asks.items() if name not in texts}
        answers = {name: value for name, value in kept.items() if value is not None}
        wrong = set()
        for name, text in texts.items():
            try:
                answers[name] = self._value(name, text)
            except RefusedOnPaperError:
                wrong.add(name)
        asked = {ask.name for ask in self.shown(answers, person)}
        return (
            {name: text for name, text in texts.items() if name in asked},
            {name: value for name, value in kept.items() if name in asked and value is not None},
            not wrong & asked,
        )

    def _present(self, ask: Ask, record: Record, person: str) -> Stored:
        end = self.end(ask, record, person) if ask.kind.target is not None else None
        return self.held[end].get(ask.kind.target[1]) if end is not None and ask.kind.target else None

    # --- a tick -------------------------------------------------------------------------------------

    def tick(self) -> None:
        """The first value of a record writes no history (X34)."""
        for record, name, value in self.waiting:
            old, past = self.held[record].get(name), self.history.setdefault((record, name), [])
            if old != value and (old is not None or past):
                past.append((old, value))
            self.held[record][name] = value
        self.waiting = []

    def tasks(self) -> Counter[str]:
        """What followed each first save, by its own answers."""
        follows = self.book.follows
        return Counter(
            f"{'Held' if follows.holds(s.told.get(follows.of or '')) else 'Not'} {self.told(s)}" for s in self.talks
        )

    def notes(self) -> Counter[str]:
        return Counter([s.note for s in self.talks] + [f"Told {self.told(s)}" for s in self.talks])

    def told(self, s: Said) -> str:
        value = s.told.get(self.book.tells)
        return "-" if value is None else said(self.book.asks[self.book.tells], value)


def said(ask: Ask, value: Stored) -> str:
    return next(answer.said for answer in ask.kind.values if answer.stored == value)
