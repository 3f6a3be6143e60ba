"""Everybody for whom a condition holds, for when all records are judged: at going live, after an edit, in an audit.

`conditions.py` writes a predicate about one record, which is right for the few that were touched. Asked of everybody it
would look into the events of each in turn. Here the parts that speak of events are sets of their own, each made by one
walk over what holds it, in the order of the records' keys (`sources.py`); a condition puts them together (decision
0021):

- a part that holds for few drives: the other parts are judged, as predicates, for those few alone;
- else the sets are intersected and subtracted, which SQLite does by merging what comes in order.

Which part holds for few is guessed from its form, not from the database's figures, so that plans stay what tests pin.
"""

from __future__ import annotations

from math import prod

from dsl.program.conditions import (
    Aggregate,
    All,
    AnyOf,
    Changed,
    Compare,
    Condition,
    Consent,
    Const,
    CountOf,
    Field,
    Happened,
    InDefinition,
    InSegment,
    Not,
    OneOf,
    Quantified,
    ScoreValue,
    WasEver,
    WasMember,
)
from dsl.program.parts import parts

from ..store.names import quoted
from .conditions import Predicate, Writer
from .happenings import unfiltered
from .scope import Params, Scope
from .sources import Part, Sources

_FEW = 0.2  # of all records: up to here a part drives
_READ = 0.03  # to read all records for those whose own properties are right costs as much as to look up so many
_EQUAL, _OTHER = 0.12, 0.5  # the guessed share of those for whom a test of a property holds


def everybody(scope: Scope, condition: Condition, object_name: str) -> Predicate:
    """SQL of (bucket, id) of the records of `object_name` for which the condition holds."""
    params = Params()
    return Predicate(_Everybody(scope, params, object_name).those(condition), params)


# What is found out in other tables than the record's own.
_ELSEWHERE = (Aggregate, Changed, Consent, CountOf, Happened, InDefinition, InSegment, Quantified, ScoreValue, WasEver,
              WasMember)  # fmt: skip


class _Everybody:
    def __init__(self, scope: Scope, params: Params, of: str) -> None:
        self.of, self.writer = of, Writer(scope, params, None)
        self.sources = Sources(self.writer, of)
        self.table = quoted(of)

    def those(self, c: Condition) -> str:
        """SELECT of (bucket, id), each record once."""
        if isinstance(c, AnyOf) and self._part(c) is None and any(map(self._speaks_of_events, c.parts)):
            found = [self._part(part) for part in c.parts]
            held = [part.few for part in found if part is not None and part.holds and part.share <= _FEW]
            if len(held) == len(found):  # first who it may be, each once; then their records
                union = " UNION ".join(map(_inner, held))
                return self._driven(c, Part(union, union, 1.0), ())
            return " UNION ".join(_inner(self.those(part)) for part in c.parts)
        return self._all(c.parts if isinstance(c, All) else (c,))

    def _all(self, parts: tuple[Condition, ...]) -> str:
        sets = [(c, part) for c in parts if (part := self._part(c)) is not None]
        tests = tuple(c for c in parts if all(c is not known for known, _ in sets))
        few = prod(_share(c) for c in tests if self._is_own(c)) + _READ
        # PostgreSQL may turn the join round, or hash what is not few: then from the records to the set.
        joins = self.writer.scope.dialect == "postgresql"
        drivers = sorted((s for s in sets if s[1].holds and (joins or s[1].share <= _FEW)), key=lambda s: s[1].share)
        if drivers and (joins or drivers[0][1].share <= few):
            return self._driven(*drivers[0], parts)
        if not sets or few <= _EQUAL + _READ:
            return f"{self._records()} WHERE {self._judged(parts)}"
        return self._merged(tests, [part for _, part in sets])

    def _driven(self, driver: Condition, part: Part, parts: tuple[Condition, ...]) -> str:
        """From the few of one part to their records; the other parts are judged for them."""
        others = tuple(c for c in parts if c is not driver)
        held = f" AND {self._judged(others)}" if others else ""
        return (
            f"SELECT s.bucket, s.id FROM ({part.few}) d CROSS JOIN {self.table} s"
            f" WHERE s.bucket = d.bucket AND s.id = d.id{held}"
        )

    def _merged(self, tests: tuple[Condition, ...], parts: list[Part]) -> str:
        held = f" WHERE {self._judged(tests)}" if tests else ""
        sql = f"{self._records()}{held}"
        # First what is kept, then what goes: PostgreSQL binds INTERSECT closer than EXCEPT.
        for part in sorted(parts, key=lambda p: not p.holds):
            sql += f" {'INTERSECT' if part.holds else 'EXCEPT'} {part.in_order}"
        return f"{sql} ORDER BY 1, 2"

    def _records(self) -> str:
        return f"SELECT s.bucket, s.id FROM {self.table} s"

    def _judged(self, parts: tuple[Condition, ...]) -> str:
        """SQLite asks in the order of the text: what costs little goes first, so that less is left for the rest."""
        return " AND ".join(self.writer.condition(part, self.of, "s") for part in sorted(parts, key=self._cost))

    def _cost(self, c: Condition) -> int:
        """What is read of a record to judge it: 0 itself, 1 single rows that are kept of it, 2 more."""
        elsewhere = [part for part in parts(c) if isinstance(part, _ELSEWHERE)]
        if all(isinstance(p, InSegment) or (isinstance(p, Happened) and unfiltered(p.match)) for p in elsewhere):
            return 0 if self._is_own(c) else 1
        return 2

    def _is_own(self, c: Condition) -> bool:
        """Whether the record says it itself. What others say is looked up for each: no way to find a few."""
        return not any(isinstance(part, _ELSEWHERE) or self._is_away(part) for part in parts(c))

    def _is_away(self, part: object) -> bool:
        if not isinstance(part, Field):
            return False
        derived = self.writer.scope.schema.objects[part.object].properties[part.property].derived
        return bool(part.path) or (derived is not None and derived.startswith("last_"))

    # --- parts as sets ------------------------------------------------------------------------

    def _part(self, c: Condition) -> Part | None:
        """A part as a set; None for one that is better judged record by record."""
        found = self.sources.part(c)
        if found is not None:
            return found
        if isinstance(c, Not) and self._speaks_of_events(c.part):
            inner = self._part(c.part)
            if inner is not None:
                return Part(inner.few, inner.in_order, 1 - inner.share, not inner.holds)
        if isinstance(c, AnyOf) and all(self._speaks_of_events(p) for p in c.parts):
            sets = [part.few if (part := self._part(p)) and part.holds else self.those(p) for p in c.parts]
            union = " UNION ".join(map(_inner, sets))
            share = min(1.0, sum(part.share if (part := self._part(p)) and part.holds else 0.5 for p in c.parts))
            return Part(union, _inner(union), share) if share <= _FEW else None
        return None

    def _speaks_of_events(self, c: Condition) -> bool:
        """Whether some of it is a set."""
        if isinstance(c, All | AnyOf):
            return any(map(self._speaks_of_events, c.parts))
        return self._speaks_of_events(c.part) if isinstance(c, Not) else self.sources.part(c) is not None


def _inner(sql: str) -> str:
    """As one operand among others: with its own order and set operations inside."""
    return f"SELECT q.bucket, q.id FROM ({sql}) q"


def _share(c: Condition) -> float:
    match c:
        case Compare(_, "=", Const()) | OneOf(negated=False):
            return _EQUAL
        case All(parts):
            return prod(map(_share, parts))
    return _OTHER
