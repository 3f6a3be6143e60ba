"""Which items of a conversation are there, by the answers so far and the record it is about (P4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsl.program.blocks import Merge, Text
from dsl.program.conditions import AnswerValue, Condition
from dsl.program.conversations import Ask, Conversation, Say, When
from dsl.program.parts import parts
from dsl.schema.model import Kind, Type

from ..channels.templates import Renderer
from ..channels.values import Formats
from ..query.conditions import Writer
from ..query.said import Said
from ..query.scope import Params, Scope
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session
from ..store.values import Storage

Item = Say | Ask | When
SCORE, OUTCOME = "score", "outcome"  # answers that are there without a question


@dataclass(frozen=True)
class Sitting:
    """A conversation with one record at the instant `at`. `record` None: nobody knows yet whose it is (X27); `person`:
    id of the contact on the line (X20). Answers are in the store's encoding, by name."""

    session: Session
    scope: Scope
    talk: Conversation
    record: int | None
    person: int | None
    at: int

    def shown(self, answers: Mapping[str, Storage]) -> tuple[Say | Ask, ...]:
        """What is said and asked, in order. An answer to a question that is not asked counts for nothing."""
        seen = {name: answers.get(name) for name in (SCORE, OUTCOME) if name in answers and not self._asked(name)}
        return tuple(self._walk(self.talk.items, answers, seen))

    def _asked(self, name: str) -> bool:
        return any(ask.name == name for ask in asks_in(self.talk.items))

    def _walk(
        self, items: Sequence[Item], answers: Mapping[str, Storage], seen: dict[str, Storage]
    ) -> Iterator[Say | Ask]:
        for item in items:
            match item:
                case When(condition, inner):
                    if self.holds(condition, seen):
                        yield from self._walk(inner, answers, seen)
                case Ask():
                    yield item
                    seen[item.name] = answers.get(item.name)
                case Say():
                    yield item

    # --- asked of the store -----------------------------------------------------------------------

    def holds(self, condition: Condition, answers: Mapping[str, Storage]) -> bool:
        writer = self._writer(answers)
        sql = writer.condition(condition, self.talk.object, "s")
        return bool(self._read([f"CASE WHEN {sql} THEN 1 ELSE 0 END"], writer.params)[0])

    def text(self, text: Text, answers: Mapping[str, Storage]) -> str:
        """What is said, with its merge fields filled in."""
        writer = self._writer(answers)
        values = writer.values
        merged = [part for part in text.parts if isinstance(part, Merge)]
        sql = [values.sql(m.value, "s") if m.value is not None else self._builtin(m, writer.params) for m in merged]
        row = self._read(sql, writer.params) if sql else ()
        renderer = Renderer(Formats.of(self.scope.program.project), self.scope.schema)
        return renderer.plain(text, [tuple(row)])[0]

    def _builtin(self, merge: Merge, params: Params) -> str:
        """What is the account's own; there is no sender and no mail here."""
        project = self.scope.program.project
        account = {"account.name": project.name, "account.postal_address": project.account.postal_address}
        return f"CAST({params.const(account.get(merge.builtin))} AS TEXT)"

    def present(self, ask: Ask) -> Storage:
        """What the property that a question is bound to holds now, where that is an answer to it; None without one."""
        if ask.target is None:
            return None
        writer = self._writer({})
        found = self._read([writer.values.sql(ask.target, "s")], writer.params)[0]
        held = stored(ask.type.kind, found) if found is not None else None
        options = str(held).strip(";").split(";") if ask.type.options and held is not None else []
        return held if set(options) <= set(ask.type.options) else None

    def target(self, path: tuple[str, ...]) -> int | None:
        """The id of the record at the end of a path of a question's target; None where there is none."""
        if not path:
            return self.record
        writer = self._writer({})
        joins, end = writer.values.hops(path, self.talk.object, "s")
        found = self._read([f"(SELECT {end}.id {joins} LIMIT 1)"], writer.params)[0]
        return int(str(found)) if found is not None else None

    def _writer(self, answers: Mapping[str, Storage]) -> Writer:
        writer = Writer(self.scope, Params(), None)
        writer.values.said = Said(answers, self.person)
        writer.values.objects["s"] = self.talk.object
        return writer

    def _read(self, columns: Sequence[str], params: Params) -> Sequence[object]:
        """SQL values about the record `s`, whose own are all missing where it is not known."""
        id_ = self.record or 0
        sql = (
            f"SELECT {', '.join(columns)} FROM (SELECT 1 AS one) a LEFT JOIN {quoted(self.talk.object)} s"
            " ON s.bucket = :s_bucket AND s.id = :s_id"
        )
        return self.session.bound(sql, params.at(self.at) | {"s_bucket": bucket_of(id_), "s_id": id_})[0]


def stored(kind: Kind, value: object) -> Storage:
    """A value as both databases hand it over, in the store's encoding."""
    if kind is Kind.BOOL:
        return bool(value)
    if kind in (Kind.NUMBER, Kind.PERCENT):
        number = float(str(value))
        return int(number) if number == int(number) else number
    return value if isinstance(value, int) else str(value)


def asks_in(items: Sequence[Item]) -> Iterator[Ask]:
    """All questions in the order written."""
    for item in items:
        if isinstance(item, Ask):
            yield item
        elif isinstance(item, When):
            yield from asks_in(item.items)


def asks(talk: Conversation) -> dict[str, Ask]:
    """All that a conversation wants answered, by name; of a survey first the score on its scale."""
    found = {ask.name: ask for ask in asks_in(talk.items)}
    if talk.scale is None:
        return found
    question = Text((talk.label or talk.name,))
    return {SCORE: Ask(SCORE, question, Type(Kind.NUMBER), target=talk.scale.target, required=True)} | found


def reads_outcome(talk: Conversation) -> bool:
    """Whether what is asked depends on how the talk ended, so that this must be known first."""
    return any(isinstance(part, AnswerValue) and part.name == OUTCOME for part in parts(talk.items))
