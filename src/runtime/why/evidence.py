"""What lies behind a condition about one record: the values, counts, events and instants that decide it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from dsl.english.phrases import aggregate as named
from dsl.english.phrases import event, phrase
from dsl.english.phrases import value as written
from dsl.program.conditions import (
    Aggregate,
    Between,
    Changed,
    Compare,
    Condition,
    Consent,
    ContainsList,
    CountOf,
    DateTest,
    Duration,
    EventMatch,
    Field,
    Happened,
    InDefinition,
    InPeriod,
    InSegment,
    Matches,
    Missing,
    Moved,
    OneOf,
    Quantified,
    ScoreValue,
    TextTest,
    Value,
    WasEver,
    WasMember,
)
from dsl.schema.model import Kind

from ..query.conditions import match_sql, predicate, value_sql
from ..query.happenings import CREATED
from ..query.points import Points
from ..query.scope import Params, Scope
from ..query.values import Values
from ..reading.values import instant, shown
from ..store.ids import bucket_of
from ..store.names import event_table, quoted
from ..store.session import Session
from ..times import edges
from .past import Past


@dataclass(frozen=True, slots=True)
class Evidence:
    """About the record `id` of the object `of` at instant `at`; `enrollment` where `since enrollment` may be read."""

    session: Session
    scope: Scope
    of: str
    id: int
    at: int
    enrollment: tuple[int, int] | None = None

    # --- judged by the same SQL as the engine's -----------------------------------------------

    def holds(self, c: Condition) -> bool:
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

    def because(self, c: Condition) -> str:
        match c:
            case Compare(left, _, right) | TextTest(left, _, right):
                return self._values(left, right)
            case Between(left, low, high):
                return self._values(left, low, high)
            case OneOf(left) | Missing(left) | DateTest(left) | InPeriod(left) | Matches(left) | ContainsList(left):
                return self._values(left)
            case Happened(since=None):
                return self._events(c.match, c.within, c.since_enrollment)
            case Happened(match, since=Aggregate() as since):
                return self._since(match, since)
            case Moved(left):
                return self._values(left)
            case Quantified():
                return self._linked(c)
            case Consent():
                return self._consent(c)
        return self._past(c)

    def _past(self, c: Condition) -> str:
        past = Past(self.session, self.scope.zone)
        match c:
            case WasEver(left) | Changed(left):
                id_ = self._target(left)
                if id_ is None:
                    return f"no {left.path[-1]}"
                return past.values(left, id_, self._values(left)) if isinstance(c, WasEver) else past.change(left, id_)
            case InSegment(name) | WasMember("segment", name):
                return past.membership(self.scope.segment_ids[name], self.id)
            case InDefinition(kind, name) | WasMember(kind, name):
                return past.enrollment(self.scope.definition_ids.get((kind, name), -1), self.id, self.at)
        return ""

    def _target(self, field: Field) -> int | None:
        """The record that has the property."""
        if not field.path:
            return self.id
        joins, end = Values(self.scope, Params()).hops(field.path, self.of, "s")
        found = self._one(f"(SELECT {end}.id {joins} LIMIT 1)", {})
        return found if isinstance(found, int) else None

    # --- values -------------------------------------------------------------------------------

    def _values(self, *values: Value) -> str:
        told = [self._value(v) for v in values if isinstance(v, Field | Aggregate | CountOf | ScoreValue)]
        return ", ".join(told)

    def _value(self, v: Field | Aggregate | CountOf | ScoreValue) -> str:
        found = self.worked_out(v)
        said = f"{written(v)} is {'missing' if found is None else shown(found, v.type, self.scope.zone)}"
        if isinstance(v, ScoreValue) and found is not None:
            said += f" ({self._shares(v)})"
        if isinstance(v, Aggregate) and v.function in ("sum", "avg", "min", "max"):
            count = self.worked_out(Aggregate("count", v.match, "", v.type, v.within, v.since_enrollment))
            said += f" over {count:,} {'event' if count == 1 else 'events'}" if count else " without an event"
        return said

    def _shares(self, v: ScoreValue) -> str:
        """What each rule gives at this instant (X35)."""
        params = Params()
        sql = Points(self.scope, params).shares(v.score, "a.bucket = :bucket AND a.id = :id AND a.at <= :at")
        own = {"bucket": bucket_of(self.id), "id": self.id, "at": self.at}
        told, rules = [], self.scope.program.scores[v.score].rules
        for number, count, hundredths in self.session.bound(sql, params.at(self.at) | own):
            points, rule = f"{hundredths / 100:+g}", rules[number]
            if rule.match is not None:
                told.append(f"{points} for {event(rule.match)}, {'once' if count == 1 else f'{count:,} times'}")
            elif rule.condition is not None and hundredths:
                told.append(f"{points} while {phrase(rule.condition)}")
        return "; ".join(told)

    def worked_out(self, v: Value) -> object:
        """The value as it is stored; None where it is missing."""
        params = Params()
        found = self._one(value_sql(self.scope, v, self.of, params, "e"), params.at(self.at))
        if not isinstance(found, Decimal | float):
            return found
        whole = v.type.kind is Kind.MONEY or found == int(found)
        return round(found) if whole else float(found)

    # --- events -------------------------------------------------------------------------------

    def _since(self, match: EventMatch, since: Aggregate) -> str:
        start = self.worked_out(since)
        begun = f"{named(since)} is {'missing' if start is None else shown(start, since.type, self.scope.zone)}"
        return f"{self._events(match, after=start)}, {begun}" if isinstance(start, int) else begun

    def _events(
        self,
        match: EventMatch,
        within: Duration | None = None,
        since_enrollment: bool = False,
        after: int | None = None,
    ) -> str:
        """How often it happened, and when last."""
        count, last = 0, None
        if within is not None:
            after = edges.cut(self.at, within, self.scope.zone)
        for kind in self.scope.kinds(match.event):
            params = Params()
            holds = match_sql(self.scope, match, kind, self.of, params, "e")
            begin = "e.enrolled_at" if since_enrollment else params.const(after) if after is not None else ""
            theirs = f"{quoted(event_table(kind))} v WHERE v.bucket = s.bucket AND v.record_id = s.id"
            if kind == CREATED:  # an event without a table
                theirs = "(SELECT s.created_at AS at) v WHERE TRUE"
            rows = f"FROM {theirs} AND v.at <= :until{f' AND v.at > {begin}' if begin else ''} AND {holds}"
            values = params.at(self.at) | {"until": self.at}
            n = self._one(f"(SELECT count(*) {rows})", values)
            latest = self._one(f"(SELECT max(v.at) {rows})", values)
            count += n if isinstance(n, int) else 0
            last = max(filter(None, (last, latest if isinstance(latest, int) else None)), default=None)
        if last is None:
            return "never"
        when = instant(last, self.scope.zone)
        return f"once, at {when}" if count == 1 else f"{count:,} times, the last at {when}"

    # --- links, consent -----------------------------------------------------------------------

    def _linked(self, c: Quantified) -> str:
        every, fitting = (self._count(replace(c, condition=inner)) for inner in (None, c.condition))
        of = ".".join(c.path)
        return f"{every} of {of}" if c.condition is None else f"{fitting} of {every} {of} fit"

    def _count(self, c: Quantified) -> object:
        low, high = 0, 1
        while high <= 1 << 20 and self.holds(replace(c, quantifier="count", op=">=", number=high)):
            low, high = high, high * 2
        while low + 1 < high:
            middle = (low + high) // 2
            more = self.holds(replace(c, quantifier="count", op=">=", number=middle))
            low, high = (middle, high) if more else (low, middle)
        return low

    def _consent(self, c: Consent) -> str:
        rows = self.session.run(
            "SELECT state, at FROM segue_consent WHERE bucket = :bucket AND id = :id AND topic = :topic",
            bucket=bucket_of(self.id), id=self.id, topic=c.topic,
        )  # fmt: skip
        if not rows:
            return "no choice on record"
        return f"{rows[0][0].replace('_', ' ')} at {instant(rows[0][1], self.scope.zone)}"
