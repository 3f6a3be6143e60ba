"""Where a part of a condition that speaks of events has its records from, when everybody is judged (`everybody.py`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsl.program.conditions import (
    Aggregate,
    Ago,
    AnyOf,
    Between,
    Compare,
    Condition,
    Const,
    DateTest,
    Duration,
    EventMatch,
    Field,
    Happened,
    InPeriod,
    InSegment,
    OneOf,
    Unit,
    Value,
)
from dsl.program.parts import parts
from dsl.schema.model import Kind

from ..store.names import event_table, quoted
from .conditions import Writer
from .happenings import CREATED, unfiltered, worked_out
from .reads import event_reads
from .scope import ACTED
from .values import last_of

_DAYS = {Unit.MINUTES: 1 / 1440, Unit.HOURS: 1 / 24, Unit.DAYS: 1.0, Unit.WEEKS: 7.0, Unit.MONTHS: 30.0,
         Unit.YEARS: 365.0}  # fmt: skip
_SHORT = 14  # days: a window up to here is read by the index on the instant, a longer one with its whole table
_HALF, _LONG_AGO, _SOME = 0.5, 0.3, 0.15  # of all records: did it at all; not lately; any other test of a value
_FILTERED, _AGAIN = 0.25, 0.6  # what a filter, and each further time, leave of those who did it at all


@dataclass(frozen=True)
class Part:
    """A set of records: `few` is its SELECT of (bucket, id) where it drives, `in_order` where it is merged with others;
    `share` is a guess at how many of all records it has. Not `holds`: the part is true of all others."""

    few: str
    in_order: str
    share: float
    holds: bool = True


class Sources:
    def __init__(self, writer: Writer, of: str) -> None:
        self.writer, self.of = writer, of
        self.scope, self.params = writer.scope, writer.params
        # Keeps SQLite from an index; PostgreSQL knows better how many a window holds, and goes by that.
        self.walked = "+" if self.scope.dialect == "sqlite" else ""

    def part(self, c: Condition) -> Part | None:
        match c:
            case Happened():
                return self._happened(c)
            case AnyOf(parts):
                return self._together(parts)
            case InSegment(name, negated):
                return self._members(name, negated)
            case Compare(left, op, Const() as right) if isinstance(left, Aggregate) and left.function in (
                "count",
                "sum",
            ):
                if isinstance(right.value, int | float) and self._alone(left.match):
                    return self._number(c, left, _holds_at_nought(op, right.value))
        return self._valued(c)

    # --- has ----------------------------------------------------------------------------------

    def _happened(self, c: Happened) -> Part | None:
        if c.since_enrollment or c.since is not None or c.match.event == CREATED:
            return None
        share = _share(c)
        if unfiltered(c.match) and (c.match.at_least == 1 or c.within is None):
            count = f"u.count >= {self.params.const(c.match.at_least)}" if c.match.at_least > 1 else ""
            part = self._kept((c.match.event,), [count], "u.last_at", c.within, share)
        elif self._alone(c.match):
            part = self._grouped([c], c.within, share)
        else:
            return None
        return replace(part, holds=not c.negated)

    def _together(self, parts: tuple[Condition, ...]) -> Part | None:
        """Several things about one kind of event in one window are one walk over it."""
        found = [p for p in parts if isinstance(p, Happened) and not p.negated and self._alone(p.match)]
        if len(found) < len(parts) or len({(p.match.event, p.within) for p in found}) > 1:
            return None
        if any(p.since_enrollment or p.since is not None or unfiltered(p.match) for p in found):
            return None
        return self._grouped(found, found[0].within, min(1.0, sum(map(_share, found))))

    def _grouped(self, wanted: list[Happened], within: Duration | None, share: float) -> Part:
        """Those with so many events, counted in one walk."""
        filters = [self._filter(c.match) for c in wanted]
        held = filters[0]
        if len(wanted) == 1:
            often = wanted[0].match.at_least
            having = f" HAVING count(*) >= {self.params.const(often)}" if often > 1 else ""
        else:
            held = "TRUE"  # most events of such a walk are of one or the other
            counts = [
                f"count(CASE WHEN {held} THEN 1 END) >= {self.params.const(c.match.at_least)}"
                for c, held in zip(wanted, filters, strict=True)
            ]
            having = f" HAVING {' OR '.join(counts)}"
        return self._walk(wanted[0].match.event, held, within, having, share)

    # --- values -------------------------------------------------------------------------------

    def _number(self, c: Compare, v: Aggregate, holds_at_nought: bool) -> Part | None:
        """A count or sum; who has no event has nought. Where that is enough, the set is of those who have too much."""
        if v.since_enrollment:
            return None
        if holds_at_nought:
            c = replace(c, op=_OPPOSITE[c.op])
        share = _SOME
        if v.function == "count" and unfiltered(v.match) and v.within is None:
            part = self._kept((v.match.event,), [self._test(c, v, "u.count")], "", None, share)
        else:
            total = "count(*)" if v.function == "count" else worked_out(v, f"v.{quoted(v.field)}")
            having = f" HAVING {self._test(c, v, total)}"
            part = self._walk(v.match.event, self._filter(v.match), v.within, having, share)
        return replace(part, share=1 - share if holds_at_nought else share, holds=not holds_at_nought)

    def _valued(self, c: Condition) -> Part | None:
        """A test of one value that is missing where there was no event: then it does not hold."""
        v = _one_value(c)
        if isinstance(v, Field):
            return self._derived(c, v)
        if not isinstance(v, Aggregate) or v.since_enrollment or not self._alone(v.match):
            return None
        if v.field == "at" and v.function in ("last", "max") and unfiltered(v.match):
            return self._kept((v.match.event,), [self._test(c, v, "u.last_at")], "u.last_at", v.within, _at_last(c))
        if v.function in ("min", "max", "avg") and v.type.kind is not Kind.TEXT:
            having = f" HAVING {self._test(c, v, worked_out(v, f'v.{quoted(v.field)}'))}"
            return self._walk(v.match.event, self._filter(v.match), v.within, having, _SOME)
        if v.function in ("first", "last") and not v.match.machines:
            test = self.writer.condition(c, self.of, "u")
            return self._kept((v.match.event,), [test], "u.last_at", v.within, 0.25)
        return None

    def _derived(self, c: Condition, v: Field) -> Part | None:
        """`last_purchase_at` and its like."""
        derived = self.scope.schema.objects[v.object].properties[v.property].derived
        if v.path or derived is None or not derived.startswith("last_"):
            return None
        kinds = last_of(self.scope, derived)
        return self._kept(kinds, [self._test(c, v, "u.last_at")], "", None, _at_last(c)) if len(kinds) == 1 else None

    def _test(self, c: Condition, value: Value, sql: str) -> str:
        """The test with `sql` where the value stands."""
        with self.writer.values.standing_for(value, sql):
            return self.writer.condition(c, self.of, "u")

    # --- walks --------------------------------------------------------------------------------

    def _kept(
        self, kinds: tuple[str, ...], tests: list[str], column: str, within: Duration | None, share: float
    ) -> Part:
        """Over what is kept per record and kind: by its index where few are asked for, else in its own order."""
        after = self._after(within)
        where = " AND ".join(filter(None, [f"u.event = {self.params.const(kinds[0])}", *tests]))
        rows = f"SELECT u.bucket, u.id FROM segue_activity u WHERE {where}"
        by_index, in_order = (f" AND {mark}{column} > {after}" if after else "" for mark in ("", self.walked))
        return Part(rows + by_index, rows + in_order, share)

    def _walk(self, kind: str, held: str, within: Duration | None, having: str, share: float) -> Part:
        """Over the events of a kind: those of a short window by their instant, else all in the order of the records."""
        rows = f"SELECT v.bucket, v.record_id AS id FROM {quoted(event_table(kind))} v WHERE"
        if within is None:
            whole = f"{rows} {held} GROUP BY v.bucket, v.record_id{having}"
            return Part(whole, whole, share)
        after = self._after(within)
        whole = f"{rows} {self.walked}v.at > {after} AND {held} GROUP BY v.bucket, v.record_id{having}"
        if _days(within) > _SHORT:
            return Part(whole, whole, share)
        # SQLite would rather read the whole table in the order of the groups than sort the few of a window.
        few = f"{rows} v.at > {after} AND {held} GROUP BY {self.walked}v.bucket, {self.walked}v.record_id{having}"
        return Part(few, whole, share)

    def _after(self, within: Duration | None) -> str:
        return self.writer.happenings.after(within, since_enrollment=False)

    def _filter(self, match: EventMatch) -> str:
        return self.writer.happenings.filter(match, match.event, self.of, "s", "v")

    def _alone(self, match: EventMatch) -> bool:
        """One kind of event, and a filter that looks at nothing but it: not at others of the same kind either."""
        if match.event in (ACTED, CREATED) or any(isinstance(part, Aggregate) for part in parts(match.filter)):
            return False
        return all(read.token == f"event {match.event}" for read in event_reads(self.scope, match, self.of))

    def _members(self, name: str, negated: bool) -> Part:
        number = self.params.const(self.scope.segment_ids[name])
        sql = f"SELECT m.bucket, m.id FROM segue_membership m WHERE m.segment_id = {number} AND m.left_at IS NULL"
        return Part(sql, sql, _SOME, holds=not negated)


def _one_value(c: Condition) -> Value | None:
    """The value a test is about, where all it is held against is fixed."""
    match c:
        case Compare(left, _, right):
            others: tuple[Value, ...] = (right,)
        case Between(left, low, high):
            others = (low, high)
        case DateTest(left) | InPeriod(left) | OneOf(left, negated=False):
            others = ()
        case _:
            return None
    return left if all(isinstance(other, Const | Ago) for other in others) else None


_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _holds_at_nought(op: str, number: float) -> bool:
    return {"=": number == 0, "!=": number != 0, "<": number > 0, "<=": number >= 0, ">": number < 0,
            ">=": number <= 0}[op]  # fmt: skip


def _share(c: Happened) -> float:
    """Of ten records five have done a thing at all, and one half of them in the last four months."""
    share = _HALF if c.within is None else _within(c.within)
    if c.match.event == ACTED:
        share *= 2
    if c.match.filter is not None:
        share *= _FILTERED
    return share * float(_AGAIN ** (c.match.at_least - 1))


def _at_last(c: Condition) -> float:
    """A test of when something was done last."""
    match c:
        case DateTest(_, "within", length):
            return _within(length)
        case DateTest(_, "older_than"):
            return _LONG_AGO
    return _SOME


def _within(length: Duration) -> float:
    return min(_HALF, _days(length) / 240)


def _days(length: Duration) -> float:
    return length.n * _DAYS[length.unit]
