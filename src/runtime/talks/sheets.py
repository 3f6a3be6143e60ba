"""A playbook as a form: all that is said and asked by the answers so far, and beside each question what is wrong with
its answer (P3, P4). Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsl.program.conversations import Ask, Conversation, Say, When
from dsl.schema.model import Kind, Type

from ..errors import InvalidInput
from ..store.values import Storage
from .answers import one
from .notes import said
from .questions import OUTCOME, Item, Sitting
from .typed import Reader


@dataclass(frozen=True, slots=True)
class Spoken:
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`target` is the property the answer goes to, "" without one; `present` what it holds now, which is the answer
    while nothing is typed. `wrong` says why `typed` is no answer, `example` how one is written, `options` all there are
    where they have an end."""

    name: str
    words: str
    type: Type
    required: bool
    target: str
    present: str
    typed: str
    wrong: str
    example: str
    options: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        return self.required and not self.typed.strip() and not self.present


@dataclass(frozen=True)
class Sheet:
    """`lines`: what is there now, by its place among `places`. `typed`: the answers to what is asked, right or wrong;
    `kept`: values of the record that stand as answers; `outcome`: what was chosen, right or not."""

    talk: Conversation
    lines: Mapping[int, Spoken | Question]
    typed: Mapping[str, str]
    kept: Mapping[str, Storage]
    outcome: str

    @property
    def questions(self) -> Iterator[Question]:
        """Those asked now, in order."""
        return (line for line in self.lines.values() if isinstance(line, Question))

    @property
    def ending(self) -> Question | None:
        """How it ended, as a question."""
        if not self.talk.outcomes:
            return None
        kind = Type(Kind.CHOICE, self.talk.outcomes)
        return Question(OUTCOME, "How did it end?", kind, True, "", "", self.outcome, "", "", self.talk.outcomes)

    @property
    def open(self) -> list[str]:
        """The questions that keep it from being saved: not answered though needed, or wrongly."""
        found = [question.name for question in self.questions if question.missing or question.wrong]
        return found + ([OUTCOME] if self.talk.outcomes and self.outcome not in self.talk.outcomes else [])


def places(talk: Conversation) -> tuple[Say | Ask, ...]:
    """All that may be said and asked, in the order written."""
    return tuple(_flat(talk.items))


def _flat(items: Sequence[Item]) -> Iterator[Say | Ask]:
    for item in items:
        if isinstance(item, When):
            yield from _flat(item.items)
        else:
            yield item


def sheet(at: Sitting, reader: Reader, typed: Mapping[str, str], keeps: bool = True) -> Sheet:
    """What the answers as they were typed so far make of it, the outcome among them. `keeps`: where nothing is typed
    the value of the record stands."""
    texts = {name: text for name, text in typed.items() if text.strip()}
    outcome = texts.pop(OUTCOME, "") if at.talk.outcomes else ""
    reads = {item.name: _Read.of(at, reader, item, texts, keeps) for item in places(at.talk) if isinstance(item, Ask)}
    answers: dict[str, Storage] = {name: read.value for name, read in reads.items() if read.value is not None}
    if outcome in at.talk.outcomes:
        answers[OUTCOME] = outcome
    shown = {id(item) for item in at.shown(answers)}
    lines: dict[int, Spoken | Question] = {}
    for place, item in enumerate(places(at.talk)):
        if id(item) not in shown:
            continue
        if isinstance(item, Ask):
            lines[place] = reads[item.name].question(at, reader, item, answers)
        else:
            lines[place] = Spoken(at.text(item.text, answers))
    asked = {line.name for line in lines.values() if isinstance(line, Question)}
    kept = {n: read.present for n, read in reads.items() if n in asked and n not in texts and read.present is not None}
    return Sheet(at.talk, lines, {n: text for n, text in texts.items() if n in asked}, kept, outcome)


@dataclass(frozen=True, slots=True)
class _Read:
    """One answer: as it was typed, what that is, or what the record holds instead."""

    typed: str
    value: Storage
    present: Storage
    wrong: str

    @classmethod
    def of(cls, at: Sitting, reader: Reader, ask: Ask, texts: Mapping[str, str], keeps: bool) -> _Read:
        typed, present = texts.get(ask.name, ""), at.present(ask) if keeps else None
        try:
            value = one(at, reader, ask, typed)
        except InvalidInput as error:
            return cls(typed, None, present, f"{error.message}{': ' + error.hint if error.hint else ''}")
        return cls(typed, present if value is None and not typed else value, present, "")

    def question(self, at: Sitting, reader: Reader, ask: Ask, answers: Mapping[str, Storage]) -> Question:
        target = ".".join((*ask.target.path, ask.target.property)) if ask.target is not None else ""
        present = said(at, ask, self.present) if self.present is not None else ""
        words = at.text(ask.question, answers)
        return Question(
            ask.name, words, ask.type, ask.required, target, present, self.typed, self.wrong, reader.example(ask.type),
            reader.options(ask.type),
        )  # fmt: skip


def texts_of(at: Sitting, reader: Reader, answers: Mapping[str, Storage]) -> dict[str, str]:
    """Answers of a saved talk as somebody would have typed them; the outcome among them."""
    types = {item.name: item.type for item in places(at.talk) if isinstance(item, Ask)}
    found = {name: reader.typed(types[name], value) for name, value in answers.items() if name in types}
    return found | ({OUTCOME: str(answers[OUTCOME])} if OUTCOME in answers and OUTCOME not in types else {})


def revised(form: Sheet, before: Mapping[str, str]) -> dict[str, str]:
    """What `edit` is to be told: the answers that are other than `before`, those taken away as empty text."""
    asked = [question.name for question in form.questions]
    return {name: form.typed.get(name, "") for name in asked if form.typed.get(name, "") != before.get(name, "")}
