"""One condition about one record, part by part: true or false, and the values and events behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsl.english.phrases import phrase
from dsl.program.conditions import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Consent,
    DateTest,
    EventMatch,
    Field,
    Happened,
    InDefinition,
    InSegment,
    Missing,
    Not,
    OneOf,
    Quantified,
    TextTest,
)

from .query.conditions import match_sql, predicate
from .query.scope import Params, Scope
from .query.values import Values
from .reading.values import instant, shown
from .store.ids import bucket_of
from .store.names import event_table, quoted
from .store.session import Session
from .times import edges


@dataclass(frozen=True, slots=True)
class Part:
    """`because`: the value, the count or the instant that decides; `parts`: what it is made of, `joined` by and, or or
    not; a segment's parts are joined by `is`, for it is what its condition says."""

    words: str
    holds: bool
    because: str = ""
    parts: tuple[Part, ...] = ()
    joined: str = ""

    @property
    def decisive(self) -> Part:
        """The smallest part that makes the whole what it is: of an `and` that does not hold the smallest part that
        does not, of an `or` that holds the smallest that does; where all parts are needed, the whole itself."""
        deciding = "or" if self.holds else "and"
        match self.joined:
            case "is" if self.parts and self.parts[0].holds == self.holds:
                return self.parts[0].decisive
            case "not" if self.parts:
                return self.parts[0].decisive
            case joined if joined == deciding:
                found = [part.decisive for part in self.parts if part.holds == self.holds]
                return min(found, key=lambda part: part.size, default=self)
        return self

    @property
    def size(self) -> int:
        """How many single tests it is made of."""
        return sum(part.size for part in self.parts) or 1


@dataclass(frozen=True, slots=True)
class Proof:
    """About the record `id` of the object `of` at instant `at`; `enrollment` where `since enrollment` may be read."""

    session: Session
    scope: Scope
    of: str
    id: int
    at: int
    enrollment: tuple[int, int] | None = None

    def __call__(self, c: Condition) -> Part:
        joined, parts = _parts(c, self.scope)
        return Part(phrase(c), self._holds(c), self._because(c), tuple(self(part) for part in parts), joined)

    # --- judged by the same SQL as the engine's -----------------------------------------------

    def _holds(self, c: Condition) -> bool:
        made = predicate(self.scope, c, self.of, "s", "e")
        return bool(self._one(f"CASE WHEN {made.sql} THEN 1 ELSE 0 END", made.at(self.at)))

    def _one(self, sql: str, values: dict[str, object]) -> object:
        """One expression about the record `s` and its enrollment `e` (all NULL where there is none)."""
        bucket, number = self.enrollment or (-1, -1)
        rows = self.session.bound(
            f"SELECT {sql} FROM {quoted(self.of)} s LEFT JOIN segue_enrollment e ON e.bucket = :e_bucket AND"
            " e.id = :e_id WHERE s.bucket = :s_bucket AND s.id = :s_id",
            values | {"s_bucket": bucket_of(self.id), "s_id": self.id, "e_bucket": bucket, "e_id": number},
        )
        return rows[0][0] if rows else None

    # --- why ----------------------------------------------------------------------------------

    def _because(self, c: Condition) -> str:
        match c:
            case Compare(left, _, right) | TextTest(left, _, right):
                return ", ".join(self._value(v) for v in (left, right) if isinstance(v, Field))
            case Between(left) | OneOf(left) | Missing(left) | DateTest(left):
                return self._value(left) if isinstance(left, Field) else ""
            case Happened():
                return self._events(c)
            case Quantified():
                return self._linked(c)
            case InSegment():
                return self._member(c)
            case Consent():
                return self._consent(c)
            case InDefinition():
                return ""
        return ""

    def _value(self, field: Field) -> str:
        params = Params()
        values = Values(self.scope, params, "e")
        values.objects["s"] = self.of
        found = self._one(values.sql(field, "s"), params.at(self.at))
        name = ".".join((*field.path, field.property))
        return f"{name} is {'missing' if found is None else shown(found, field.type, self.scope.zone)}"

    def _events(self, c: Happened) -> str:
        count, last = 0, None
        for kind in self.scope.kinds(c.match.event):
            params = Params()
            single = EventMatch(kind, c.match.filter, 1, c.match.machines)
            holds = match_sql(self.scope, single, self.of, "s", "v", params, "e")
            after = f" AND v.at > {self._after(c, params)}" if c.within or c.since_enrollment else ""
            rows = (
                f"FROM {quoted(event_table(kind))} v WHERE v.bucket = s.bucket AND v.record_id = s.id"
                f" AND v.at <= :until{after} AND {holds}"
            )
            values = params.at(self.at) | {"until": self.at}
            n = self._one(f"(SELECT count(*) {rows})", values)
            latest = self._one(f"(SELECT max(v.at) {rows})", values)
            count += n if isinstance(n, int) else 0
            last = max(filter(None, (last, latest if isinstance(latest, int) else None)), default=None)
        if last is None:
            return "never"
        when = instant(last, self.scope.zone)
        return f"once, at {when}" if count == 1 else f"{count:,} times, the last at {when}"

    def _after(self, c: Happened, params: Params) -> str:
        if c.within is None:
            return "e.enrolled_at"
        return params.const(edges.cut(self.at, c.within, self.scope.zone))

    def _linked(self, c: Quantified) -> str:
        every, fitting = (self._count(replace(c, condition=inner)) for inner in (None, c.condition))
        of = ".".join(c.path)
        return f"{every} of {of}" if c.condition is None else f"{fitting} of {every} {of} fit"

    def _count(self, c: Quantified) -> object:
        low, high = 0, 1
        while high <= 1 << 20 and self._holds(replace(c, quantifier="count", op=">=", number=high)):
            low, high = high, high * 2
        while low + 1 < high:
            middle = (low + high) // 2
            more = self._holds(replace(c, quantifier="count", op=">=", number=middle))
            low, high = (middle, high) if more else (low, middle)
        return low

    def _member(self, c: InSegment) -> str:
        rows = self.session.run(
            "SELECT joined_at, left_at FROM segue_membership WHERE segment_id = :segment AND bucket = :bucket"
            " AND id = :id ORDER BY joined_at DESC LIMIT 1",
            segment=self.scope.segment_ids[c.segment], bucket=bucket_of(self.id), id=self.id,
        )  # fmt: skip
        if not rows:
            return "never was"
        joined, left = (instant(at, self.scope.zone) for at in rows[0])
        return f"since {joined}" if not left else f"from {joined} to {left}"

    def _consent(self, c: Consent) -> str:
        rows = self.session.run(
            "SELECT state, at FROM segue_consent WHERE bucket = :bucket AND id = :id AND topic = :topic",
            bucket=bucket_of(self.id), id=self.id, topic=c.topic,
        )  # fmt: skip
        return (
            f"{rows[0][0].replace('_', ' ')} at {instant(rows[0][1], self.scope.zone)}"
            if rows
            else "no choice on record"
        )


def _parts(c: Condition, scope: Scope) -> tuple[str, tuple[Condition, ...]]:
    """What a condition is made of and how that is joined; of a segment its own condition."""
    match c:
        case All(parts):
            return "and", parts
        case AnyOf(parts):
            return "or", parts
        case Not(part):
            return "not", (part,)
        case InSegment(name, negated) if name in scope.program.segments:
            condition = scope.program.segments[name].condition
            if condition is not None:
                return "not" if negated else "is", (condition,)
    return "", ()
